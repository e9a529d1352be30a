"""Connections to checked addresses only, each read and write inside the request's deadline."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

_Options = Iterable[Any] | None


class PrivateAddress(Exception):
    """A name that stands for an address outside the public network."""


class NameNotFound(Exception):
    """A name without an address."""


class Deadline(threading.local):
    """The moment at which the calling thread's request must have ended."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.at: float | None = None

    def bound(self, timeout: float | None) -> float | None:
        """`timeout` cut to what is left; raises httpcore.ReadTimeout where nothing is."""
        if self.at is None:
            return timeout
        left = self.at - self.clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline of the request has passed")
        return left if timeout is None else min(timeout, left)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public network, seen through IPv4-in-IPv6 forms."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def find_addresses(host: str, port: int, allow_private: bool) -> list[str]:
    """IP addresses of `host`, in the resolver's order.

    Raises:
        NameNotFound: the name has none.
        PrivateAddress: one of them is private, loopback, link-local or reserved. One is enough:
            a name that mixes public and private addresses is an attack or a mistake.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameNotFound(f"{host} cannot be resolved: {error}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise PrivateAddress(f"{host} is {address}, which is not a public address")
    return addresses


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.bound(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.bound(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.bound(timeout))
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Connects to the very addresses that were checked, so that no second look-up can differ."""

    def __init__(self, deadline: Deadline, allow_private: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = deadline
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _Options = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in find_addresses(host, port, self._allow_private):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.bound(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


def checked_transport(
    deadline: Deadline, *, allow_private: bool, connections: int
) -> httpx.HTTPTransport:
    """A transport that goes straight to checked addresses; proxies of the environment are not used,
    since behind one the address cannot be checked."""
    transport = httpx.HTTPTransport()
    # httpx has no public way to set the network backend; its version is held below 0.29
    transport._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(),
        max_connections=None,
        max_keepalive_connections=connections,
        keepalive_expiry=30.0,
        network_backend=_Backend(deadline, allow_private),
    )
    return transport
