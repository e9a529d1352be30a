"""What the raw archive holds, read back run by run; `archive` says how it is laid out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from flows.batch import Item
from flows.fetch.archive import END, Record
from transforms.article.model import DateCandidate

_TIMES = ("started_at", "updated_at", "watermark_at", "last_success_at", "next_try_at")


class ArchiveError(Exception):
    """An archive that cannot be read; the message names the file."""


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
        files: what holds its attempts, in order.
        ends: what says that it ended.
    """

    run_id: str
    started_at: datetime
    published: datetime | None
    attempts: int | None
    sources: tuple[Record, ...]
    files: tuple[Path, ...]
    ends: tuple[Path, ...]


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
        if not path.stat().st_size:
            # a run was killed before it wrote anything; where it had ended, a file is missed below
            continue
        info = _info(path)
        parts.setdefault(info["isPartOf"], []).append(path)
        infos.setdefault(info["isPartOf"], info)
    found = []
    for run_id, info in infos.items():
        paths = tuple(p for p in parts[run_id] if p.name.endswith(END))
        ends = [facts for p in paths for facts in _records(p)]
        files = [p for p in parts[run_id] if not p.name.endswith(END)]
        found.append(
            ArchivedRun(
                run_id=run_id,
                started_at=datetime.fromisoformat(info["started"]),
                published=datetime.fromisoformat(info["published"]) if info["published"] else None,
                attempts=next((facts["attempts"] for facts in ends), None),
                sources=tuple(_timed(row) for facts in ends for row in facts["sources"]),
                files=tuple(sorted(files, key=lambda p: (len(p.name), p.name))),
                ends=paths,
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
            if "forgotten" in facts:
                continue
            yield Attempt(_timed(facts["fetch"]), facts["document"], facts["unchanged"])
    if run.attempts is not None and count != run.attempts:
        raise ArchiveError(
            f"the archive of run {run.run_id} has {count} of {run.attempts} attempts: a file of it"
            f" is missing or cut short ({', '.join(map(str, run.files)) or 'none is left'})"
        )


def read_document(root: Path, url: str, file: str, offset: int) -> Item | None:
    """The document of an address whose record begins here; null where it was removed on request.

    Raises:
        ArchiveError: the file is missing, damaged or cut short, or no document begins there.
    """
    path = root / file
    try:
        handle = path.open("rb")
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error}") from error
    with handle:
        handle.seek(offset)
        facts = next(_read_records(handle, path), None)
    if facts is None:
        raise ArchiveError(f"{path} has no document at {offset}")
    # in the place of one that was removed the next is found, which is of another address
    document: Item | None = facts["document"]
    return document if facts.get("fetch", {}).get("url") == url else None


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
    with path.open("rb") as handle:
        yield from _read_records(handle, path)


def _read_records(handle: BinaryIO, path: Path) -> Iterator[Record]:
    """As `_records`, from where the file stands on."""
    body = b""
    try:
        for record in ArchiveIterator(handle):
            content = record.content_stream().read()
            if record.rec_type in ("response", "resource"):
                body = content
            elif record.rec_type == "metadata":
                facts = json.loads(content)
                said = facts.get("item")
                if said is not None:
                    facts["document"] = parse_item(said, body)
                if facts.get("forgotten") != "document":
                    yield {"document": None} | facts
                body = b""
    except (ArchiveLoadFailed, EOFError, zlib.error, ValueError) as error:
        raise ArchiveError(f"{path} is damaged or cut short: {error}") from error


def parse_item(said: Record, body: bytes) -> Item:
    """The document that a metadata record describes."""
    dates = tuple(DateCandidate(d["method"], d["value"]) for d in said["dates"])
    fetched_at = datetime.fromisoformat(said["fetched_at"])
    return Item(**said | {"body": body, "fetched_at": fetched_at, "dates": dates})


def _timed(row: Record) -> Record:
    moments = {n: datetime.fromisoformat(row[n]) for n in _TIMES if row.get(n)}
    return row | moments
