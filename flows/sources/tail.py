"""The end of an archive that is read as a stream: where its last whole record ends."""

from __future__ import annotations

import re
import zlib
from typing import Protocol

MAX_KEPT = 64_000_000
_LENGTH = re.compile(rb"^content-length\s*:\s*(\d{1,15})\s*$", re.I | re.M)


class Readable(Protocol):
    """A file, or what is read like one."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes."""
        ...

    def tell(self) -> int:
        """The position in the archive."""
        ...


class Tail:
    """Reads a file and keeps what was read since the last record began.

    A reader of records stops without a word where only the beginning of one is left; from what is
    kept it can be told. Of a record beyond `MAX_KEPT` bytes nothing is.
    """

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._kept = bytearray()
        self._from: int | None = file.tell()

    def read(self, size: int = -1, /) -> bytes:
        """As the file's own."""
        data = self._file.read(size)
        if self._from is not None:
            self._kept += data
            if len(self._kept) > MAX_KEPT:
                self._from, self._kept = None, bytearray()
        return data

    def tell(self) -> int:
        """As the file's own."""
        return self._file.tell()

    def begin(self, position: int) -> None:
        """A record begins at `position`: what lies before it is let go."""
        if self._from is None:
            self._from, self._kept = position, bytearray()
        # a record that was not kept from its beginning is not kept at all
        if self._from <= position <= self._from + len(self._kept):
            del self._kept[: position - self._from]
            self._from = position
        else:
            self._from = None

    def end_of_record(self) -> int:
        """Where the record that began last ends; the end of the file where that is not known."""
        end = self._file.tell()
        if self._from is None or not self._kept:
            return end
        if self._kept.startswith(b"\x1f\x8b"):
            engine = zlib.decompressobj(31)
            data = bytes(self._kept)
            try:
                while data and not engine.eof:
                    engine.decompress(data, 1 << 20)
                    data = engine.unconsumed_tail
            except zlib.error:
                return end
            return end - len(engine.unused_data) if engine.eof else self._from
        head = self._kept.find(b"\r\n\r\n")
        length = _LENGTH.search(bytes(self._kept[: max(head, 0)]).replace(b"\r", b""))
        if head < 0 or length is None:
            return self._from
        whole = head + 4 + int(length[1])
        if whole > len(self._kept):
            return self._from
        while self._kept[whole : whole + 2] == b"\r\n":
            whole += 2
        return self._from + whole
