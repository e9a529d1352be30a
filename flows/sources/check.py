"""`dateline sources check`: what an address or file is, what it lists, how to configure it."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flows.fetch.client import Client
from flows.fetch.errors import FetchError
from flows.progress import Report
from flows.sources.document import read_document
from flows.sources.encoding import MAX_BYTES
from flows.sources.entry import Entry, Listing
from flows.sources.files import FileProblem, Skipped, iter_files
from flows.sources.plain import plain_url
from flows.sources.ranges import RangeFile
from flows.sources.source import SourceError
from flows.sources.tail import Readable
from flows.sources.warc import (
    ARCHIVE_HEAD,
    ArchivedPage,
    ArchiveProblem,
    is_archive,
    iter_pages,
)
from flows.workers import batched, in_order

FILES_AT_ONCE = 32
FOLDER_SHOWN = 1_000
"""Files of a folder, or records of an archive, that are looked at."""
_KINDS = {
    "rss": "feed", "atom": "feed", "json": "feed", "cdf": "feed", "sitemap": "sitemap",
    "news-sitemap": "sitemap", "sitemap-index": "sitemap", "url-list": "page", "page": "page",
    "text": "files", "jsonl": "files", "folder": "files", "ninjs": "ninjs", "warc": "warc",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one input.

    Attributes:
        given: as given.
        location: the address after redirects, or the path.
        listing: null where it could not be read.
        sitemaps: those that the robots.txt of a page's host names.
        error: class and message where it could not be read.
    """

    given: str
    location: str
    listing: Listing | None = None
    sitemaps: tuple[str, ...] = ()
    error: tuple[str, str] | None = None


def check_inputs(
    inputs: Sequence[str], client: Client, *, processes: int, report: Report
) -> Iterator[Checked]:
    """One answer for each input, in order; files are read by several processes, hosts in turn."""
    files = sum(not _is_address(i) for i in inputs)
    done = 0
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(16))
        pool: ProcessPoolExecutor | None = None
        if files > 2 * FILES_AT_ONCE and processes > 1:
            context = multiprocessing.get_context("spawn")
            pool = stack.enter_context(ProcessPoolExecutor(processes, context))

        def submit(batch: list[str]) -> Future[list[Checked]]:
            if _is_address(batch[0]):
                return threads.submit(lambda: [check_address(i, client) for i in batch])
            return (pool or threads).submit(check_files, batch)

        for found in in_order(submit, _batches(inputs), 2 * max(processes, 16)):
            for checked in found:
                done += 1
                report("sources", done, len(inputs))
                yield checked


def _batches(inputs: Sequence[str]) -> Iterator[list[str]]:
    """Addresses one by one, files together."""
    for address, group in groupby(inputs, _is_address):
        yield from batched(group, 1 if address else FILES_AT_ONCE)


def _is_address(given: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", given) is not None


# --------------------------------------------------------------------------- one input


def check_address(given: str, client: Client) -> Checked:
    """What an address gives; no failure is raised."""
    try:
        if re.search(r"\.warc(\.gz)?$", urlsplit(given).path):
            # far too large to be fetched whole
            listing = read_archive(RangeFile(given, client, piece=1_000_000), few=20)
            return Checked(given, given, listing)
        answer = client.get(given)
    except (FetchError, SourceError) as error:
        rule = error.error_class if isinstance(error, FetchError) else error.rule
        return Checked(given, given, error=(rule, error.message))
    checked = _checked(given, answer.final_url, partial(_read, answer.body, answer.content_type))
    if checked.listing is None or checked.listing.kind != "page":
        return checked
    try:
        return replace(checked, sitemaps=tuple(client.sitemaps(answer.final_url)))
    except FetchError:
        return checked  # a page is a page, whatever its robots.txt is


def _read(body: bytes, content_type: str | None, url: str) -> Listing:
    return read_document(body, url, content_type)


def check_files(paths: Sequence[str]) -> list[Checked]:
    """What each file or folder is; no failure is raised."""
    return [_checked(path, path, read_path) for path in paths]


def _checked(given: str, location: str, read: Any) -> Checked:
    try:
        return Checked(given, location, read(location))
    except SourceError as error:
        return Checked(given, location, error=(error.rule, error.message))
    except Exception as error:  # noqa: BLE001 - each input gets its line, and a bug is named there
        return Checked(given, location, error=("unexpected", f"{type(error).__name__}: {error}"))


def read_path(path: str) -> Listing:
    """What a file or folder is and lists.

    Raises:
        SourceError: it cannot be read.
    """
    place = Path(path)
    try:
        if place.is_dir():
            return _folder(place)
        if not place.exists():
            raise SourceError(path, "not_found", "there is no such file or folder")
        if not place.is_file():
            raise SourceError(path, "unreadable", "this is no regular file")
        with place.open("rb") as file:
            if is_archive(file.read(ARCHIVE_HEAD)):
                file.seek(0)
                return read_archive(file)
            file.seek(0)
            body = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(path, "unreadable", reason) from error
    if len(body) > MAX_BYTES:
        raise SourceError(path, "too_large", f"more than {MAX_BYTES} bytes")
    try:
        return read_document(body, path)
    except SourceError as error:
        if error.rule == "unknown" and place.suffix.lower() == ".txt":
            return Listing("text", entries=(Entry(id=path),))
        raise


def read_archive(file: Readable, few: int = FOLDER_SHOWN) -> Listing:
    """The first pages of an archive.

    Raises:
        SourceError: there are none, since it cannot be read.
    """
    entries: list[Entry] = []
    notes: list[str] = []
    for found in iter_pages(file):
        if len(entries) == few:
            notes.append(f"only its first {few} pages were looked at")
            break
        if isinstance(found, ArchivedPage):
            link = plain_url(found.url)
            entries.append(Entry(link=link, updated=found.fetched_at.isoformat()))
        elif isinstance(found, ArchiveProblem):
            if found.last and not entries:
                raise SourceError("", found.rule, found.reason)
            notes.append(f"record at {found.position}: {found.reason}")
    return Listing("warc", entries=tuple(entries), notes=tuple(notes[:20]))


def _folder(place: Path) -> Listing:
    skipped = Skipped()
    entries, problems = [], 0
    for item in islice(iter_files(place, skipped=skipped), FOLDER_SHOWN):
        if isinstance(item, FileProblem):
            problems += 1
        else:
            entries.append(Entry(id=item.where))
    notes = [f"only its first {FOLDER_SHOWN} documents were looked at"]
    notes = notes if len(entries) + problems == FOLDER_SHOWN else []
    if problems:
        notes.append(f"{problems} files or lines in it cannot be read")
    if skipped.by_suffix:
        named = ", ".join(f"{n} {s or 'without suffix'}" for s, n in skipped.by_suffix.items())
        notes.append(f"passed over by suffix: {named}")
    return Listing("folder", entries=tuple(entries), notes=tuple(notes))


# --------------------------------------------------------------------------- answers


def to_json(checked: Checked) -> dict[str, Any]:
    """One answer as a JSON object."""
    listing = checked.listing
    error = {"class": checked.error[0], "message": checked.error[1]} if checked.error else None
    fields = ("title", "link", "id", "published", "updated", "author", "summary")
    return {
        "input": checked.given,
        "location": checked.location,
        "kind": listing.kind if listing else None,
        "version": listing.version if listing else None,
        "title": listing.title if listing else None,
        "entries": [
            {name: getattr(entry, name) for name in fields}
            for entry in (listing.entries if listing else ())
        ],
        "feeds": list(listing.feeds) if listing else [],
        "sitemaps": list(checked.sitemaps),
        "notes": list(listing.notes) if listing else [],
        "configure": to_toml(checked),
        "error": error,
    }


def to_words(checked: Checked) -> str:
    """One answer in words, with what to write into dateline.toml."""
    if checked.error:
        return f"{checked.given}\n  cannot be used ({checked.error[0]}): {checked.error[1]}\n"
    assert checked.listing is not None
    listing = checked.listing
    lines = [checked.given, f"  {_what(listing)}"]
    if checked.location != checked.given:
        lines.append(f"  It is now at {checked.location}")
    with_title = [e for e in listing.entries if e.title]
    lines += [f"  - {_short(e.title or '')}" for e in with_title[:3]]
    lines += [f"  Note: {note}." for note in listing.notes]
    lines += [f"  It names the feed {url}" for url in listing.feeds]
    lines += [f"  robots.txt names the sitemap {url}" for url in checked.sitemaps[:10]]
    snippet = to_toml(checked)
    if snippet:
        lines += ["", *(f"    {line}" for line in snippet.splitlines())]
    return "\n".join(lines) + "\n"


def _what(listing: Listing) -> str:
    names = {
        "rss": "RSS feed", "atom": "Atom feed", "json": "JSON Feed", "cdf": "CDF channel",
        "sitemap": "Sitemap", "news-sitemap": "Google News sitemap", "page": "Web page",
        "sitemap-index": "Sitemap index", "url-list": "List of addresses", "text": "Plain text",
        "jsonl": "JSONL of documents", "ninjs": "ninjs document", "warc": "WARC archive",
        "folder": "Folder", "opml": "OPML list of feeds",
    }  # fmt: skip
    entries = listing.entries
    said = names[listing.kind] + (f" {listing.version}" if listing.version else "")
    said += f' "{_short(listing.title)}"' if listing.title else ""
    if listing.kind == "page":
        return said
    noun = {"sitemap-index": "sitemaps", "folder": "documents", "warc": "pages"}
    said += f": {len(entries)} {noun.get(listing.kind, 'entries')}"
    linked = sum(e.link is not None for e in entries)
    if linked < len(entries) and listing.kind not in ("folder", "jsonl", "ninjs", "text"):
        said += f", {len(entries) - linked} of them without a link (these cannot be fetched)"
    dates = [e.published or e.updated for e in entries if e.published or e.updated]
    return said + (f", the first dated {_short(dates[0] or '')}" if dates else "")


def to_toml(checked: Checked) -> str | None:
    """The source as dateline.toml has it; null where there is nothing to configure."""
    if checked.listing is None:
        return None
    if checked.listing.kind == "opml":
        return "\n\n".join(_source("feed", e.link) for e in checked.listing.entries if e.link)
    kind, location = _KINDS[checked.listing.kind], checked.location
    if checked.listing.kind == "page":
        if checked.sitemaps or checked.listing.feeds:
            kind = "site" if checked.sitemaps else "feed"
            location = location if checked.sitemaps else checked.listing.feeds[0]
        elif not _is_address(location):
            kind = "files"
    elif kind in ("feed", "sitemap", "page") and not _is_address(location):
        return None  # a copy of a feed on disk is nothing to visit every night
    return _source(kind, location)


def _source(kind: str, location: str) -> str:
    said = {"id": _name(location), "kind": kind, "location": location}
    return "\n".join(["[[sources]]", *(f"{name} = {_string(v)}" for name, v in said.items())])


def _name(location: str) -> str:
    if not _is_address(location):
        return _slug(os.path.basename(os.path.normpath(location))) or "files"  # noqa: PTH119
    parts = urlsplit(location)
    host = (parts.hostname or "").removeprefix("www.")
    path = re.sub(r"\.(xml|rss|json|gz|html?)\b", "", parts.path)
    return _slug(f"{host} {path}") or "source"


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60].strip("-")


def _string(text: str) -> str:
    """A basic string of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"
