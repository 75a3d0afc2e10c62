"""The mail room for machines: the verdicts of a desk, by the same rules, each scan answered."""

import base64
from collections.abc import Callable

import pytest

from songda.courts.models import Court, Person
from songda.methods import postal
from songda.methods.models import Waybill
from tests import cast
from tests.api.conftest import Caller, problem, said
from tests.desk.mail_hands import NUMBER, again, facts, printed, sealed, state
from tests.desk.receipts import a_receipt

Keys = Callable[[Person, Court], Caller]


@pytest.fixture
def post(world: cast.World, key_for: Keys) -> Caller:
    """The post's own system, with the key of somebody who works in the mail room."""
    return key_for(world.zhou, world.court)


@pytest.fixture
def piece(world: cast.World) -> Waybill:
    return printed(world)


def test_a_piece_goes_from_the_count_into_the_carriers_hands(world: cast.World, post: Caller, piece: Waybill) -> None:
    assert said(post.post("/mail/counts", {"number": NUMBER, "sheets": piece.pages}))["code"] == "counted"
    assert said(post.post("/mail/seals", {"number": NUMBER}))["state"] == "sealed"
    a_list = said(post.post("/mail/lists", {"site": "510107"}))
    assert a_list["missing"] == [NUMBER]
    told = said(post.post(f"/mail/lists/{a_list['id']}/pieces", {"number": NUMBER}))
    assert (told["code"], told["ok"]) == ("listed", True)
    closed = said(post.post(f"/mail/lists/{a_list['id']}/close", {"taken_by": "揽投员郭平"}))
    assert closed["pieces"] == [NUMBER]
    assert closed["sha256"]
    assert state(world, piece) == "handed_over"


def test_a_scan_repeated_changes_nothing_and_a_wrong_one_is_answered_too(post: Caller, piece: Waybill) -> None:
    for expected in ("counted", "counted_before"):
        assert said(post.post("/mail/counts", {"number": NUMBER, "sheets": piece.pages}))["code"] == expected
    told = said(post.post("/mail/seals", {"number": "1000000000009"}))
    assert (told["code"], told["ok"]) == ("unknown", False)


def test_a_piece_is_not_sealed_uncounted_for_a_machine_either(world: cast.World, post: Caller, piece: Waybill) -> None:
    assert said(post.post("/mail/seals", {"number": NUMBER}))["code"] == "not_counted"
    assert state(world, piece) == "printed"


def test_a_closing_that_names_no_difference_is_refused(world: cast.World, post: Caller, piece: Waybill) -> None:
    a_list = said(post.post("/mail/lists", {"site": "510107"}))
    post.post("/mail/counts", {"number": NUMBER, "sheets": piece.pages})
    post.post("/mail/seals", {"number": NUMBER})
    post.post(f"/mail/lists/{a_list['id']}/pieces", {"number": NUMBER})
    post.post(f"/mail/lists/{a_list['id']}/pieces", {"number": "1000000000009"})
    problem(post.post(f"/mail/lists/{a_list['id']}/close", {"taken_by": "揽投员郭平"}), 422, "act-refused")
    now = said(post.get(f"/mail/lists/{a_list['id']}"))
    assert now["extra"] == ["1000000000009"]
    given = {"taken_by": "揽投员郭平", "seen": now["seen"], "remark": "已取出"}
    assert said(post.post(f"/mail/lists/{a_list['id']}/close", given))["closed_at"]


def test_a_return_and_a_receipt_are_brought_by_a_machine(world: cast.World, post: Caller) -> None:
    gone = sealed(world)
    world.tell(gone.service, "mail.accepted", **postal.about(gone))
    image = base64.b64encode(a_receipt(NUMBER)).decode()
    [brought] = said(post.post("/mail/receipts", {"images": [{"name": "a.png", "content": image}]}))
    assert (brought["outcome"], brought["number"]) == ("matched", NUMBER)
    told = said(post.post("/mail/returns", {"number": NUMBER, "because": "refused", "shelf": "A-01"}))
    assert told["code"] == "taken_in"
    assert len(facts(world, again(world, gone), "mail.receipt_scanned")) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/mail/returns", {"number": NUMBER, "because": "no such cause", "shelf": "A-01"}),
        ("/mail/returns", {"number": NUMBER, "because": "refused", "shelf": "A-01", "cover": "not base64!"}),
        ("/mail/receipts", {"images": [{"content": "not base64!"}]}),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(post: Caller, piece: Waybill, path: str, body: object) -> None:
    assert problem(post.post(path, body), 422, "act-refused")["field"]


def test_the_pieces_of_a_court_are_listed_with_masked_names(post: Caller, piece: Waybill) -> None:
    [row] = said(post.get("/mail/pieces?state=printed&site=510107"))
    assert (row["number"], row["recipient"], row["pages"]) == (NUMBER, "邓**", piece.pages)
    assert said(post.get("/mail/pieces?state=sealed")) == []


def test_who_does_not_work_in_the_mail_room_is_refused(court_a: Caller, piece: Waybill) -> None:
    problem(court_a.post("/mail/seals", {"number": NUMBER}), 422, "act-refused")


def test_a_list_of_another_court_is_not_there(world: cast.World, post: Caller, key_for: Keys) -> None:
    a_list = said(post.post("/mail/lists", {"site": "510107"}))
    theirs = key_for(world.cheng, world.other_court)
    problem(theirs.get(f"/mail/lists/{a_list['id']}"), 404, "not-found")
    assert theirs.post("/mail/lists", {"site": "999999"}).status_code == 404
