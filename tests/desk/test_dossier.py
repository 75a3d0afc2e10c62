"""结果入卷: the clerk's one button; what came of an order lies in the case's file, and who put it there is known."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

from django.test import Client
from django.utils.http import urlencode

from songda.engine.proving import issuing
from songda.engine.reading import course
from songda.engine.standing import outcome_key, stand
from songda.evidence.models import Fact
from songda.filing.models import Service
from songda.lib import vault
from songda.lib.clock import now
from songda.methods.actions import keep_exhibit
from songda.methods.models import Exhibit, Paper
from tests.cast import DENG, World
from tests.desk.conftest import At
from tests.papers.reading import words


def served_by_mail(world: World) -> Service:
    service = world.service(replace(DENG, phone=""))
    world.later(minutes=11)
    world.mailed(service, "self")
    with world.here():
        keep_exhibit(service, kind="receipt", content=b"\xff\xd8\xff a receipt", media_type="image/jpeg")
        known = course(world.read(service))
        outcome = stand(known, now()).explanation.outcome
        assert outcome is not None
        key = outcome_key(outcome, known.facts)
    issuing.issue(world.court.id, service.id, key)
    return world.read(service)


def press(client: Client, service: Service) -> zipfile.ZipFile:
    answer = client.post(f"/orders/{service.order_id}/file/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_one_button_brings_list_proof_and_receipt_and_says_who_filed_them(world: World, at: At) -> None:
    service = served_by_mail(world)
    bundle = press(at(world.an), service)
    names = bundle.namelist()
    assert any("送达回证" in name for name in names)
    assert any("邮件回执" in name for name in names)
    with world.here():
        proof = Paper.objects.get(service=service, kind="proof")
        [fact] = Fact.objects.filter(name="result.filed", about=service.id)
    assert vault.get(proof.sha256) in [bundle.read(name) for name in names]
    assert fact.speaker_ref == str(world.an.id)
    listed = words(bundle.read("00-送达材料目录.pdf"))
    assert proof.sha256[:16] in listed
    page = at(world.an).get(f"/orders/{service.order_id}/").content.decode()
    assert f"{world.an.name}于" in page


def test_what_waits_for_the_file_has_a_tab_of_its_own(world: World, at: At) -> None:
    service = served_by_mail(world)
    where = f"/orders/?{urlencode({'tab': 'unfiled'})}"
    assert service.case.number in at(world.an).get(where).content.decode()
    press(at(world.an), service)
    assert service.case.number not in at(world.an).get(where).content.decode()


def test_filed_twice_is_told_once(world: World, at: At) -> None:
    service = served_by_mail(world)
    press(at(world.an), service)
    press(at(world.an), service)
    with world.here():
        assert Fact.objects.filter(name="result.filed", about=service.id).count() == 1


def test_what_is_missing_stands_in_the_list_with_its_digest(world: World, at: At) -> None:
    service = served_by_mail(world)
    with world.here():
        shown = Exhibit.objects.get(service=service, kind="receipt")
    vault.remove(shown.sha256, idle=timedelta(0))
    bundle = press(at(world.an), service)
    assert not any("邮件回执" in name for name in bundle.namelist())
    assert "仅存摘要" in words(bundle.read("00-送达材料目录.pdf"))


def test_an_order_without_a_result_has_nothing_to_file(world: World, at: At) -> None:
    service = world.service()
    page = at(world.an).get(f"/orders/{service.order_id}/").content.decode()
    assert "结果入卷" not in page
    answer = at(world.an).post(f"/orders/{service.order_id}/file/", follow=True)
    assert "还没有可以入卷的送达结果" in answer.content.decode()


def test_the_other_court_files_nothing_of_ours(world: World, at: At) -> None:
    service = served_by_mail(world)
    assert at(world.cheng).post(f"/orders/{service.order_id}/file/").status_code == 404
