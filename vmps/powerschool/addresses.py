"""Which network addresses we may connect to: the guard against SSRF."""

import ipaddress
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from vmps.powerschool.errors import AddressRefused, NotSent
from vmps.powerschool.origins import check_origin

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

#: Nobody's on the Internet, though some releases of Python call them global: sites' own
#: and their translators' into IPv4, documentation, segment routing, relays.
NOBODYS = tuple(
    map(
        ipaddress.ip_network,
        (
            "::/96",
            "::ffff:0:0:0/96",
            "64:ff9b:1::/48",
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",
            "192.0.0.0/24",
            "192.88.99.0/24",
        ),
    )
)

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
SocketAddress = tuple[socket.AddressFamily, Any]


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """Where a connection may go; only the operator widens it, never an admin.

    Every connection needs https and global addresses. `allowed_networks` (CIDR)
    adds private ones, and inside them `allow_plain_http` permits http. `ca_file`
    adds certificate authorities to the usual ones.
    """

    allowed_networks: tuple[str, ...] = ()
    allow_plain_http: bool = False
    ca_file: str | None = None

    def __post_init__(self) -> None:
        self._networks()  # a typing error shows at start, not at eight o'clock

    def check_origin(self, url: str) -> str:
        """Return the origin in its normal form, or raise BadAddress with the fix."""
        return check_origin(url, allow_plain_http=self.allow_plain_http)

    def vet(
        self, found: Iterable[SocketAddress], *, is_plain: bool
    ) -> list[SocketAddress]:
        """Return the addresses, or refuse: one forbidden address spoils them all."""
        addresses = list(found)
        networks = self._networks()
        for _family, target in addresses:
            address = _unmapped(ipaddress.ip_address(target[0].partition("%")[0]))
            if any(address in network for network in networks):
                if is_plain and not self.allow_plain_http:
                    raise AddressRefused("Plain http is not allowed.")
            elif is_plain:
                raise AddressRefused("Plain http is only allowed to listed networks.")
            elif not all(map(_is_public, _faces(address))):
                raise AddressRefused("The host's address is in a private network.")
        return addresses

    def _networks(self) -> list[IPNetwork]:
        return [ipaddress.ip_network(network) for network in self.allowed_networks]


def _is_public(address: IPAddress) -> bool:
    is_nobodys = any(address in network for network in NOBODYS)
    return address.is_global and not address.is_multicast and not is_nobodys


def _unmapped(address: IPAddress) -> IPAddress:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _faces(address: IPAddress) -> list[IPAddress]:
    """The address and any IPv4 address that a translator would make of it."""
    faces: list[IPAddress] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.sixtofour:
            faces.append(address.sixtofour)
        if address in NAT64:
            faces.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return faces


def resolve(host: str, port: int, seconds: float) -> list[SocketAddress]:
    """Look a host up, or raise NotSent.

    getaddrinfo knows no time-out, so it runs in a thread that is left behind when
    it does not come back; an address literal needs no such thread.
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _resolve_in_thread(host, port, seconds)
    return _look_up(host, port)


def _resolve_in_thread(host: str, port: int, seconds: float) -> list[SocketAddress]:
    outcome: list[list[SocketAddress] | Exception] = []

    def run() -> None:
        try:
            outcome.append(_look_up(host, port))
        except (NotSent, OSError, UnicodeError) as error:
            outcome.append(error)

    thread = threading.Thread(target=run, name="resolve", daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise NotSent("The host name could not be looked up in time.")
    if isinstance(outcome[0], Exception):
        raise NotSent("The host name could not be found.") from outcome[0]
    return outcome[0]


def _look_up(host: str, port: int) -> list[SocketAddress]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, target) for family, _type, _proto, _name, target in found]
