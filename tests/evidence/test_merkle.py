"""The tree is RFC 6962's: the published 8-leaf example holds, and no proof holds that should not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from songda.evidence import merkle
from songda.evidence.merkle import Frontier, ProofError, Tile

# The inputs and roots of Certificate Transparency's reference example, sizes 0 to 8.
LEAVES = [
    bytes.fromhex(data)
    for data in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(data) for data in LEAVES]

# (leaf counted from 0, size, audit path): the reference example's inclusion proofs.
INCLUSION = [
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
# (older size, newer size, proof): the reference example's consistency proofs.
CONSISTENCY = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]

logs = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=70)


def _path(hexes: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in hexes]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_published_example(size: int) -> None:
    frontier = Frontier()
    frontier.append(HASHES[:size])
    assert merkle.root(HASHES[:size]).hex() == frontier.root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion_proofs_are_those_of_the_published_example(index: int, size: int, path: list[str]) -> None:
    assert merkle.prove_inclusion(index, size, merkle.subtree_of(HASHES)) == _path(path)
    merkle.verify_inclusion(index, size, HASHES[index], _path(path), bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "path"), CONSISTENCY)
def test_consistency_proofs_are_those_of_the_published_example(old: int, new: int, path: list[str]) -> None:
    assert merkle.prove_consistency(old, new, merkle.subtree_of(HASHES)) == _path(path)
    merkle.verify_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), _path(path))


def test_a_leaf_is_never_a_node() -> None:
    left, right = HASHES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


@given(logs)
def test_every_leaf_can_be_proved_at_every_size(leaves: list[bytes]) -> None:
    subtree = merkle.subtree_of(leaves)
    size, top = len(leaves), merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        merkle.verify_inclusion(index, size, leaf, merkle.prove_inclusion(index, size, subtree), top)


@given(logs)
def test_every_older_log_is_shown_to_be_the_beginning_of_the_newer(leaves: list[bytes]) -> None:
    subtree = merkle.subtree_of(leaves)
    top = merkle.root(leaves)
    for old in range(len(leaves) + 1):
        proof = merkle.prove_consistency(old, len(leaves), subtree)
        merkle.verify_consistency(old, len(leaves), merkle.root(leaves[:old]), top, proof)


@given(logs, st.data())
def test_a_proof_for_one_leaf_fails_for_any_other_hash_place_or_length(
    leaves: list[bytes], data: st.DataObject
) -> None:
    size, top = len(leaves), merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.prove_inclusion(index, size, merkle.subtree_of(leaves))
    forged = [
        (index, merkle.leaf_hash(leaves[index]), path),
        (index, leaves[index], [*path, merkle.EMPTY_ROOT]),
        *((index, leaves[index], path[:cut]) for cut in range(len(path))),
        *((index, leaves[index], [*path[:at], merkle.leaf_hash(path[at]), *path[at + 1 :]]) for at in range(len(path))),
    ]
    for place, leaf, steps in forged:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(place, size, leaf, steps, top)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=70, unique=True), st.data())
def test_a_leaf_cannot_be_proved_at_another_place(leaves: list[bytes], data: st.DataObject) -> None:
    size, top = len(leaves), merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
    path = merkle.prove_inclusion(index, size, merkle.subtree_of(leaves))
    with pytest.raises(ProofError):
        merkle.verify_inclusion(other, size, leaves[index], path, top)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=70, unique=True), st.data())
def test_a_log_that_changed_its_past_cannot_be_shown_consistent(leaves: list[bytes], data: st.DataObject) -> None:
    old = data.draw(st.integers(1, len(leaves) - 1))
    changed = data.draw(st.integers(0, old - 1))
    forked = [*leaves[:changed], merkle.leaf_hash(leaves[changed]), *leaves[changed + 1 :]]
    proof = merkle.prove_consistency(old, len(leaves), merkle.subtree_of(forked))
    with pytest.raises(ProofError, match="root at size"):
        merkle.verify_consistency(old, len(leaves), merkle.root(leaves[:old]), merkle.root(forked), proof)


@given(logs, st.data())
def test_appending_in_batches_and_resuming_gives_the_same_root(leaves: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(leaves)))
    first = Frontier()
    first.append(leaves[:cut])
    resumed = Frontier(first.size, first.stack)
    resumed.append(leaves[cut:])
    assert (resumed.size, resumed.root()) == (len(leaves), merkle.root(leaves))


def test_a_resumed_edge_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ProofError, match="right edge: expected 2, got 1"):
        Frontier(5, [merkle.EMPTY_ROOT])


def test_proofs_from_stored_tiles_equal_proofs_from_all_leaves() -> None:
    leaves = [merkle.leaf_hash(number.to_bytes(4)) for number in range(256 * 256 + 300)]
    frontier = Frontier()
    stored = {(tile.level, tile.index): tile.hash for tile in frontier.append(leaves)}
    assert Tile(2, 0, merkle.root(leaves[: 256 * 256])).hash == stored[2, 0]
    assert len(stored) == 257 + 1
    read: list[int] = []

    def tiles(level: int, start: int, end: int) -> list[bytes]:
        read.append(end - start)
        return leaves[start:end] if level == 0 else [stored[level, index] for index in range(start, end)]

    from_tiles, from_leaves = merkle.subtree_from(tiles), merkle.subtree_of(leaves)
    size = len(leaves)
    for index in (0, 255, 256, 40_000, 65_535, 65_536, size - 1):
        path = merkle.prove_inclusion(index, size, from_tiles)
        assert path == merkle.prove_inclusion(index, size, from_leaves)
    assert merkle.prove_consistency(70, size, from_tiles) == merkle.prove_consistency(70, size, from_leaves)
    assert max(read) <= 128


def test_a_missing_stored_hash_is_named() -> None:
    with pytest.raises(ProofError, match="stored hashes at level 0 from 0: expected 4, got 3"):
        merkle.prove_inclusion(4, 5, merkle.subtree_from(lambda _, start, end: HASHES[start : end - 1]))
