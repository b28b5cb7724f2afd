"""Certificates made at test time: an authority that the crawler is told to trust, and servers good and bad."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_AUTHORITY = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test's own authority")])


def write_authority(path: Path) -> Path:
    """Write the certificate of the authority, as `SSL_CERT_FILE` wants it."""
    path.write_bytes(_signed(authority=True).public_bytes(serialization.Encoding.PEM))
    return path


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS, which shows by the name it is asked for a good, self-signed, expired or foreign certificate; and
    one that speaks nothing newer than TLS 1.0."""
    shown = {
        "secure.test": _signed("secure.test"),
        "selfsigned.test": _signed("selfsigned.test", own=True),
        "expired.test": _signed("expired.test", days=-2),
        "wrongname.test": _signed("other.test"),
    }
    by_host = {host: _context(folder, certificate) for host, certificate in shown.items()}
    weak = _context(folder, _signed("weak.test", "legacy.test"))
    weak.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        weak.minimum_version = ssl.TLSVersion.TLSv1
        weak.maximum_version = ssl.TLSVersion.TLSv1
    return _by_name(by_host), weak


def _by_name(by_host: Mapping[str, ssl.SSLContext]) -> ssl.SSLContext:
    first = next(iter(by_host.values()))

    def choose(connection: ssl.SSLSocket | ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        connection.context = by_host.get(name or "", first)

    first.sni_callback = choose
    return first


def _signed(*hosts: str, days: int = 2, own: bool = False, authority: bool = False) -> x509.Certificate:
    """A certificate for `hosts` that ends in `days`, signed by the authority or by itself."""
    now = datetime.now(UTC)
    name = _AUTHORITY if authority else x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, hosts[0])])
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name if own else _AUTHORITY)
        .public_key(_KEY.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9)).not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )  # fmt: skip
    if hosts:
        names = [x509.DNSName(host) for host in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(_KEY, hashes.SHA256())


def _context(folder: Path, certificate: x509.Certificate) -> ssl.SSLContext:
    pem = folder / f"{certificate.serial_number}.pem"
    key = _KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(key + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
