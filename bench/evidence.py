"""What sealing, signing and proving cost on one core, each beside the bare signature or hash it is made of.

Run: .venv/bin/python bench/evidence.py [--seconds N] [--leaves N]
"""

import argparse
import hashlib
import os
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("SONGDA_DATA_KEY", b64encode(bytes(32)).decode())

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from songda import verify
from songda.evidence import audit, canonical, checkpoint, merkle, pades
from songda.evidence.checkpoint import Checkpoint
from songda.evidence.merkle import Frontier
from tests.evidence import press
from tests.evidence.press import COURSE


def rate(act: Callable[[int], object], seconds: float) -> float:
    """How often a second, after once to warm up."""
    act(-1)
    began = time.perf_counter()
    for number in count(1):
        act(number)
        if (spent := time.perf_counter() - began) >= seconds:
            return number / spent
    raise AssertionError


def took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def show(name: str, value: float, unit: str, baseline: str = "", base: float = 0.0) -> None:
    ratio = f"   {value / base:8.4f} x {baseline}" if base else ""
    print(f"{name:44s} {value:12,.0f} {unit}{ratio}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    asked = parser.parse_args()

    ed, key = Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)
    bare_ed = rate(lambda n: ed.sign(n.to_bytes(64, signed=True)), asked.seconds)
    bare_rsa = rate(lambda n: key.sign(n.to_bytes(64, signed=True), padding.PKCS1v15(), hashes.SHA256()), asked.seconds)
    bare_hash = rate(lambda n: hashlib.sha256(n.to_bytes(65, signed=True)).digest(), asked.seconds)
    show("bare SHA-256 of 65 bytes", bare_hash, "/s")
    show("bare Ed25519 signature", bare_ed, "/s")
    show("bare RSA-2048 signature", bare_rsa, "/s")

    record, seed = COURSE[-1].sealed(0)
    row = audit.Row(0, canonical.commit(record, canonical.record_salt(seed)), record, seed)
    frontier = Frontier()

    def seal_batch(number: int) -> None:
        frontier.append(canonical.commit(*(COURSE[-1].sealed(number)[0], seed)) for _ in range(500))
        checkpoint.sign(Checkpoint(press.ORIGIN, frontier.size, frontier.root()), [press.court().ed])

    show(
        "facts sealed, a signed checkpoint for 500",
        500 * rate(seal_batch, asked.seconds),
        "/s",
        "bare Ed25519",
        bare_ed,
    )
    leaves = [row.hash] * asked.leaves
    show(
        "tree hashed again",
        asked.leaves / took(lambda: Frontier().append(leaves)),
        "leaves/s",
        "bare SHA-256",
        bare_hash,
    )
    rows = (audit.Row(number, row.hash, record, seed) for number in range(200_000))
    show(
        "log read again, records included",
        200_000 / took(lambda: audit.read_again(rows)),
        "leaves/s",
        "bare SHA-256",
        bare_hash,
    )

    frontier = Frontier()
    tiles = {(each.level, each.index): each.hash for each in frontier.append(leaves)}

    def read(level: int, start: int, end: int) -> list[bytes]:
        return leaves[start:end] if level == 0 else [tiles[level, place] for place in range(start, end)]

    subtree, size, top = merkle.subtree_from(read), len(leaves), frontier.root()
    path = merkle.prove_inclusion(size // 3, size, subtree)
    show(
        "inclusion proofs made from tiles",
        rate(lambda n: merkle.prove_inclusion(n % size, size, subtree), asked.seconds),
        "/s",
        "bare Ed25519",
        bare_ed,
    )
    show(
        "inclusion proofs checked",
        rate(lambda _: merkle.verify_inclusion(size // 3, size, row.hash, path, top), asked.seconds),
        "/s",
        "bare Ed25519",
        bare_ed,
    )
    head = Checkpoint(press.ORIGIN, size, top)
    show(
        "checkpoints signed, Ed25519",
        rate(lambda _: checkpoint.sign(head, [press.court().ed]), asked.seconds),
        "/s",
        "bare Ed25519",
        bare_ed,
    )
    show(
        "checkpoints signed, Ed25519 and SM2",
        rate(lambda _: checkpoint.sign(head, [press.court().ed, press.court().sm]), asked.seconds),
        "/s",
        "bare Ed25519",
        bare_ed,
    )

    made = press.make()
    plain, signed = press.paper(made.files), made.printed()
    show(
        "papers signed, PAdES B-B with P-256",
        rate(lambda _: pades.sign(plain, press.court().credential, at=press.NOW, reason=""), asked.seconds),
        "/s",
        "bare RSA-2048",
        bare_rsa,
    )
    show(
        "proofs verified in whole",
        rate(lambda _: verify.check(signed, [press.court().trust]), asked.seconds),
        "/s",
        "bare RSA-2048",
        bare_rsa,
    )


if __name__ == "__main__":
    main()
