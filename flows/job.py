"""A run under way: what every stage of it needs."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.collect import Record
from flows.fetch.archive import Archive
from flows.fetch.client import Client
from flows.log import say
from flows.pool import Workers
from flows.progress import Report
from flows.run import Account, is_published, stage_records
from flows.settings import Settings
from flows.stop import Stop
from warehouse.publish import (
    keep_records,
)
from warehouse.store import Place, list_files
from warehouse.tables import SOURCES


@dataclass(frozen=True)
class Run:
    """A run under way: what every stage needs.

    Attributes:
        client: null where nothing is to be fetched.
        archive: null where what comes is not to be kept, or is kept already.
        stop: tells when to stop; what is done by then is published.
        window: articles published outside of it are left out; end exclusive.
    """

    settings: Settings
    account: Account
    published: datetime | None
    client: Client | None
    archive: Archive | None
    workers: Workers
    report: Report
    stop: Stop = field(default_factory=Stop)
    window: tuple[datetime, datetime] | None = None

    @property
    def zones(self) -> dict[str, str | None]:
        """The configured time zone of each source."""
        return {source.id: source.zone for source in self.settings.sources}

    def stage(self, table: Any, records: Sequence[Record], part: str) -> None:
        """Write records of the run next to its staged rows."""
        stage_records(self.settings.lake, self.account.run_id, table, records, part)

    def staged(self, name: str) -> list[Place]:
        """The staged files of a table."""
        folder = self.settings.lake.staging(self.account.run_id)
        return [path for path, _ in list_files(folder, f"{name}.parquet")]

    def keep(self) -> None:
        """Keep the account of a run that publishes nothing, for the next publish.

        A failed run leaves the sources as they were, so that they give the same again.
        """
        if self.account.state == "failed":
            for path in self.staged(SOURCES.name):
                path.unlink()
        self.account.write(self.settings.lake, self.settings)
        keep_records(self.settings.lake, self.account.run_id)

    @contextmanager
    def kept_if_failed(self) -> Iterator[None]:
        """Keep the account of a run that fails; its own failure goes through in any case.

        What fails when the run is published already, such as an index that the next run makes,
        does not make it a failed one.
        """
        try:
            yield
        except Exception as error:
            try:
                if is_published(self.settings.lake, self.account.run_id):
                    say("after", f"the run is published, but: {error}", level=logging.ERROR)
                else:
                    self.account.state, self.account.message = "failed", str(error)
                    self.keep()
            except Exception as other:  # noqa: BLE001 - such as a disk that is full for this too
                say(
                    "keep", f"the failed run could not be recorded either: {other}",
                    level=logging.ERROR,
                )  # fmt: skip
            raise
