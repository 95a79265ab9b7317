"""https goes to the vetted address, and the certificate is for the host name."""

import datetime
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from vmps.powerschool import (
    Deadline,
    NetworkPolicy,
    NotSent,
    PowerSchool,
    PowerSchoolError,
    TimedOut,
    TLSRefused,
)

from .raw_server import OK, Conversation, RawServer, whole

HOST = "oakwood.test"
ClientOf = Callable[..., PowerSchool]


def self_signed(folder: Path, *, lasts_days: int) -> Path:
    """A certificate for HOST and 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    addresses = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now + datetime.timedelta(days=lasts_days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName(HOST), *addresses]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "certificate.pem"
    file.write_bytes(private + certificate.public_bytes(pem))
    return file


class SecureServer:
    """A TLS server on loopback that remembers which names were asked for."""

    def __init__(self, start: Callable[..., RawServer], certificate: Path) -> None:
        self.start = start
        self.certificate = certificate
        self.names: list[str | None] = []

    def serve(self, script: Callable[[Conversation], None]) -> RawServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        return self.start(script, tls=context)


@pytest.fixture
def secure(raw_server: Callable[..., RawServer], tmp_path: Path) -> SecureServer:
    return SecureServer(raw_server, self_signed(tmp_path, lasts_days=30))


@pytest.fixture
def network(secure: SecureServer) -> NetworkPolicy:
    return NetworkPolicy(("127.0.0.0/8",), ca_file=str(secure.certificate))


@pytest.fixture
def _any_name_is_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(_host: str, port: int, **_options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def answer(talk: Conversation) -> None:
    talk.send(whole(b'{"metadata":{"plugin_id":42}}'))


def read(client: PowerSchool, seconds: float = 5) -> int | None:
    return client.metadata(deadline=Deadline.after(seconds)).plugin_id


@pytest.mark.usefixtures("_any_name_is_loopback")
def test_the_host_name_is_asked_for_and_checked(
    secure: SecureServer, network: NetworkPolicy, client_of: ClientOf
) -> None:
    server = secure.serve(answer)
    client = client_of(f"https://{HOST}:{server.port}", network)
    assert [read(client), read(client)] == [42, 42]
    assert secure.names == [HOST]  # one connection carried all of it


def test_an_address_may_be_the_host(
    secure: SecureServer, network: NetworkPolicy, client_of: ClientOf
) -> None:
    server = secure.serve(answer)
    assert read(client_of(f"https://127.0.0.1:{server.port}", network)) == 42


@pytest.mark.usefixtures("_any_name_is_loopback")
def test_a_certificate_for_another_host_is_refused(
    secure: SecureServer, network: NetworkPolicy, client_of: ClientOf
) -> None:
    server = secure.serve(answer)
    with pytest.raises(TLSRefused, match="Hostname mismatch") as caught:
        read(client_of(f"https://birch.test:{server.port}", network))
    assert not caught.value.is_ambiguous
    assert server.requests == []


@pytest.mark.usefixtures("_any_name_is_loopback")
def test_a_certificate_nobody_vouches_for_is_refused(
    secure: SecureServer, client_of: ClientOf
) -> None:
    server = secure.serve(answer)
    client = client_of(f"https://{HOST}:{server.port}", NetworkPolicy(("127.0.0.1",)))
    with pytest.raises(TLSRefused, match="self-signed|self signed"):
        read(client)


@pytest.mark.usefixtures("_any_name_is_loopback")
def test_an_expired_certificate_is_refused(
    raw_server: Callable[..., RawServer], client_of: ClientOf, tmp_path: Path
) -> None:
    secure = SecureServer(raw_server, self_signed(tmp_path, lasts_days=-1))
    network = NetworkPolicy(("127.0.0.1",), ca_file=str(secure.certificate))
    server = secure.serve(answer)
    with pytest.raises(TLSRefused, match="expired"):
        read(client_of(f"https://{HOST}:{server.port}", network))


def test_a_server_that_speaks_no_tls_is_refused(
    raw_server: Callable[..., RawServer], client_of: ClientOf
) -> None:
    def speak_plainly(talk: Conversation) -> None:
        talk.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = raw_server(speak_plainly)
    server.reads_bodies = False
    with pytest.raises((TLSRefused, NotSent)):
        read(client_of(f"https://127.0.0.1:{server.port}"), 0.5)


def test_a_handshake_that_never_ends_is_not_sent_by_the_deadline(
    raw_server: Callable[..., RawServer], client_of: ClientOf
) -> None:
    server = raw_server(lambda talk: talk.wait())
    started_at = time.monotonic()
    with pytest.raises(NotSent):
        read(client_of(f"https://127.0.0.1:{server.port}"), 0.5)
    assert time.monotonic() - started_at < 0.8


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", OK + b"\r\n"])
def test_a_drip_over_tls_ends_by_the_deadline(
    head: bytes, secure: SecureServer, network: NetworkPolicy, client_of: ClientOf
) -> None:
    def drip(talk: Conversation) -> None:
        talk.send(head)
        talk.drip(b" " * 100)

    server = secure.serve(drip)
    client = client_of(f"https://127.0.0.1:{server.port}", network)
    started_at = time.monotonic()
    with pytest.raises(TimedOut):
        read(client, 0.5)
    assert time.monotonic() - started_at < 0.8


def test_a_reset_over_tls_is_ambiguous(
    secure: SecureServer, network: NetworkPolicy, client_of: ClientOf
) -> None:
    server = secure.serve(lambda talk: talk.reset())
    with pytest.raises(PowerSchoolError) as caught:
        read(client_of(f"https://127.0.0.1:{server.port}", network))
    assert caught.value.is_ambiguous
