"""A signed proof keeps to the form for archives (PDF/A-3, ISO 19005-3): each requirement that can be read off the file,
read by qpdf, which is none of ours. The clause stands beside each."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.evidence.test_whole_proof import signed as signed  # noqa: PLC0414  the same file, made once

Object = Mapping[str, Any]
_RELATIONS = {"/Source", "/Data", "/Alternative", "/Supplement", "/EncryptedPayload", "/Unspecified"}
_PDFAID = "http://www.aiim.org/pdfa/ns/id/"
_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
# 6.5.1: actions that an archive may not carry.
_FORBIDDEN = {
    *("/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition"),
    *("/Trans", "/GoTo3DView", "/JavaScript"),
}


class File:
    """A PDF's objects as qpdf writes them down."""

    def __init__(self, path: Path) -> None:
        self.path, self.raw = path, path.read_bytes()
        said = subprocess.run(
            ["qpdf", "--json=2", "--json-stream-data=none", str(path)], capture_output=True, check=True
        ).stdout
        self.objects: dict[str, Any] = json.loads(said)["qpdf"][1]

    def at(self, value: Any) -> Any:
        """What a reference leads to; a stream is its dictionary."""
        if isinstance(value, str) and re.fullmatch(r"\d+ \d+ R", value):
            found = self.objects[f"obj:{value}"]
            return found["stream"]["dict"] if "stream" in found else found["value"]
        return value

    @cached_property
    def trailer(self) -> Object:
        return dict(self.objects["trailer"]["value"])

    @cached_property
    def catalog(self) -> Object:
        return dict(self.at(self.trailer["/Root"]))

    def stream(self, reference: str) -> bytes:
        number = reference.split()[0]
        return subprocess.run(
            ["qpdf", f"--show-object={number}", "--filtered-stream-data", str(self.path)],
            capture_output=True,
            check=True,
        ).stdout

    def dictionaries(self) -> Iterator[tuple[Object, bool]]:
        """Every dictionary in the file, at any depth, and whether it is a stream's."""
        for found in self.objects.values():
            if "stream" in found:
                yield from self._within(found["stream"]["dict"], stream=True)
            else:
                yield from self._within(found["value"], stream=False)

    def _within(self, value: Any, *, stream: bool) -> Iterator[tuple[Object, bool]]:
        if isinstance(value, dict):
            yield value, stream
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from self._within(one, stream=False)

    def of_type(self, name: str) -> list[Object]:
        return [one for one, _ in self.dictionaries() if one.get("/Type") == name]


@pytest.fixture(scope="module")
def file(signed: bytes, tmp_path_factory: pytest.TempPathFactory) -> File:
    path = tmp_path_factory.mktemp("archive") / "proof.pdf"
    path.write_bytes(signed)
    return File(path)


def test_the_head_names_the_version_and_says_that_bytes_follow(file: File) -> None:
    """6.1.2."""
    first, second = file.raw.split(b"\n", 2)[:2]
    assert re.fullmatch(rb"%PDF-1\.[0-7]\r?", first)
    assert second.startswith(b"%")
    assert all(byte > 127 for byte in second[1:5])
    assert len(second) >= 5


def test_the_trailer_identifies_the_file_and_nothing_is_encrypted(file: File) -> None:
    """6.1.3."""
    assert len(file.trailer["/ID"]) == 2
    assert "/Encrypt" not in file.trailer
    assert file.raw.rstrip().endswith(b"%%EOF")


def test_the_description_says_part_3_and_a_level(file: File) -> None:
    """6.6.4, 6.6.2.1: XMP, in the catalog, as XML in UTF-8."""
    described = file.at(file.catalog["/Metadata"])
    assert (described["/Type"], described["/Subtype"]) == ("/Metadata", "/XML")
    xmp = file.stream(file.catalog["/Metadata"]).decode()
    said = {
        name: one.attrib.get(f"{{{_PDFAID}}}{name}") or one.findtext(f"{{{_PDFAID}}}{name}")
        for one in ElementTree.fromstring(xmp).iter(_DESCRIPTION)  # noqa: S314  a file of our own making
        for name in ("part", "conformance")
        if one.attrib.get(f"{{{_PDFAID}}}{name}") or one.findtext(f"{{{_PDFAID}}}{name}")
    }
    assert said["part"] == "3"
    assert said["conformance"] in {"A", "B", "U"}


def test_colours_are_told_by_a_profile_that_travels_along(file: File) -> None:
    """6.2.3: one output intent for PDF/A with an ICC profile whose colours are as many as it says."""
    intents = [file.at(one) for one in file.at(file.catalog["/OutputIntents"])]
    [intent] = [one for one in intents if one["/S"] == "/GTS_PDFA1"]
    profile = file.at(intent["/DestOutputProfile"])
    icc = file.stream(intent["/DestOutputProfile"])
    assert icc[36:40] == b"acsp"
    assert int.from_bytes(icc[:4]) == len(icc)
    assert {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}[icc[16:20]] == profile["/N"]


def test_every_font_is_inside(file: File) -> None:
    """6.2.11.4."""
    fonts = file.of_type("/Font")
    assert len(fonts) >= 3
    for font in fonts:
        if font["/Subtype"] == "/Type0":
            assert font["/DescendantFonts"]
            assert "/ToUnicode" in font or font["/Encoding"] == "/Identity-H"
        elif font["/Subtype"] != "/Type3":
            descriptor = file.at(font["/FontDescriptor"])
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor), font["/BaseFont"]


def test_every_attached_file_is_tied_to_the_document_and_says_what_it_is_to_it(file: File) -> None:
    """6.8 and annex E: AF of the catalog, AFRelationship, both names, the kind and the date of each file."""
    specs = [spec for spec in file.of_type("/Filespec") if "/EF" in spec]
    assert len(specs) == 2
    tied = [file.at(one) for one in file.at(file.catalog["/AF"])]
    for spec in specs:
        assert spec in tied
        assert spec["/AFRelationship"] in _RELATIONS
        assert spec["/F"]
        assert spec["/UF"]
        embedded = file.at(spec["/EF"]["/F"])
        assert embedded["/Subtype"].startswith("/")
        assert file.at(embedded["/Params"])["/ModDate"]


def test_nothing_acts_by_itself_and_nothing_lies_outside(file: File) -> None:
    """6.5, 6.1.7.1, 6.1.7.2, 6.4.1: no actions, no streams in other files, no LZW, no changing forms."""
    assert not {"/AA", "/OpenAction"} & set(file.catalog)
    assert "/JavaScript" not in file.at(file.catalog.get("/Names", {}))
    for one, is_stream in file.dictionaries():
        assert one.get("/S") not in _FORBIDDEN
        assert "/AA" not in one
        if is_stream:
            assert not {"/F", "/FFilter", "/FDecodeParms"} & set(one)
            assert "LZWDecode" not in str(one.get("/Filter", ""))
    assert "/XFA" not in file.at(file.catalog["/AcroForm"])
    assert file.at(file.catalog["/AcroForm"]).get("/NeedAppearances", False) is False


def test_every_annotation_can_be_seen_and_printed(file: File) -> None:
    """6.3.2, 6.3.3: flags Print and not Hidden, Invisible, NoView; an appearance where it has a place."""
    annotations = [
        one for one, _ in file.dictionaries() if one.get("/Subtype") in {"/Widget", "/Link"} and "/Rect" in one
    ]
    assert annotations
    for one in annotations:
        flags = one.get("/F", 0)
        assert flags & 4
        assert not flags & (1 | 2 | 32)
        left, low, right, high = one["/Rect"]
        if one["/Subtype"] == "/Widget" and (right - left) * (high - low):
            assert set(file.at(one["/AP"])) == {"/N"}
