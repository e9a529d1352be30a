"""Documents that a source holds itself: files and folders, ninjs, WARC archives; one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from flows.batch import Item
from flows.collect import Clock, Fetched, Record, fetch_record, read_source_files, source_record
from flows.fetch.client import Client
from flows.fetch.errors import FetchError
from flows.settings import SourceSettings
from flows.sources.discover import Discovered
from flows.sources.files import FileProblem, iter_files
from flows.sources.ninjs import split_items
from flows.sources.ranges import RangeFile
from flows.sources.source import SourceError
from flows.sources.tail import Readable
from flows.sources.warc import ArchivedPage, ArchiveProblem, iter_pages


class Documents:
    """The documents of one source, streamed; after the last one, `state` says how far it went.

    Args:
        known: the remembered state of the source, which tells where an archive is read on.
    """

    def __init__(
        self,
        source: SourceSettings,
        known: Record | None,
        client: Client | None,
        run_id: str,
        clock: Clock,
    ) -> None:
        self.source = source
        self._known = known if known is not None and known["location"] == source.location else None
        self._client, self._run_id, self._clock = client, run_id, clock
        self._count = 0
        self._position: int | None = self._known["position"] if self._known else None
        self._error: FetchError | SourceError | None = None

    def __iter__(self) -> Iterator[Fetched]:
        readers = {"files": self._files, "ninjs": self._ninjs, "warc": self._warc}
        for found in readers[self.source.kind]():
            self._count += found.item is not None
            if found.item is None and found.record.get("error_class") and not self._error:
                message = str(found.record["error"])
                rule = str(found.record["error_class"])
                self._error = SourceError(str(found.record["url"]), rule, message)
            yield found

    @property
    def failed(self) -> bool:
        """Whether there was something wrong and nothing else."""
        return self._error is not None and not self._count

    def state(self) -> Record:
        """The source's row in `sources`, once all was read."""
        found = Discovered(error=self._error if self.failed else None)
        record = source_record(self.source, self._known, found, self._clock())
        if self._count:
            record["entries"] = self._count
        return record | {"position": self._position}

    # ------------------------------------------------------------------ kinds

    def _files(self) -> Iterator[Fetched]:
        return read_source_files(self.source, self._run_id, self._clock)

    def _ninjs(self) -> Iterator[Fetched]:
        if "://" in self.source.location:
            yield from self._ninjs_address()
            return
        for found in iter_files(Path(self.source.location), only="ninjs"):
            if isinstance(found, FileProblem):
                yield self._problem(found.where, f"file:{found.rule}", found.reason)
            else:
                yield from self._items(found.where, found.body, self._of(found.where, found.body))

    def _ninjs_address(self) -> Iterator[Fetched]:
        url = self.source.location
        try:
            assert self._client is not None
            answer = self._client.get(url)
        except FetchError as error:
            self._error = error
            yield self._problem(url, error.error_class, error.message)
            return
        record = self._of(url, answer.body) | {"status": answer.status, "robots": answer.robots}
        yield from self._items(url, answer.body, record | {"robots_rule": answer.robots_rule})

    def _items(self, where: str, body: bytes, record: Record) -> Iterator[Fetched]:
        """The items of a ninjs document, which may list several; the first has its record."""
        for number, item in enumerate(split_items(body), 1):
            place = where if number == 1 else f"{where}#{number}"
            yield Fetched(record if number == 1 else {}, self._item(place, "ninjs", item))

    def _warc(self) -> Iterator[Fetched]:
        location, start = self.source.location, self._position or 0
        with ExitStack() as stack:
            try:
                file: Readable
                if "://" in location:
                    assert self._client is not None
                    file = RangeFile(location, self._client, start)
                else:
                    file = stack.enter_context(Path(location).open("rb"))
                    # an archive that is shorter than it was is another one
                    start = start if start <= Path(location).stat().st_size else 0
                    file.seek(start)
                self._position = start
                yield from self._pages(file)
            except OSError as error:
                yield self._problem(location, "file:unreadable", error.strerror or str(error))
            except FetchError as error:
                self._error = error
                yield self._problem(location, error.error_class, error.message)

    def _pages(self, file: Readable) -> Iterator[Fetched]:
        """The pages of an archive; `_position` is always that of the first record not yet given."""
        given = 0
        for found in iter_pages(file):
            self._position = found.position
            if self.source.limit is not None and given >= self.source.limit:
                return
            if isinstance(found, ArchiveProblem):
                where = f"{self.source.location}@{found.position}"
                yield self._problem(where, f"file:{found.rule}", found.reason)
                if found.last:
                    return
            elif isinstance(found, ArchivedPage):
                given += 1
                record = self._of(found.url, found.body) | {"status": 200}
                yield Fetched(
                    record | {"started_at": found.fetched_at},
                    Item(
                        self.source.id, found.url, "html", found.body, found.fetched_at,
                        found.content_type,
                    ),
                )  # fmt: skip
        self._position = file.tell()

    # ------------------------------------------------------------------ records

    def _item(self, where: str, kind: str, body: bytes) -> Item:
        return Item(self.source.id, where, kind, body, self._clock())  # type: ignore[arg-type]

    def _of(self, where: str, body: bytes) -> Record:
        return fetch_record(self._run_id, self.source.id, where, self._clock()) | {
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }

    def _problem(self, where: str, error_class: str, reason: str) -> Fetched:
        record = fetch_record(self._run_id, self.source.id, where, self._clock())
        return Fetched(record | {"error_class": error_class, "error": reason}, None)
