"""PAdES signatures on papers: the court's certificate, its visible chop, and a time stamp where an authority answers.

The signature covers the whole file, attachments included, and forbids every later change.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, LayoutError, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from songda.evidence.certificates import Credential
from songda.evidence.chop import DIAMETER

FIELD = "court"


@dataclass(frozen=True, slots=True)
class Chop:
    """How and where the signature shows: operators of `chop.draw`, lower left corner in points (above on the right)."""

    drawing: bytes
    page: int = 0
    x: float = 455.0
    y: float = 712.0


class Unsignable(ValueError):
    """Bytes that are not a PDF, or one that cannot take a signature."""


class _Signer(PdfSigner):
    """Signs at a given time, which need not be the machine's."""

    at: datetime

    def init_signing_session(self, *args: Any, **named: Any) -> Any:
        session = super().init_signing_session(*args, **named)
        session.system_time = self.at
        return session


def sign(
    pdf: bytes,
    credential: Credential,
    *,
    at: datetime,
    reason: str,
    chop: Chop | None = None,
    authority: TimeStamper | None = None,
) -> bytes:
    """The PDF with one PAdES signature (B-B, or B-T with an `authority`, see `stamping.Authority`).

    Raises `stamping.StampUnavailable` where the authority does not answer (sign without it: the bundle's checkpoint
    is stamped on its own), and `Unsignable`.
    """
    signer = _Signer(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            reason=reason,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=_simple_signer(credential),
        timestamper=authority,
        stamp_style=_style(chop) if chop else None,
        new_field_spec=_field(chop),
    )
    signer.at = at
    try:
        signed = signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=BytesIO())
    except (PdfError, LayoutError) as error:
        raise Unsignable(str(error)) from error
    return bytes(signed.getvalue())


def _simple_signer(credential: Credential) -> SimpleSigner:
    der, pkcs8 = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    private = credential.key.private_bytes(der, pkcs8, serialization.NoEncryption())
    own, *chain = (
        x509.Certificate.load(each.public_bytes(der)) for each in (credential.certificate, *credential.chain)
    )
    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    registry.register_multiple(chain)
    return SimpleSigner(own, keys.PrivateKeyInfo.load(private), registry)


def _field(chop: Chop | None) -> SigFieldSpec:
    if chop is None:
        return SigFieldSpec(FIELD)
    corner = (round(chop.x), round(chop.y))
    box = (*corner, corner[0] + round(DIAMETER), corner[1] + round(DIAMETER))
    return SigFieldSpec(FIELD, on_page=chop.page, box=box)


def _style(chop: Chop) -> StaticStampStyle:
    square = BoxConstraints(width=DIAMETER, height=DIAMETER)
    middle = AxisAlignment.ALIGN_MID
    return StaticStampStyle(
        border_width=0,
        background=RawContent(chop.drawing, box=square),
        background_layout=SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=Margins(0, 0, 0, 0)),
        background_opacity=1.0,
    )
