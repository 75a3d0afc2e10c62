"""Calls made up from the contract itself: whatever they say, the answer is one the contract knows, never a fault."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from songda.config.wsgi import application
from songda.courts import actions as courts
from tests import cast

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def contract(world: cast.World) -> Iterator[Any]:
    """The calls share this thread's connection and its transaction, so the end of a request must not close it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in signals:
        signal.connect(close_old_connections)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_no_call_within_the_contract_is_a_fault(world: cast.World, contract: Any, data: st.DataObject) -> None:
    key = courts.issue_key(world.court, world.an, "案件系统")
    operations = [one.ok() for one in contract.get_all_operations()]
    case = data.draw(data.draw(st.sampled_from(operations)).as_strategy())
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
