"""The account of a run: what came in, what went out, what was held back and how long it took."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from expectations.measure import Tallies, add_tallies
from flows.batch import Held, Staged, write_table
from flows.meter import Meter, Usage, peak_memory
from flows.settings import Settings
from flows.stamp import code_version, machine, model_name, settings_json, stamp_of, versions
from transforms.annotate import VERSIONS
from transforms.article.page import VERSION as EXTRACTOR
from transforms.convert import to_arrow
from warehouse.lake import Warehouse, connect
from warehouse.publish import keep_records
from warehouse.tables import ARTICLE_VERSIONS, RUN_STAGES, RUNS, Table

STAGES = (
    "discover", "fetch", "extract", "parse", "annotate", "validate", "stage", "duplicates",
    "entities", "publish", "index",
)  # fmt: skip
_LAST = ("publish", "index")
"""Stages that end after the run's own row is written."""


@dataclass
class Account:
    """Counts of one run; `kind` and `state` are those of the table `runs`."""

    run_id: str
    started_at: datetime
    kind: str = "ingest"
    state: str = "failed"
    message: str | None = None
    forced_by: str | None = None
    forced_because: str | None = None
    sources: int = 0
    sources_failed: int = 0
    pages_listed: int = 0
    items_in: int = 0
    """Counted where they are handed out, before anything is known of them."""
    items_failed: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """Pages and documents that were passed over, by reason."""
    articles_in: int = 0
    articles_new: int = 0
    articles_unchanged: int = 0
    articles_skipped: int = 0
    articles_held: int = 0
    rows_in: int = 0
    rows_out: int = 0
    rows_quarantined: int = 0
    fetch_failures: int = 0
    snapshot: int = 0
    held_back: Counter[str] = field(default_factory=Counter)
    """Pages, documents and rows that were not published, by reason in words."""
    failed_tables: set[str] = field(default_factory=set)
    judged: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    """By table and source: rows and documents that came, and how many were held back."""
    tallies: Tallies = field(default_factory=dict)
    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Items in, out and held back, by stage."""
    usage: dict[str, Usage] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
    """Rows published, by table."""
    slice_from: datetime | None = None
    slice_to: datetime | None = None

    @property
    def items_missing(self) -> int:
        """Pages and documents handed out of which nobody says what became; 0 in every good run."""
        known = self.articles_new + self.articles_unchanged + self.articles_held
        return self.items_in - known - self.items_failed - self.left_out.total()

    @property
    def rows_missing(self) -> int:
        """Fact rows found that were neither published nor held back; 0 in every good run."""
        return self.rows_in - self.rows_out - (self.rows_quarantined - self.articles_held)

    def add_fetches(self, records: Sequence[dict[str, Any]], unchanged: int) -> None:
        """Count the attempts of a batch."""
        self.articles_in += unchanged
        self.articles_unchanged += unchanged
        failed = sum(1 for record in records if record.get("error_class"))
        self.count("fetch", len(records), len(records) - failed, failed)
        for record in records:
            if record.get("error_class"):
                self.fetch_failures += 1
                self.held_back[f"{record['error_class']}: {record['error']}"] += 1

    def add_extracted(self, documents: int, held: Sequence[Held]) -> None:
        """Count documents that were read, of which some gave no article."""
        self.count("extract", documents, documents - len(held), len(held))

    def add_held(self, held: Sequence[Held]) -> None:
        """Count documents that gave no article."""
        self.articles_in += len(held)
        self.articles_held += len(held)
        self.rows_quarantined += len(held)
        self.held_back.update(f"{h.rule}: {h.reason}" for h in held)
        self._add_judged({(ARTICLE_VERSIONS.name, h.source_id): (1, 1)} for h in held)

    def add_staged(self, staged: Staged) -> None:
        """Count a batch of new article versions."""
        self.articles_in += staged.came
        self.articles_held += staged.came - staged.versions
        self.rows_in += staged.found
        self.articles_new += staged.versions
        self.articles_skipped += staged.skipped
        self.rows_out += staged.rows
        self.rows_quarantined += sum(staged.quarantined.values())
        self.held_back.update(staged.quarantined)
        self.failed_tables.update(staged.failed_tables)
        texts = staged.texts
        held = sum(staged.quarantined.values())
        self.count("parse", texts, texts)
        self.count("annotate", texts, staged.found)
        self.count("validate", staged.found + staged.came, staged.rows + staged.versions, held)
        self.count("stage", staged.rows + staged.versions, staged.rows + staged.versions)
        self._add_judged([staged.judged])
        add_tallies(self.tallies, staged.tallies)
        self.add_usage(staged.usage)

    def _add_judged(self, parts: Iterable[dict[tuple[str, str], tuple[int, int]]]) -> None:
        for part in parts:
            for key, (came, held) in part.items():
                before = self.judged.get(key, (0, 0))
                self.judged[key] = (before[0] + came, before[1] + held)

    def leave_out(self, articles: int, rows: int) -> None:
        """Count as known what another address of the run has brought already."""
        self.articles_new -= articles
        self.articles_unchanged += articles
        self.rows_in -= rows
        self.rows_out -= rows

    def count(self, stage: str, rows_in: int, rows_out: int, held: int = 0) -> None:
        """Add what went into a stage, came out of it and was held back."""
        before = self.counts.get(stage, (0, 0, 0))
        self.counts[stage] = (before[0] + rows_in, before[1] + rows_out, before[2] + held)

    def add_usage(self, usage: Mapping[str, Usage]) -> None:
        """Add what stages cost."""
        for stage, used in usage.items():
            self.usage[stage] = self.usage.get(stage, Usage()) + used

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage that this process does by itself."""
        meter = Meter()
        try:
            with meter.stage(name):
                yield
        finally:
            self.add_usage(meter.usage)

    def write(self, warehouse: Warehouse, settings: Settings) -> None:
        """Stage the run's own rows."""
        record = {
            "run_id": self.run_id,
            "kind": self.kind,
            "started_at": self.started_at,
            "ended_at": datetime.now(UTC),
            "state": self.state,
            "message": self.message,
            "forced_by": self.forced_by,
            "forced_because": self.forced_because,
            "code_version": code_version(),
            "model": model_name(settings.model),
            "stamp": stamp_of(settings),
            "settings": settings_json(settings),
            "versions": versions(),
            "machine": machine(),
            "slice_from": self.slice_from,
            "slice_to": self.slice_to,
            "items_left_out": self.left_out.total(),
            "left_out": json.dumps(dict(self.left_out), sort_keys=True) if self.left_out else None,
            "extractors": json.dumps({"article_versions": EXTRACTOR} | VERSIONS, sort_keys=True),
        } | {
            name: getattr(self, name)
            for name in (
                "items_in",
                "items_failed",
                "articles_in",
                "articles_new",
                "articles_unchanged",
                "articles_skipped",
                "articles_held",
                "rows_in",
                "rows_out",
                "rows_quarantined",
                "fetch_failures",
            )
        }
        stage_records(warehouse, self.run_id, RUNS, [record])
        done = [stage for stage in STAGES if stage not in _LAST]
        stage_records(warehouse, self.run_id, RUN_STAGES, self._stages(done))

    def keep_last_stages(self, warehouse: Warehouse) -> None:
        """Keep what the stages after the publish's begin cost, for the next publish."""
        stage_records(warehouse, self.run_id, RUN_STAGES, self._stages(_LAST))
        keep_records(warehouse, self.run_id)

    def _stages(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Rows of `run_stages`, of the stages that were gone through."""
        stages = []
        for stage in names:
            if stage not in self.usage and stage not in self.counts:
                continue
            rows_in, rows_out, held = self.counts.get(stage, (0, 0, 0))
            used = self.usage.get(stage, Usage(peak_memory=peak_memory()))
            stages.append(
                {
                    "run_id": self.run_id,
                    "stage": stage,
                    "rows_in": rows_in,
                    "rows_out": rows_out,
                    "rows_quarantined": held,
                    "seconds": used.seconds,
                    "cpu_seconds": used.cpu_seconds,
                    "peak_memory": used.peak_memory,
                }
            )
        return stages


def stage_records(
    warehouse: Warehouse,
    run_id: str,
    table: Table,
    records: Sequence[dict[str, Any]],
    part: str = "run",
) -> None:
    """Write records of a run next to its staged rows."""
    folder = warehouse.staging(run_id) / part
    folder.mkdir(parents=True, exist_ok=True)
    write_table(to_arrow(table.columns, records), folder, table)


def is_published(lake: Warehouse, run_id: str) -> bool:
    """Whether the warehouse has a run, as one that did not fail."""
    with connect(lake) as connection:
        found = connection.execute(
            "SELECT 1 FROM runs WHERE run_id = ? AND state <> 'failed'", [run_id]
        ).fetchone()
    return found is not None
