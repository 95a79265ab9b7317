"""Which addresses a connection may go to."""

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from vmps.powerschool import AddressRefused, Deadline, NetworkPolicy, NotSent
from vmps.powerschool.client import PowerSchool

ClientOf = Callable[..., PowerSchool]
PUBLIC = "93.184.216.34"


def found(*addresses: str) -> list[tuple[socket.AddressFamily, Any]]:
    return [(socket.AF_INET, (address, 443)) for address in addresses]


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1::1"])
def test_a_public_address_is_vetted(address: str) -> None:
    assert NetworkPolicy().vet(found(address), is_plain=False) == found(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "239.1.2.3",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "ff0e::1",
        "::ffff:10.1.2.3",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::10.1.2.3",
        "::ffff:0:10.1.2.3",
        "64:ff9b:1::a9fe:a9fe",
        "3fff::1",
        "5f00::1",
        "fec0::1",
        "192.0.0.8",
        "192.88.99.1",
    ],
)
def test_an_address_inside_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        NetworkPolicy().vet(found(address), is_plain=False)
    assert not caught.value.is_ambiguous


def test_one_address_inside_spoils_the_public_ones() -> None:
    with pytest.raises(AddressRefused):
        NetworkPolicy().vet(found(PUBLIC, "10.0.0.1"), is_plain=False)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_the_operator_may_list_a_network(address: str) -> None:
    policy = NetworkPolicy(("10.0.0.0/8",))
    assert policy.vet(found(address), is_plain=False)
    with pytest.raises(AddressRefused):
        policy.vet(found("192.168.1.1"), is_plain=False)


def test_plain_http_needs_a_listed_network_and_leave() -> None:
    allowing = NetworkPolicy(("10.0.0.0/8",), allow_plain_http=True)
    assert allowing.vet(found("10.1.2.3"), is_plain=True)
    with pytest.raises(AddressRefused):
        allowing.vet(found("10.1.2.3", PUBLIC), is_plain=True)
    with pytest.raises(AddressRefused):
        NetworkPolicy(("10.0.0.0/8",)).vet(found("10.1.2.3"), is_plain=True)


def test_a_network_that_is_none_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="10.0.0.0/99"):
        NetworkPolicy(("10.0.0.0/99",))


def test_a_name_that_points_inside_is_never_connected_to(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        target = listener.getsockname()
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", target)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answer)
        client = client_of("https://oakwood.example", NetworkPolicy())
        with pytest.raises(AddressRefused):
            client.metadata(deadline=Deadline.after(1))
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_name_that_does_not_exist_is_not_sent(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: Any, **_options: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NotSent, match="could not be found"):
        client_of("https://oakwood.example").metadata(deadline=Deadline.after(1))


def test_a_name_server_that_hangs_is_left_by_the_deadline(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = threading.Event()
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_k: (is_over.wait(5), [])[1]
    )
    started_at = time.monotonic()
    with pytest.raises(NotSent, match="in time"):
        client_of("https://oakwood.example").metadata(deadline=Deadline.after(0.3))
    is_over.set()
    assert time.monotonic() - started_at < 0.6


def test_the_next_address_is_tried_when_one_does_not_answer(
    client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, raw_server: Any
) -> None:
    server = raw_server(lambda talk: talk.close())
    with socket.create_server(("127.0.0.1", 0)) as closed:
        dead = closed.getsockname()[1]
    answer = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        for port in (dead, server.port)
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: answer)
    with pytest.raises(Exception, match="broke"):
        client_of("http://oakwood.test").metadata(deadline=Deadline.after(1))
    assert b"Host: oakwood.test\r\n" in server.requests[0]
