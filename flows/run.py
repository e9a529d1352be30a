"""The account of a run: what came in, what went out, what was held back and how long it took."""

from __future__ import annotations

import json
import resource
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from expectations.measure import Tallies, add_tallies
from flows.batch import Held, Staged, write_table
from flows.settings import Settings
from transforms.annotate import VERSIONS
from transforms.article.page import VERSION as EXTRACTOR
from transforms.convert import to_arrow
from warehouse.lake import Warehouse
from warehouse.tables import ARTICLE_VERSIONS, RUN_STAGES, RUNS, Table

STAGES = (
    "discover", "fetch", "extract", "parse", "annotate", "validate", "stage", "duplicates",
    "entities",
)  # fmt: skip


@dataclass
class Account:
    """Counts of one run; `state` is published, unchanged or failed."""

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
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    peak_memory: int = 0

    def add_fetches(self, records: Sequence[dict[str, Any]], unchanged: int) -> None:
        """Count the attempts of a batch."""
        self.articles_in += unchanged
        self.articles_unchanged += unchanged
        for record in records:
            if record.get("error_class"):
                self.fetch_failures += 1
                self.held_back[f"{record['error_class']}: {record['error']}"] += 1

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
        self._add_judged([staged.judged])
        add_tallies(self.tallies, staged.tallies)
        self.peak_memory = max(self.peak_memory, staged.peak_memory)
        self.add_seconds(staged.seconds)

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

    def add_seconds(self, seconds: Mapping[str, float]) -> None:
        """Add the time that stages took."""
        for stage, spent in seconds.items():
            self.seconds[stage] += spent

    def write(self, warehouse: Warehouse, settings: Settings, model: str) -> None:
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
            "code_version": version("dateline"),
            "model": model,
            "extractors": json.dumps({"article_versions": EXTRACTOR} | VERSIONS, sort_keys=True),
        } | {
            name: getattr(self, name)
            for name in (
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
        stage_records(warehouse, self.run_id, RUN_STAGES, self._stages())

    def _stages(self) -> list[dict[str, Any]]:
        here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        counts: dict[str, tuple[int, int, int]] = {
            "discover": (self.sources, self.pages_listed, 0),
            "fetch": (self.pages_listed, self.articles_in, self.fetch_failures),
            "extract": (self.articles_in - self.articles_unchanged, self.articles_new, 0),
            "annotate": (self.articles_new - self.articles_skipped, self.rows_out, 0),
            "validate": (self.rows_out, self.rows_out, self.rows_quarantined),
        }
        stages = []
        for stage in STAGES:
            rows_in, rows_out, held = counts.get(stage, (self.articles_new, self.articles_new, 0))
            in_worker = stage in ("parse", "annotate", "validate", "stage")
            stages.append(
                {
                    "run_id": self.run_id,
                    "stage": stage,
                    "rows_in": max(0, rows_in),
                    "rows_out": rows_out,
                    "rows_quarantined": held,
                    "seconds": float(self.seconds[stage]),
                    "peak_memory": self.peak_memory if in_worker else here,
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
