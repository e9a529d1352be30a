"""Taking what is forgotten out of archive files, so that all other records stay where they are.

A record is replaced by one of the same length, to the byte, that says only that something was
forgotten; so the positions in `fetches`, in snapshots and in exports hold. The file is written anew
beside the old one and takes its place at once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from flows.batch import Incoming, extract_items
from flows.fetch.archived import ArchiveError, parse_item
from flows.forgotten import Forgotten
from flows.withhold import withheld_by

_URL = re.compile(rb"https?://[^\s\"'<>\]\)]+")
_BLOCK = 65_535
_EXTRA = 60_000
"""Padding that a gzip header takes."""


@dataclass(slots=True)
class Erased:
    """How many records were taken out, and what of it is left in others."""

    attempts: int = 0
    documents: int = 0
    linking: int = 0
    """Documents of other articles that hold a forgotten address."""


@dataclass(frozen=True, slots=True)
class _Place:
    offset: int
    length: int
    said: str


def erase_archive(root: Path, forgotten: Forgotten) -> Erased:
    """Take all that is forgotten out of the archive files below a folder.

    That are attempts on forgotten addresses, articles and sources, with their documents; lines of
    files and pages without an article that name a forgotten person; and the answers of other
    sources (feeds, sitemaps) that list a forgotten address.

    Raises:
        ArchiveError: a file is damaged; it is left as it is.
    """
    erased = Erased()
    for path in sorted(root.rglob("*.warc.gz")):
        places = list(_find(path, forgotten, erased))
        if places:
            _rewrite(path, places)
    return erased


def _find(path: Path, forgotten: Forgotten, erased: Erased) -> Iterator[_Place]:
    """Where in a file is something to take out, in order."""
    document: tuple[int, int, bytes] | None = None
    with path.open("rb") as handle:
        try:
            records = ArchiveIterator(handle)
            for record in records:
                content = record.content_stream().read()
                records.read_to_end(record)
                at, length = records.get_record_offset(), records.get_record_length()
                if record.rec_type in ("response", "resource"):
                    document = (at, length, content)
                elif record.rec_type == "metadata":
                    facts = json.loads(content)
                    if "fetch" in facts:
                        body = document[2] if document else b""
                        if _is_forgotten(facts, body, forgotten):
                            erased.attempts += 1
                            if document:
                                yield _Place(*document[:2], "document")
                            yield _Place(at, length, "attempt")
                        elif document and forgotten.urls and _names(body, forgotten):
                            if facts.get("item") is None:
                                erased.documents += 1
                                yield _Place(*document[:2], "document")
                            else:
                                erased.linking += 1
                    document = None
        except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
            raise ArchiveError(f"{path} is damaged or cut short: {error}") from error


def _is_forgotten(facts: dict[str, Any], body: bytes, forgotten: Forgotten) -> bool:
    fetch, said = facts["fetch"], facts.get("item")
    if fetch.get("source_id") in forgotten.sources or fetch.get("article_id") in forgotten.articles:
        return True
    if forgotten.has_url(fetch.get("url"), fetch.get("final_url")):
        return True
    if said is None:
        return False
    if said["source_id"] in forgotten.sources or forgotten.has_url(said["where"]):
        return True
    if said["kind"] == "html" and fetch.get("article_id"):
        return False
    # a line of a file, or what gave no article: only reading it tells what it is
    (found,), _ = extract_items([parse_item(said, body)], None)
    if isinstance(found, Incoming) and found.article_id in forgotten.articles:
        return True
    return withheld_by(found, forgotten) is not None


def _names(body: bytes, forgotten: Forgotten) -> bool:
    """Whether a document holds a forgotten address."""
    urls = {m.decode("utf-8", "replace") for m in _URL.findall(body)}
    return forgotten.has_url(*urls, *map(unescape, urls))


def _rewrite(path: Path, places: list[_Place]) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with path.open("rb") as old, partial.open("wb") as new:
        at = 0
        for place in places:
            _copy(old, new, place.offset - at)
            new.write(filler(place.length, place.said))
            at = place.offset + place.length
            old.seek(at)
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())
    partial.replace(path)


def _copy(old: Any, new: Any, count: int) -> None:
    while count:
        part = old.read(min(count, 1 << 20))
        if not part:
            raise ArchiveError("an archive file became shorter while it was read")
        new.write(part)
        count -= len(part)


def filler(length: int, said: str) -> bytes:
    """A gzip member of exactly this length whose WARC record says what kind of thing is gone.

    Raises:
        ArchiveError: so short a member cannot hold a record.
    """
    small = _record(said, 0)
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = packed.compress(small) + packed.flush()
    room = length - 18 - len(deflated)
    if room == 0 or 2 <= room <= _EXTRA:
        return _member(small, deflated, room)
    if room < 0 or room == 1:
        raise ArchiveError(f"a record of {length} bytes is too short to be replaced")
    # blank lines, not packed: as long as what they stand for
    spaces = length - 18 - _EXTRA // 2 - len(small)
    record = _record(said, max(spaces - 5 * (spaces // _BLOCK + 2), 0))
    stored = _stored(record)
    return _member(record, stored, length - 18 - len(stored))


def _record(said: str, spaces: int) -> bytes:
    body = json.dumps({"forgotten": said}).encode() + b" " * spaces
    head = (
        "WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:dateline:forgotten>\r\n"
        f"WARC-Date: {datetime(1970, 1, 1):%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def _stored(data: bytes) -> bytes:
    """The data as DEFLATE blocks that are not compressed (RFC 1951, 3.2.4)."""
    blocks = []
    for at in range(0, len(data), _BLOCK):
        part = data[at : at + _BLOCK]
        last = at + _BLOCK >= len(data)
        size = len(part)
        blocks.append(bytes([last]) + size.to_bytes(2, "little"))
        blocks.append((size ^ 0xFFFF).to_bytes(2, "little") + part)
    return b"".join(blocks)


def _member(data: bytes, deflated: bytes, padding: int) -> bytes:
    """A gzip member (RFC 1952) whose extra field makes it `padding` bytes longer."""
    flags, extra = 0, b""
    if padding:
        flags = 4
        extra = (padding - 2).to_bytes(2, "little") + bytes(padding - 2)
    head = bytes([0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255]) + extra
    ends = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return head + deflated + ends
