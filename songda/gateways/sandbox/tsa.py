"""A time-stamping authority for the sandbox: RFC 3161 over any carrier, with a root and a key of its own.

`Tsa.handle` takes a DER request and gives a DER reply, stamped with the platform's clock. Nobody outside trusts this
root: a court names a licensed authority (such as the National Time Service Centre's) by URL instead.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import ClassVar

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from songda.lib import clock

POLICY = "1.3.6.1.4.1.99999.3161.1"
_DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_LIFE = timedelta(days=20 * 365)


class _Refusal(core.Sequence):  # type: ignore[misc]
    """A TimeStampResp without a token, which asn1crypto's own class cannot write."""

    _fields: ClassVar[list[tuple[str, type]]] = [("status", tsp.PKIStatusInfo)]


@dataclass(frozen=True, slots=True)
class Tsa:
    """The authority: its key, its certificate and the root that a court would have to trust."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    def handle(self, request_der: bytes) -> bytes:
        """The reply to a request; what cannot be stamped gets a refusal with its reason, never an exception."""
        try:
            request = tsp.TimeStampReq.load(request_der, strict=True)
            imprint = request["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            fits = len(imprint["hashed_message"].native) == _DIGESTS.get(algorithm)
        except (ValueError, TypeError):
            return _refusal("bad_data_format")
        return self._granted(request) if fits else _refusal("bad_alg")

    def _granted(self, request: tsp.TimeStampReq) -> bytes:
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": POLICY,
                "message_imprint": request["message_imprint"],
                "serial_number": int.from_bytes(os.urandom(8)),
                "gen_time": clock.now().replace(microsecond=0),
                "accuracy": {"seconds": 1},
                "nonce": request["nonce"],
            }
        )
        token = self._signed(info, with_certificates=bool(request["cert_req"].native))
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed(self, info: tsp.TSTInfo, *, with_certificates: bool) -> cms.ContentInfo:
        content = info.dump()
        attributes = self._attributes(content)
        certificate = self._asn1(self.certificate)
        signer = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": certificate.issuer,
                    "serial_number": certificate.serial_number,
                }
            },
            "digest_algorithm": {"algorithm": "sha256"},
            "signed_attrs": attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signature": self.key.sign(attributes.untag().dump(), ec.ECDSA(hashes.SHA256())),
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if with_certificates:
            signed["certificates"] = [certificate, self._asn1(self.root)]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _attributes(self, content: bytes) -> cms.CMSAttributes:
        name = tsp.ESSCertIDv2({"cert_hash": self.certificate.fingerprint(hashes.SHA256())})
        return cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [{"certs": [name]}]},
            ]
        )

    @staticmethod
    def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _refusal(failure: str) -> bytes:
    status = {"status": "rejection", "status_string": [failure], "fail_info": {failure}}
    return bytes(_Refusal({"status": status}).dump())


def new() -> Tsa:
    """A fresh authority with its own root."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("沙箱时间戳根"), _name("沙箱时间戳服务")
    root = (
        _certificate(root_name, root_name, root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        _certificate(name, root_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Tsa(key, certificate, root)


def at(folder: Path) -> Tsa:
    """The authority kept in a folder, made there the first time; `root.pem` is what a demonstration trusts."""
    key_file, files = folder / "key.pem", (folder / "certificate.pem", folder / "root.pem")
    if not key_file.exists():
        _keep(new(), folder)
    key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("the sandbox authority's key is not of an elliptic curve")
    certificate, root = (x509.load_pem_x509_certificate(file.read_bytes()) for file in files)
    return Tsa(key, certificate, root)


def _keep(tsa: Tsa, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(tsa.root.public_bytes(pem))
    (folder / "certificate.pem").write_bytes(tsa.certificate.public_bytes(pem))
    key = tsa.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # The key comes last: it marks the folder as complete.
    handle = os.open(folder / "key.pem", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "送达沙箱")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    begin = clock.now() - timedelta(days=365)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + _LIFE)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
