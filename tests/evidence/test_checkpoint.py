"""A checkpoint is a C2SP signed note; its signatures hold or it says which does not."""

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from songda.evidence import checkpoint, keys
from songda.evidence.checkpoint import Checkpoint, NoteError, PublicKey
from songda.evidence.merkle import leaf_hash

ORIGIN = "songda/ledger/川0191"
HEAD = Checkpoint(ORIGIN, 8, leaf_hash(b"head"))
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ED = keys.Ed25519Signer.new(ORIGIN)
SM = keys.Sm2Signer.new(ORIGIN)
NOTE = checkpoint.sign(HEAD, [ED, SM])


@pytest.fixture(autouse=True)
def data_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGDA_DATA_KEY", base64.b64encode(bytes(32)).decode())


def test_a_note_is_text_an_empty_line_and_a_line_for_each_signature() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == [ORIGIN, "8", base64.b64encode(HEAD.root).decode(), ""]
    assert [line[: len(ORIGIN) + 3] for line in lines[4:6]] == [f"— {ORIGIN} "] * 2
    assert lines[6:] == [""]


def test_the_published_example_of_the_specification_can_be_read() -> None:
    note = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
        "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo"
        "+zyWE+xeMcTOAYQ8=\n"
    )
    signed = checkpoint.read(note)
    assert (signed.checkpoint.origin, signed.checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert signed.signatures[0].key_id.hex() == "033de0ae"
    assert signed.checkpoint.text() + "\n" in note


def test_the_key_id_is_that_of_the_specification() -> None:
    # The verifier key that Go's sumdb/note package documents as its example.
    line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = checkpoint.read_key(line)
    assert (key.name, key.id.hex(), key.verification_key()) == ("PeterNeumann", "c74f20a3", line)


def test_both_signatures_hold() -> None:
    assert checkpoint.verify(checkpoint.read(NOTE), [ED.public, SM.public], at=NOW) == (ED.public, SM.public)


def test_keys_survive_as_one_line_of_text() -> None:
    for signer in (ED, SM):
        assert checkpoint.read_key(signer.public.verification_key()) == signer.public


@pytest.mark.parametrize("line", ["", "a+b", "a+00000000+AAAA", SM.public.verification_key().replace("+", "+0", 1)])
def test_a_key_that_is_not_what_it_says_is_refused(line: str) -> None:
    with pytest.raises(NoteError, match="public key"):
        checkpoint.read_key(line)


@pytest.mark.parametrize("kept", [[ED], [SM]])
def test_a_signature_cannot_be_taken_away(kept: list[checkpoint.Signer]) -> None:
    signed = checkpoint.read(checkpoint.sign(HEAD, kept))
    with pytest.raises(NoteError, match=f"signature of the checkpoint by {ORIGIN}: expected key"):
        checkpoint.verify(signed, [ED.public, SM.public], at=NOW)


@pytest.mark.parametrize(("signer", "algorithm"), [(ED, "Ed25519"), (SM, "SM2")])
def test_a_signature_over_another_head_does_not_hold(signer: checkpoint.Signer, algorithm: str) -> None:
    other = Checkpoint(ORIGIN, 9, HEAD.root)
    tail = checkpoint.sign(HEAD, [signer]).partition("\n\n")[2]
    with pytest.raises(NoteError, match=f"{algorithm} signature .* expected a signature that holds"):
        checkpoint.verify(checkpoint.read(f"{other.text()}\n{tail}"), [signer.public], at=NOW)


def test_a_stranger_who_signs_as_well_changes_nothing() -> None:
    witness = keys.Ed25519Signer.new("witness.example")
    note = checkpoint.sign(HEAD, [witness, ED])
    assert checkpoint.verify(checkpoint.read(note), [ED.public], at=NOW) == (ED.public,)


def test_a_stranger_who_signs_alone_under_the_courts_name_is_not_the_court() -> None:
    forged = checkpoint.sign(HEAD, [keys.Ed25519Signer.new(ORIGIN)])
    with pytest.raises(NoteError, match="expected key"):
        checkpoint.verify(checkpoint.read(forged), [ED.public], at=NOW)


def test_old_checkpoints_hold_after_a_key_was_rotated_and_new_ones_need_the_new_key() -> None:
    fresh = keys.Ed25519Signer.new(ORIGIN)
    ring = [
        PublicKey(ORIGIN, checkpoint.ED25519, ED.public.key, since=NOW - timedelta(days=365), until=NOW),
        PublicKey(ORIGIN, checkpoint.ED25519, fresh.public.key, since=NOW),
    ]
    by_old, by_new = (checkpoint.read(checkpoint.sign(HEAD, [signer])) for signer in (ED, fresh))
    assert checkpoint.verify(by_old, ring, at=NOW - timedelta(days=1)) == (ring[0],)
    assert checkpoint.verify(by_new, ring, at=NOW) == (ring[1],)
    with pytest.raises(NoteError, match="expected key"):
        checkpoint.verify(by_old, ring, at=NOW)
    with pytest.raises(NoteError, match="in force"):
        checkpoint.verify(by_old, ring, at=NOW - timedelta(days=366))


@pytest.mark.parametrize(
    ("note", "what"),
    [
        (NOTE.replace("\n\n", "\n"), "form of the checkpoint"),
        (NOTE[:-1], "form of the checkpoint"),
        (NOTE.replace("\n8\n", "\n8\r\n"), "form of the checkpoint"),
        (NOTE.replace("\n8\n", "\n08\n"), "size in the checkpoint"),
        (NOTE.replace("\n8\n", "\n-8\n"), "size in the checkpoint"),
        (NOTE.replace("\n8\n", "\n٨\n"), "size in the checkpoint"),
        (NOTE.replace("\n8\n", "\n8\n8\n"), "lines of the checkpoint"),
        (NOTE.replace("— songda", "- songda"), "form of a signature line"),
        (Checkpoint(ORIGIN, 8, b"short").text() + "\n— a AAAAAAA=\n", "length of the root"),
        (HEAD.text() + "\n— a AAAA\n", "length of a signature"),
        (HEAD.text() + "\n— a !\n", "base64 of the signature"),
        (HEAD.text() + "\n— a AAAAAAB=\n", "base64 of the signature"),
        (HEAD.text() + "\n" + "— a AAAAAAA=\n" * 17, "number of signatures"),
    ],
)
def test_whatever_is_not_a_checkpoint_is_refused(note: str, what: str) -> None:
    with pytest.raises(NoteError, match=what):
        checkpoint.read(note)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(checkpoint.sign(HEAD, [ED])) - 1), st.sampled_from("A0b/+ \n—x8"))
def test_no_character_of_a_note_can_be_changed(place: int, other: str) -> None:
    note = checkpoint.sign(HEAD, [ED])
    changed = note[:place] + other + note[place + 1 :]
    if changed == note:
        return
    with pytest.raises(NoteError):
        checkpoint.verify(checkpoint.read(changed), [ED.public], at=NOW)


@pytest.mark.parametrize("signer", [ED, SM])
def test_a_private_key_at_rest_opens_only_under_its_own_public_key(signer: keys.Ed25519Signer) -> None:
    locked = keys.lock(signer)
    assert signer.secret not in locked
    assert keys.unlock(locked, signer.public).public == signer.public
    with pytest.raises(InvalidTag):
        keys.unlock(locked, PublicKey("another", signer.public.algorithm, signer.public.key))


def test_an_sm2_signature_keeps_its_length_when_a_number_begins_with_zero() -> None:
    for number in count():
        text = str(number).encode()
        value = SM.sign(text)
        assert len(value) == 64
        if 0 in (value[0], value[32]):
            break
    assert checkpoint._HOLDS[checkpoint.SM2](SM.public.key, text, value)


def _der_integer(value: bytes) -> bytes:
    body = value.lstrip(b"\0") or b"\0"
    body = b"\0" + body if body[0] & 0x80 else body
    return b"\x02" + bytes([len(body)]) + body


def test_openssl_agrees_with_the_sm2_signature(tmp_path: Path) -> None:
    value = SM.sign(HEAD.text().encode())
    body = _der_integer(value[:32]) + _der_integer(value[32:])
    (tmp_path / "sig").write_bytes(b"\x30" + bytes([len(body)]) + body)
    (tmp_path / "text").write_bytes(HEAD.text().encode())
    # SubjectPublicKeyInfo of an SM2 key: id-ecPublicKey with the curve 1.2.156.10197.1.301, then the point.
    spki = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + SM.public.key
    (tmp_path / "key").write_bytes(spki)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key",
        "-keyform",
        "DER",
        "-rawin",
        "-digest",
        "sm3",
    ]
    command += ["-pkeyopt", "distid:1234567812345678", "-sigfile", "sig", "-in", "text"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "Signature Verified Successfully" in answer.stdout, answer.stderr
