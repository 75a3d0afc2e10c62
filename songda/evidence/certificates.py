"""Certificates for the signatures on PDFs: the demonstration's own authority, and the courts it vouches for.

A real court brings a certificate from a licensed authority (电子签名法第十六条); only `Credential` matters then.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from songda.lib import crypto

_AUTHORITY_LIFE = timedelta(days=30 * 365)
_COURT_LIFE = timedelta(days=5 * 365)
_DER, _PEM = serialization.Encoding.DER, serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class Credential:
    """A P-256 key with its certificate and the certificates above it, nearest first; the last is the root."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def root(self) -> x509.Certificate:
        return self.chain[-1] if self.chain else self.certificate

    def lock(self) -> bytes:
        """The private key encrypted under the platform's data key, bound to this certificate."""
        plain = self.key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return crypto.seal(plain, purpose=_purpose(self.certificate))

    def certificates(self) -> str:
        """The certificate and its chain in PEM, as `unlock` takes them."""
        return "".join(each.public_bytes(_PEM).decode() for each in (self.certificate, *self.chain))


def unlock(locked: bytes, certificates: str) -> Credential:
    """A credential back from its parts. Raises cryptography's `InvalidTag` where they do not belong together."""
    certificate, *chain = x509.load_pem_x509_certificates(certificates.encode())
    key = serialization.load_der_private_key(crypto.unseal(locked, purpose=_purpose(certificate)), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a court signs papers with a key of an elliptic curve")
    return Credential(key, certificate, tuple(chain))


def _purpose(certificate: x509.Certificate) -> str:
    return f"paper key {certificate.fingerprint(hashes.SHA256()).hex()}"


def new_authority(name: str, *, at: datetime) -> Credential:
    """A root of one's own, for a demonstration or a court's intranet."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(subject, subject, key, at=at, life=_AUTHORITY_LIFE)
    usage = _usage(digital_signature=False, content_commitment=False, key_cert_sign=True, crl_sign=True)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return Credential(key, certificate)


def issue(authority: Credential, name: str, *, at: datetime) -> Credential:
    """A certificate for a court, good for signatures and nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    builder = _builder(subject, authority.certificate.subject, key, at=at, life=_COURT_LIFE)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    usage = _usage(digital_signature=True, content_commitment=True, key_cert_sign=False, crl_sign=False)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(above, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Credential(key, certificate, (authority.certificate, *authority.chain))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, *, at: datetime, life: timedelta
) -> x509.CertificateBuilder:
    # A day's grace, so that a clock a little behind ours does not find the certificate not yet valid.
    begin = at - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(**allowed: bool) -> x509.KeyUsage:
    never = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    return x509.KeyUsage(**allowed, **never)
