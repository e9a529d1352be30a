"""A file on the network, read piece by piece: any size in flat memory, from any position."""

from __future__ import annotations

from flows.fetch.client import Client
from flows.fetch.errors import FetchError

PIECE = 8_000_000


class RangeFile:
    """Reads a file over HTTP by ranges (RFC 9110 section 14), each a polite request of its own.

    A server that knows no ranges must give the whole file within the client's bound of a body.

    Raises:
        FetchError: from `read`.
    """

    def __init__(self, url: str, client: Client, start: int = 0, piece: int = PIECE) -> None:
        self._url, self._client, self._piece = url, client, piece
        self._at = start
        self._held = b""
        self._ended = False

    def tell(self) -> int:
        """The position in the file."""
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, none at the end."""
        while (size < 0 or not self._held) and not self._ended:
            self._ask()
        taken = self._held if size < 0 else self._held[:size]
        self._held = self._held[len(taken) :]
        self._at += len(taken)
        return taken

    def _ask(self) -> None:
        start = self._at + len(self._held)
        try:
            answer = self._client.get(self._url, byte_range=(start, start + self._piece - 1))
        except FetchError as error:
            if error.status != 416:
                raise
            self._ended = True  # nothing lies there: this is the end
            return
        if answer.status == 206:
            self._held += answer.body
            self._ended = len(answer.body) < self._piece
        else:
            self._held += answer.body[start:]
            self._ended = True
