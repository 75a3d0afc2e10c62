"""What may come in and what is refused, with the reason's code."""

import hashlib
import io
import zipfile
from collections.abc import Callable

import docx
import pypdf
import pytest
import typst
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from songda.filing.intake import Limits, Refused, accept
from songda.filing.refusals import REFUSALS


def pdf(pages: int = 1, change: Callable[[pypdf.PdfWriter], object] | None = None) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if change:
        change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def word() -> bytes:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    return buffer.getvalue()


def picture(format_: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, format_)
    return buffer.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in {"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>", **entries}.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def refused(filename: str, content: bytes, **options: object) -> str:
    with pytest.raises(Refused) as refusal:
        accept(filename, content, **options)  # type: ignore[arg-type]
    assert refusal.value.message
    return refusal.value.code


@pytest.mark.parametrize(
    ("filename", "content", "media_type", "pages"),
    [
        ("判决书.pdf", pdf(3), "application/pdf", 3),
        ("起诉状.DOCX", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", None),
        ("传票.txt", "传票".encode(), "text/plain", None),
        ("旧文书.txt", "四川省成都市武侯区人民法院".encode("gb18030"), "text/plain", None),
        ("照片.jpg", picture("JPEG"), "image/jpeg", 1),
        ("照片.png", picture("PNG"), "image/png", 1),
        ("（2021）川0191民初1234号 判决书.v2.pdf", pdf(), "application/pdf", 1),
    ],
)
def test_an_honest_file_is_accepted_and_bound_by_its_digest(
    filename: str, content: bytes, media_type: str, pages: int | None
) -> None:
    digest = hashlib.sha256(content).hexdigest()
    file = accept(filename, content, declared_sha256=digest.upper())
    assert (file.media_type, file.sha256, file.size, file.pages) == (media_type, digest, len(content), pages)


@pytest.mark.parametrize(
    ("filename", "code"),
    [
        ("", "name_missing"),
        ("判决书.pdf.exe", "name_double"),
        ("判决书.exe.pdf", "name_double"),
        ("判决书.ＥＸＥ.pdf", "name_double"),
        ("判决书\u202efdp.exe", "name_direction"),
        ("判决书\u202epdf.txt.pdf", "name_direction"),
        ("判决\x00书.pdf", "name_control"),
        ("判决\n书.pdf", "name_control"),
        ("判决\u200b书.pdf", "name_control"),
        ("../../判决书.pdf", "name_path"),
        ("C:\\判决书.pdf", "name_path"),
        ("con.pdf", "name_reserved"),
        (".pdf", "name_reserved"),
        ("判决书.pdf ", "name_reserved"),
        ("判决书", "wrong_type"),
        ("判决书.xlsx", "wrong_type"),
        ("判" * 100 + ".pdf", "name_too_long"),
    ],
)
def test_a_dangerous_name_is_refused(filename: str, code: str) -> None:
    assert refused(filename, pdf()) == code


def test_the_virus_test_string_is_refused_wherever_it_stands() -> None:
    signature = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    assert refused("说明.txt", b"hello\n" + signature) == "virus_signature"


@pytest.mark.parametrize(
    ("filename", "content", "code"),
    [
        ("判决书.pdf", b"", "empty"),
        ("判决书.pdf", b"MZ\x90\x00" + b"\0" * 64, "type_mismatch"),
        ("判决书.pdf", word(), "type_mismatch"),
        ("判决书.docx", pdf(), "type_mismatch"),
        ("判决书.txt", pdf(), "type_mismatch"),
        ("判决书.txt", b"\x7fELF\x02\x01\x01\x00", "type_mismatch"),
        ("判决书.docx", archive({})[:200], "type_mismatch"),
        ("判决书.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "wrong_type"),
        ("判决书.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("判决书.pdf", b"%PDF-1.7\nnothing", "damaged"),
        ("照片.png", picture("PNG")[:40], "damaged"),
    ],
)
def test_content_that_is_not_what_it_says_is_refused(filename: str, content: bytes, code: str) -> None:
    assert refused(filename, content) == code


def test_a_refusal_speaks_of_formats_and_sizes_as_people_do() -> None:
    with pytest.raises(Refused) as wrong:
        accept("判决书.docx", pdf())
    assert wrong.value.message == "文件内容与扩展名不符：名称说是 DOCX，内容是 PDF"
    with pytest.raises(Refused) as large:
        accept("判决书.pdf", b"%PDF-1.7" + b"\0" * 3_000_000, limits=Limits(size=2 * 2**20))
    assert large.value.message == "文件太大：2.9 MB，上限 2 MB"


def test_a_locked_pdf_is_refused() -> None:
    assert refused("判决书.pdf", pdf(change=lambda writer: writer.encrypt("secret"))) == "encrypted"


def test_a_pdf_with_a_script_is_refused() -> None:
    def script(writer: pypdf.PdfWriter) -> None:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)

    assert refused("判决书.pdf", pdf(change=script)) == "active_content"


def test_a_pdf_with_a_file_inside_is_refused() -> None:
    assert refused("判决书.pdf", pdf(change=lambda writer: writer.add_attachment("a.exe", b"MZ"))) == "active_content"


def test_a_pdf_that_starts_a_program_is_refused() -> None:
    def launch(writer: pypdf.PdfWriter) -> None:
        action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd")})
        link = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/A"): action})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link)])

    assert refused("判决书.pdf", pdf(change=launch)) == "active_content"


def test_a_pdf_written_by_a_typesetter_is_accepted() -> None:
    content = typst.compile(b"= Heading\n#outline()\n#link(<a>)[go] #pagebreak() text <a>")
    assert accept("判决书.pdf", content).pages == 2


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"word/media/a.bin": b"\0" * (64 << 20)}, "archive_bomb"),
        ({"../../etc/passwd": b"x"}, "archive_path"),
        ({"word/vbaProject.bin": b"x"}, "macros"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "macros"),
    ],
)
def test_a_dangerous_docx_is_refused(entries: dict[str, bytes], code: str) -> None:
    assert refused("起诉状.docx", archive(entries)) == code


def test_a_docx_of_many_middling_parts_is_weighed_as_a_whole() -> None:
    content = archive({f"word/{number}.bin": b"\0" * (1 << 20) for number in range(20)})
    assert refused("起诉状.docx", content, limits=Limits(unpacked=10 << 20)) == "archive_bomb"


def test_limits_are_kept() -> None:
    assert refused("判决书.pdf", pdf(), limits=Limits(size=10)) == "too_large"
    assert refused("判决书.pdf", pdf(3), limits=Limits(pages=2)) == "too_many_pages"


@pytest.mark.parametrize(
    ("declared", "code"), [("0" * 64, "digest_mismatch"), ("abc", "digest_malformed"), ("", "digest_malformed")]
)
def test_a_digest_that_does_not_fit_is_refused(declared: str, code: str) -> None:
    assert refused("判决书.pdf", pdf(), declared_sha256=declared) == code


def test_every_reason_reads_in_chinese() -> None:
    assert all(any("一" <= letter <= "鿿" for letter in message) for message in REFUSALS.values())
