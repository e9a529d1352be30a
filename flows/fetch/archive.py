"""The raw archive: what was fetched, as WARC/1.1, and read back from it.

A run has a file ``archive/YYYY/MM/RUN.warc.gz`` (``RUN-1.warc.gz``... where it is large), each
record a gzip member of its own, so that a position is enough to read one. For each attempt there is

- a ``response`` (or, of a file, ``resource``) record, where a document came that was not known;
- a ``metadata`` record beside it (WARC-Concurrent-To) with the row of ``fetches`` and what the
  source said of the document, as JSON.

A run that ended well leaves ``RUN-end.warc.gz`` too, whose one record is the state it left the
sources in; a run without it was killed. ISO 28500:2017.
"""

from __future__ import annotations

import json
import os
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.batch import Item
from flows.fetch.client import Response
from transforms.article.model import DateCandidate

Record = dict[str, Any]
ROLL = 1_000_000_000
"""Bytes after which a run's next record goes to a new file."""
_END = "-end.warc.gz"
_PREFIX = "X-Archive-Orig-"
# they describe the body as it was sent, not as it is kept: decoded and whole
_SENT = ("content-encoding", "transfer-encoding", "content-length")
_TIMES = ("started_at", "updated_at", "watermark_at", "last_success_at", "next_try_at")


class ArchiveError(Exception):
    """An archive that cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record lies: file below the archive folder, and bytes in it."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as archived: its row of `fetches`, and the document where one came.

    `unchanged`: it found a page as it was.
    """

    record: Record
    item: Item | None
    unchanged: bool


@dataclass(frozen=True, slots=True)
class ArchivedRun:
    """A run in the archive.

    Attributes:
        attempts: how many it made; null where it was killed, and what follows is missing.
        sources: the state of its sources at its end.
    """

    run_id: str
    started_at: datetime
    published: datetime | None
    attempts: int | None
    sources: tuple[Record, ...]
    files: tuple[Path, ...]


class Archive:
    """The file that a run writes; safe to use from several threads."""

    def __init__(
        self, root: Path, run_id: str, started_at: datetime, published: datetime | None
    ) -> None:
        self.root = root
        self._run_id = run_id
        self._started_at = started_at
        self._published = published
        self._lock = threading.Lock()
        self._handle: IO[bytes] | None = None
        self._writer: WARCWriter | None = None
        self._file = ""
        self._parts = 0
        self._attempts = 0

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(
        self,
        record: Record,
        item: Item | None = None,
        response: Response | None = None,
        *,
        unchanged: bool = False,
    ) -> Position | None:
        """Keep an attempt; where its bytes lie, null where none came.

        Args:
            record: its row of `fetches`; empty for a further line of a file.
            item: the document it brought.
            response: the answer from the network, also of a source, which brings no document.
            unchanged: the page is as it was.

        Raises:
            OSError: the file cannot be written, e.g. the disk is full.
        """
        with self._lock:
            writer = self._open()
            position = None
            beside = {}
            uri = _uri(item.where if item is not None else str(record["url"]))
            if response is not None:
                document = _response(writer, response)
            elif item is not None:
                document = _resource(writer, uri, item)
            else:
                document = None
            if document is not None:
                beside = {"WARC-Concurrent-To": document.rec_headers.get_header("WARC-Record-ID")}
                position = self._write(writer, document)
                if record:
                    record = record | positioned(position)
            facts: Record = {"fetch": record, "unchanged": unchanged}
            facts["item"] = None if item is None else _said(item)
            self._write(writer, _metadata(writer, uri, facts, beside))
            self._attempts += 1
            return position

    def close(self) -> None:
        """Flush what was kept to the disk; what comes later goes to a further file."""
        with self._lock:
            self._finish()

    def end(self, sources: Iterable[Record]) -> None:
        """Say that the run ended well, and how it left the sources."""
        self.close()
        with self._lock:
            self._parts = -1
            writer = self._open()
            facts = {"attempts": self._attempts, "sources": list(sources)}
            self._write(writer, _metadata(writer, f"urn:dateline:run:{self._run_id}", facts, {}))
            self._finish()

    def _open(self) -> WARCWriter:
        if self._handle is not None and self._handle.tell() >= ROLL:
            self._finish()
        if self._writer is None:
            part = "" if self._parts == 0 else "-end" if self._parts < 0 else f"-{self._parts}"
            self._parts += 1
            self._file = f"{self._started_at:%Y/%m}/{self._run_id}{part}.warc.gz"
            path = self.root / self._file
            path.parent.mkdir(parents=True, exist_ok=True)
            self._handle = path.open("wb")
            self._writer = WARCWriter(self._handle, gzip=True, warc_version="1.1")
            self._writer.write_record(
                self._writer.create_warcinfo_record(
                    path.name,
                    {
                        "software": "dateline",
                        "format": "WARC File Format 1.1",
                        "isPartOf": self._run_id,
                        "started": self._started_at.isoformat(),
                        "published": self._published.isoformat() if self._published else "",
                    },
                )
            )
        return self._writer

    def _write(self, writer: WARCWriter, record: Any) -> Position:
        assert self._handle is not None
        offset = self._handle.tell()
        writer.write_record(record)
        return Position(self._file, offset, self._handle.tell() - offset)

    def _finish(self) -> None:
        if self._handle is not None:
            self._handle.flush()
            os.fsync(self._handle.fileno())
            self._handle.close()
        self._handle = self._writer = None


def positioned(position: Position) -> Record:
    """The columns of `fetches` that say where a document lies."""
    return {
        "archive_file": position.file,
        "archive_offset": position.offset,
        "archive_length": position.length,
    }


def _uri(where: str) -> str:
    return where if "://" in where else "file://" + quote(where)


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _response(writer: WARCWriter, response: Response) -> Any:
    headers = [(_PREFIX + n if n.lower() in _SENT else n, v) for n, v in response.raw_headers]
    http = StatusAndHeaders(
        f"{response.status} {responses.get(response.status, '')}".strip(),
        [*headers, ("Content-Length", str(len(response.body)))],
        protocol="HTTP/1.1",
    )
    return writer.create_warc_record(
        response.final_url,
        "response",
        payload=BytesIO(response.body),
        http_headers=http,
        warc_headers_dict={"WARC-Date": _date(response.started_at)},
    )


def _resource(writer: WARCWriter, uri: str, item: Item) -> Any:
    return writer.create_warc_record(
        uri,
        "resource",
        payload=BytesIO(item.body),
        warc_content_type=item.content_type or "application/octet-stream",
        warc_headers_dict={"WARC-Date": _date(item.fetched_at)},
    )


def _metadata(
    writer: WARCWriter, uri: str, facts: Mapping[str, Any], headers: dict[str, str]
) -> Any:
    body = json.dumps(facts, ensure_ascii=False, default=_plain, sort_keys=True).encode(
        "utf-8", "backslashreplace"
    )
    return writer.create_warc_record(
        uri,
        "metadata",
        payload=BytesIO(body),
        warc_content_type="application/json",
        warc_headers_dict=headers,
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the archive")


def _said(item: Item) -> Record:
    said = asdict(replace(item, body=b""))
    del said["body"]
    return said


# --------------------------------------------------------------------------- reading


def list_runs(root: Path) -> list[ArchivedRun]:
    """The runs in an archive folder, oldest first.

    Raises:
        ArchiveError: there is no such folder, or a file is no archive of ours.
    """
    if not root.is_dir():
        raise ArchiveError(f"there is no archive folder {root}")
    parts: dict[str, list[Path]] = {}
    infos: dict[str, Record] = {}
    for path in sorted(root.rglob("*.warc.gz")):
        info = _info(path)
        parts.setdefault(info["isPartOf"], []).append(path)
        infos.setdefault(info["isPartOf"], info)
    found = []
    for run_id, info in infos.items():
        ends = [facts for p in parts[run_id] if p.name.endswith(_END) for facts in _records(p)]
        files = [p for p in parts[run_id] if not p.name.endswith(_END)]
        found.append(
            ArchivedRun(
                run_id=run_id,
                started_at=datetime.fromisoformat(info["started"]),
                published=datetime.fromisoformat(info["published"]) if info["published"] else None,
                attempts=next((facts["attempts"] for facts in ends), None),
                sources=tuple(_timed(row) for facts in ends for row in facts["sources"]),
                files=tuple(sorted(files, key=lambda p: (len(p.name), p.name))),
            )
        )
    return sorted(found, key=lambda run: run.started_at)


def read_run(run: ArchivedRun) -> Iterator[Attempt]:
    """Every attempt of a run, in the order written; memory holds one document.

    Raises:
        ArchiveError: a file is damaged or cut short.
    """
    count = 0
    for path in run.files:
        for facts in _records(path):
            count += 1
            yield Attempt(_timed(facts["fetch"]), facts["document"], facts["unchanged"])
    if run.attempts is not None and count != run.attempts:
        raise ArchiveError(
            f"the archive of run {run.run_id} has {count} of {run.attempts} attempts: a file of it"
            f" is missing or cut short ({', '.join(map(str, run.files)) or 'none is left'})"
        )


def _info(path: Path) -> Record:
    try:
        with path.open("rb") as handle:
            record = next(ArchiveIterator(handle))
            text = record.content_stream().read().decode("utf-8")
    except (StopIteration, ArchiveLoadFailed, OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{path} is no archive of dateline: {error}") from error
    lines = (line.partition(":") for line in text.splitlines())
    info = {name.strip(): value.strip() for name, _, value in lines}
    if record.rec_type != "warcinfo" or "isPartOf" not in info or "started" not in info:
        raise ArchiveError(f"{path} is no archive of dateline: it does not say which run wrote it")
    return {"published": ""} | info


def _records(path: Path) -> Iterator[Record]:
    """The JSON of the metadata records, each with the document before it under ``document``."""
    body = b""
    with path.open("rb") as handle:
        try:
            for record in ArchiveIterator(handle):
                content = record.content_stream().read()
                if record.rec_type in ("response", "resource"):
                    body = content
                elif record.rec_type == "metadata":
                    facts = json.loads(content)
                    said = facts.get("item")
                    facts["document"] = None if said is None else _item(said, body)
                    body = b""
                    yield facts
        except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
            raise ArchiveError(f"{path} is damaged or cut short: {error}") from error


def _item(said: Record, body: bytes) -> Item:
    dates = tuple(DateCandidate(d["method"], d["value"]) for d in said.pop("dates"))
    fetched_at = datetime.fromisoformat(said.pop("fetched_at"))
    return Item(**said, body=body, fetched_at=fetched_at, dates=dates)


def _timed(row: Record) -> Record:
    moments = {n: datetime.fromisoformat(row[n]) for n in _TIMES if row.get(n)}
    return row | moments
