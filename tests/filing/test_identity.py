"""Identity numbers, credit codes, telephones."""

import pytest

from songda.filing import identity
from songda.filing.identity import NotValid


@pytest.mark.parametrize(
    ("written", "kind", "document", "number"),
    [
        ("11010519491231002x", "person", "id_card", "11010519491231002X"),
        ("110105 19491231 002X", "person", "id_card", "11010519491231002X"),
        ("91110000600037341L", "organisation", "uscc", "91110000600037341L"),
        ("A123456（3）", "person", "hk_id", "A123456(3)"),
        ("H12345678", "person", "hk_macao_permit", "H12345678"),
        ("E12345678", "person", "passport", "E12345678"),
    ],
)
def test_a_possible_number_is_kept_in_one_written_form(written: str, kind: str, document: str, number: str) -> None:
    found = identity.identify(written, kind)
    assert (found.document, found.number) == (document, number)


@pytest.mark.parametrize(
    ("written", "kind", "why"),
    [
        ("110105194912310021", "person", "校验码"),
        ("11010519491331002X", "person", "出生日期|校验码"),
        ("1101051949123100", "person", "位数|格式"),
        ("91110000600037341M", "organisation", "校验码"),
        ("A123456(4)", "person", "校验码"),
        ("身份证", "person", "格式"),
    ],
)
def test_an_impossible_number_is_refused_without_repeating_it(written: str, kind: str, why: str) -> None:
    with pytest.raises(NotValid, match=why) as refusal:
        identity.identify(written, kind)
    assert written not in refusal.value.message


@pytest.mark.parametrize(
    ("written", "e164", "sort"),
    [
        ("138 0013 8000", "+8613800138000", "mobile"),
        ("+86 13800138000", "+8613800138000", "mobile"),
        ("028-85551234", "+862885551234", "landline"),
        ("+852 2123 4567", "+85221234567", "landline"),
    ],
)
def test_a_telephone_number_has_one_dialled_form(written: str, e164: str, sort: str) -> None:
    phone = identity.phone(written)
    assert (phone.e164, phone.sort) == (e164, sort)
    assert phone.takes_messages == (sort == "mobile")


@pytest.mark.parametrize("written", ["", "12", "abc", "1380013800", "99999999999", "028"])
def test_a_telephone_number_that_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(NotValid, match="电话号码"):
        identity.phone(written)
