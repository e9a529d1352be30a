"""WARC archives, such as Common Crawl's CC-NEWS: their pages one by one, from any record on."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from flows.fetch.body import BadEncoding, TooLarge, read_body
from flows.sources.tail import Readable, Tail

MAX_BYTES = 20_000_000
MAX_HEADER = 64_000
ARCHIVE_HEAD = 512
"""Bytes from which an archive is known."""
_HTML = ("text/html", "application/xhtml+xml")
_PAGES = WarcRecordType.response | WarcRecordType.resource


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """An HTML page as it was answered.

    Attributes:
        position: where its record begins in the archive.
        url: address asked for.
        body: without transfer and content encoding.
        fetched_at: UTC.
    """

    position: int
    url: str
    body: bytes
    content_type: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """A record that cannot be read.

    Attributes:
        rule: ``warc`` (the archive is broken here, or not one), ``torn`` (it ends within a record),
            ``too_large`` or ``decode``.
        last: nothing can be read after it; the next run begins at its position again.
    """

    position: int
    rule: str
    reason: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no page that came well: another status, an image, a request."""

    position: int


def is_archive(head: bytes) -> bool:
    """Whether a file that begins like this is an archive, plain or gzip."""
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, ARCHIVE_HEAD)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def iter_pages(file: Readable) -> Iterator[ArchivedPage | ArchiveProblem | Passed]:
    """The records of an archive from where `file` stands, which is the beginning of a record.

    Plain, or gzip with a member a record. Memory holds one record.
    """
    position, tail = file.tell(), Tail(file)
    try:
        records = ArchiveIterator(cast(BinaryIO, tail), parse_http=False, max_header_len=MAX_HEADER)
        for record in records:
            position = record.stream_pos
            tail.begin(position)
            yield (found := _read(record))
            if isinstance(found, ArchiveProblem) and found.last:
                return
        end = tail.end_of_record()
        if end < file.tell():
            yield ArchiveProblem(end, "torn", "the archive ends within a record", last=True)
    except (OSError, ValueError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        yield ArchiveProblem(position, "warc", f"the archive cannot be read on: {error}", last=True)


def _read(record: WarcRecord) -> ArchivedPage | ArchiveProblem | Passed:
    position, size = record.stream_pos, record.content_length
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not record.record_type & _PAGES or not url.startswith(("http://", "https://")):
        return Passed(position)
    if size > MAX_BYTES:
        return ArchiveProblem(position, "too_large", f"{url}: more than {MAX_BYTES} bytes")
    block = record.reader.read(size)
    if len(block) < size:
        return ArchiveProblem(position, "torn", "the archive ends within a record", last=True)
    at = record.record_date or datetime.fromtimestamp(0, UTC)
    fetched_at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if record.record_type == WarcRecordType.resource:
        kind = record.headers.get("Content-Type")
        page = ArchivedPage(position, url, block, kind, fetched_at)
        return page if _is_html(kind) else Passed(position)
    status, headers, body = _answer(block)
    kind = headers.get("content-type")
    if status != 200 or not _is_html(kind):
        return Passed(position)
    try:
        return ArchivedPage(position, url, _decoded(body, headers), kind, fetched_at)
    except TooLarge as error:
        return ArchiveProblem(position, "too_large", f"{url}: {error}")


def _is_html(content_type: str | None) -> bool:
    return (content_type or "").split(";")[0].strip().lower() in _HTML


def _answer(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by lower-case name, and body of an HTTP answer as stored."""
    head, gap, body = block.partition(b"\r\n\r\n")
    if not gap:
        head, _, body = block.partition(b"\n\n")
    first, *lines = head.decode("latin-1").splitlines() or [""]
    words = first.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isascii() and words[1].isdigit() else 0
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return status, headers, body


def _decoded(body: bytes, headers: dict[str, str]) -> bytes:
    """The body without its encodings; as it is where it does not have those that it claims.

    Many archives store the decoded body under the headers of the encoded one.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _dechunked(body)
    try:
        return read_body([body], headers.get("content-encoding"), MAX_BYTES)
    except BadEncoding:
        return body


def _dechunked(body: bytes) -> bytes:
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        end = body.find(b"\r\n", at)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return b"".join(parts) if parts and not body[at:].strip() else body
        if length == 0:
            break
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
    return b"".join(parts)
