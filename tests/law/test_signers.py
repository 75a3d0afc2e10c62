"""Who may sign for whom, and who never may.

民事诉讼法第八十八条, 法释〔2004〕13号第七、九条, 民诉法解释第一百三十、一百三十三条.
"""

import pytest

from songda.law.facts import SIGNERS
from tests.law.asking import ask, outcome

WAYS = {"visit": "direct", "window": "direct", "mail": "postal", "entrusted": "entrusted"}
RECEIVERS = {"self", "co_resident_adult", "agent", "named_receiver"}
OFFICE = {"self", "legal_representative", "principal", "mail_staff"}
GUARDIAN = {"guardian", "legal_representative"}  # RULES call the 法定代理人 a legal representative too

MAY_SIGN = [
    # recipient, papers, who may
    ({"kind": "person"}, "complaint", RECEIVERS),
    ({"kind": "person"}, "judgment", RECEIVERS),
    ({"kind": "person", "capacity": "none"}, "complaint", GUARDIAN | {"agent", "named_receiver"}),
    ({"kind": "person", "capacity": "limited"}, "complaint", GUARDIAN | {"agent", "named_receiver"}),
    ({"kind": "organisation"}, "complaint", OFFICE | {"agent", "named_receiver"}),
    ({"kind": "person"}, "mediation", {"self", "named_receiver"}),
    ({"kind": "person", "capacity": "none"}, "mediation", GUARDIAN),
    ({"kind": "organisation"}, "mediation", OFFICE | {"named_receiver"}),
    ({"kind": "person"}, "complaint mediation", {"self", "named_receiver"}),
    ({"kind": "person"}, "payment_order", {"self"}),
    ({"kind": "organisation"}, "payment_order", OFFICE),
]


def signed(signer, via="visit", **detail):
    return ("2026-03-04", "receipt.signed", {"signer": signer, "via": via, **detail})


@pytest.mark.parametrize("via", WAYS)
@pytest.mark.parametrize("signer", SIGNERS)
@pytest.mark.parametrize(("recipient", "papers", "may"), MAY_SIGN)
def test_a_signature_serves_where_the_signer_may_sign_and_nobody_otherwise(recipient, papers, may, signer, via):
    found = outcome(signed(signer, via), papers=papers, as_of="2026-03-10", **recipient)
    assert found == (f"served {WAYS[via]} 2026-03-04" if signer in may else None)


def test_a_spouse_at_home_who_sues_for_divorce_cannot_sign():
    found = ask(signed("opposing_party", "mail"))
    assert found["outcome"] is None
    assert "对方当事人" in found["explanation"]
    assert "法释〔2004〕13号第七条" in found["explanation"]


def test_a_spouse_coded_as_co_resident_is_known_by_name_among_the_parties():
    spouse = signed("co_resident_adult", "visit", name="邓某乙")
    assert outcome(spouse, parties=("邓某甲", "邓某乙")) is None
    assert outcome(spouse, parties=("邓某甲", "银行")) == "served direct 2026-03-04"


def test_a_spouse_sued_beside_him_is_not_against_him():
    spouse = signed("co_resident_adult", "visit", name="邓某乙")
    together = {"parties": ("某银行", "邓某甲", "邓某乙"), "roles": ("原告", "被告", "被告")}
    assert outcome(spouse, **together) == "served direct 2026-03-04"
    assert outcome(spouse, papers="judgment", **together) is None


def test_a_signature_that_serves_nobody_does_not_stand_in_the_way_of_one_that_does():
    later = ("2026-03-06", "receipt.signed", {"signer": "self", "via": "window"})
    assert outcome(signed("opposing_party"), later) == "served direct 2026-03-06"


def test_of_two_signatures_the_first_is_the_service():
    later = ("2026-03-06", "receipt.signed", {"signer": "self", "via": "window"})
    assert outcome(later, signed("co_resident_adult")) == "served direct 2026-03-04"


def test_a_missing_identity_number_is_a_defect_of_form_and_not_of_service():
    assert outcome(signed("self", "mail", id_number_given=False)) == "served postal 2026-03-04"


@pytest.mark.parametrize(
    ("signer", "may"),
    [("self", True), ("co_resident_adult", True), ("principal", True), ("agent", False), ("other", False)],
)
def test_criminal_papers_go_to_the_man_his_adult_family_or_the_head_of_his_workplace(signer, may):
    found = ask(signed(signer), procedure="criminal", papers="judgment")["outcome"]
    assert (found is not None) == may
    assert not may or found["articles"] == ("刑事诉讼法第一百零七条",)


def test_administrative_cases_use_civil_service_by_reference():
    articles = ask(signed("self"), procedure="administrative")["outcome"]["articles"]
    assert "行政诉讼法第一百零一条" in articles
