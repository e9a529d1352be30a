"""Bodies read within bounds, compressed and decompressed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

_STEP = 1 << 16


class TooLarge(Exception):
    """More bytes than allowed."""


class BadEncoding(Exception):
    """A body that is not what its Content-Encoding says."""


def read_body(chunks: Iterable[bytes], encoding: str | None, max_bytes: int) -> bytes:
    """The decoded body; at most `max_bytes` on the wire and `max_bytes` decoded are ever held.

    Raises:
        TooLarge: there are more.
        BadEncoding: the encoding is unknown or broken.
    """
    names = [n for n in (encoding or "").lower().replace(" ", "").split(",") if n != "identity"]
    names = [n for n in names if n]
    if not names:
        return _joined(chunks, max_bytes)
    if len(names) > 1 or names[0] not in ("gzip", "x-gzip", "deflate"):
        raise BadEncoding(f"Content-Encoding {encoding} is not one that was asked for")
    counted = _counted(chunks, max_bytes)
    return _joined(inflate(counted, gzip=names[0] != "deflate", max_bytes=max_bytes), max_bytes)


def gunzip(body: bytes, max_bytes: int) -> bytes:
    """A gzip file unpacked; raises TooLarge beyond `max_bytes` and BadEncoding when broken."""
    return _joined(inflate([body], gzip=True, max_bytes=max_bytes), max_bytes)


def inflate(chunks: Iterable[bytes], *, gzip: bool, max_bytes: int) -> Iterable[bytes]:
    """Decompressed pieces of at most 64 kB, several gzip members in a row included.

    Raises:
        TooLarge: more than `max_bytes` come out.
        BadEncoding: the data are broken or end too early.
    """
    total, ended, first = 0, False, True
    engine = zlib.decompressobj(31 if gzip else 15)
    for chunk in chunks:
        data = chunk
        while data:
            if ended:
                if not gzip or data[:1] != b"\x1f":
                    break  # padding after the last member is common and harmless
                engine, ended = zlib.decompressobj(31), False
            try:
                piece = engine.decompress(data, _STEP)
            except zlib.error as error:
                if gzip or not first:
                    raise BadEncoding(f"compressed data are broken: {error}") from error
                # some servers send raw deflate under the name of zlib's format
                engine, first = zlib.decompressobj(-15), False
                continue
            first = False
            total += len(piece)
            if total > max_bytes:
                raise TooLarge(f"more than {max_bytes} bytes after decompression")
            yield piece
            ended = engine.eof
            data = engine.unused_data if ended else engine.unconsumed_tail
    if not ended and not first:
        # the output limit can leave the end of a last match inside the engine
        tail = engine.flush()
        if total + len(tail) > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes after decompression")
        yield tail
        if not engine.eof:
            raise BadEncoding("compressed data end too early")


def _counted(chunks: Iterable[bytes], max_bytes: int) -> Iterable[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes")
        yield chunk


def _joined(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    return b"".join(_counted(chunks, max_bytes))
