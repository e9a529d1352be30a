"""The raw archive: what was fetched, as WARC/1.1; `archived` reads it back.

A run has a file ``archive/YYYY/MM/RUN.warc.gz`` (``RUN-1.warc.gz``... where it is large), each
record a gzip member of its own, so that a position is enough to read one. For each attempt there is

- a ``response`` (or, of a file, ``resource``) record, where a document came that was not known;
- a ``metadata`` record beside it (WARC-Concurrent-To) with the row of ``fetches`` and what the
  source said of the document, as JSON.

A run that ended well leaves ``RUN-end.warc.gz`` too, whose one record is the state it left the
sources in; a run without it was killed. It is written before the run is published, so that nothing
is in the warehouse and not here; ``unpublished`` names it until the run is. ISO 28500:2017.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from flows.batch import Item
from flows.fetch.response import Response

Record = dict[str, Any]
ROLL = 1_000_000_000
"""Bytes after which a run's next record goes to a new file."""
END = "-end.warc.gz"
UNPUBLISHED = "unpublished"
_PREFIX = "X-Archive-Orig-"
# they describe the body as it was sent, not as it is kept: decoded and whole
_SENT = ("content-encoding", "transfer-encoding", "content-length")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record lies: file below the archive folder, and bytes in it."""

    file: str
    offset: int
    length: int


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
        """Say that the run ended well, and how it left the sources.

        To be followed by `published`, or by `withdraw_end` before the next run.
        """
        self.close()
        with self._lock:
            self.root.mkdir(parents=True, exist_ok=True)
            with (self.root / UNPUBLISHED).open("w") as handle:
                handle.write(self._run_id)
                handle.flush()
                os.fsync(handle.fileno())
            writer = self._start(END, partial=True)
            facts = {"attempts": self._attempts, "sources": list(sources)}
            self._write(writer, _metadata(writer, f"urn:dateline:run:{self._run_id}", facts, {}))
            self._finish()
            ended = self.root / self._file
            _partial(ended).replace(ended)

    def published(self) -> None:
        """Say that what ended is in the warehouse, or had nothing for it."""
        (self.root / UNPUBLISHED).unlink(missing_ok=True)

    def _open(self) -> WARCWriter:
        if self._handle is not None and self._handle.tell() >= ROLL:
            self._finish()
        if self._writer is not None:
            return self._writer
        ending = f"-{self._parts}.warc.gz" if self._parts else ".warc.gz"
        self._parts += 1
        return self._start(ending)

    def _start(self, ending: str, *, partial: bool = False) -> WARCWriter:
        """A new file of the run, with the record that says whose it is.

        One that is partial does not count before it is renamed.
        """
        self._file = f"{self._started_at:%Y/%m}/{self._run_id}{ending}"
        path = self.root / self._file
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = (_partial(path) if partial else path).open("wb")
        self._writer = WARCWriter(self._handle, gzip=True, warc_version="1.1")
        info = {
            "software": "dateline",
            "format": "WARC File Format 1.1",
            "isPartOf": self._run_id,
            "started": self._started_at.isoformat(),
            "published": self._published.isoformat() if self._published else "",
        }
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, info))
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


def withdraw_end(root: Path, is_published: Callable[[str], bool]) -> None:
    """Take back the end of a run that failed or was killed before it was published.

    The next run brings all of it again under its own name. A replay that took both would publish
    the rows under the first.
    """
    mark = root / UNPUBLISHED
    if not mark.exists():
        return
    run_id = mark.read_text().strip()
    if run_id and not is_published(run_id):
        for path in root.rglob(f"{run_id}{END}"):
            path.unlink()
    mark.unlink()


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.partial")


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
