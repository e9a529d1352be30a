"""Reading stored texts anew with the extractors of today, into a candidate beside the lake."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.check import check
from expectations.own import load_own
from flows.batch import write_table
from flows.candidate import (
    Candidate,
    batch_folder,
    candidate_lock,
    make_candidate,
    missing_batches,
    read_texts,
)
from flows.meter import Meter, Usage
from flows.progress import Report
from flows.settings import Settings
from flows.stamp import stamp_of, stamps_of
from flows.workers import language, spread
from transforms.annotate import LANGUAGES, annotate
from transforms.convert import as_arrow, to_arrow
from transforms.language.headline import parse_headlines
from transforms.text import Text
from warehouse.lake import connect, snapshot_id
from warehouse.tables import CHECKS, FACTS, QUARANTINE, READINGS

DONE = "done.json"


@dataclass(slots=True)
class Reread:
    """What became of the texts of a batch, or of several."""

    texts: int = 0
    skipped: int = 0
    rows: int = 0
    held: int = 0
    failed_tables: list[str] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)

    def add(self, other: Reread) -> None:
        """Take in another's counts."""
        self.texts += other.texts
        self.skipped += other.skipped
        self.rows += other.rows
        self.held += other.held
        self.failed_tables = sorted({*self.failed_tables, *other.failed_tables})
        for stage, used in other.usage.items():
            self.usage[stage] = self.usage.get(stage, Usage()) + used


def reprocess(
    settings: Settings,
    *,
    name: str,
    where: str | None = None,
    again: bool = False,
    report: Report,
) -> tuple[Candidate, Reread]:
    """Read the chosen texts into the candidate `name`; what was done already is left alone.

    Only texts of current articles whose stamp differs are read, unless `again`. It can be stopped
    at any time and goes on with the next batch when started again.

    Raises:
        UnknownCandidate: one of this name was made of something else.
        WarehouseLocked: another candidate is being made.
    """
    with candidate_lock(settings.lake), connect(settings.lake) as connection:
        made_at = datetime.now(UTC)
        folder, candidate = make_candidate(
            connection, settings, name=name, made_at=made_at, snapshot=snapshot_id(connection),
            where=where, again=again,
        )  # fmt: skip
        todo = missing_batches(folder, candidate)
        done = candidate.batches - len(todo)
        report("batches", done, candidate.batches)
        function = partial(
            reread_batch,
            folder=folder,
            model=settings.model,
            vague_policy=settings.vague_policy,
            run_id=f"candidate-{name}",
            as_of=made_at,
            zones={source.id: source.zone for source in settings.sources},
            stamps=stamps_of(settings, [source.id for source in settings.sources]),
            usual=stamp_of(settings),
            own=settings.quality.expectations,
        )
        texts = read_texts(connection, folder, candidate, todo)
        for _ in spread(function, texts, settings.processes, settings.model):
            done += 1
            report("batches", done, candidate.batches)
    return candidate, read_outcome(folder)


def read_outcome(folder: Path) -> Reread:
    """What became of all batches of a candidate."""
    total = Reread()
    for path in sorted(folder.glob(f"batch-*/{DONE}")):
        found = json.loads(path.read_text(encoding="utf-8"))
        found["usage"] = {stage: Usage(**used) for stage, used in found["usage"].items()}
        total.add(Reread(**found))
    return total


def reread_batch(
    numbered: tuple[int, Sequence[Mapping[str, Any]]],
    *,
    folder: Path,
    model: str,
    vague_policy: str,
    run_id: str,
    as_of: datetime,
    zones: Mapping[str, str | None],
    stamps: Mapping[str, str],
    usual: str,
    own: Path | None = None,
) -> Reread:
    """Annotate and check stored texts; their batch appears in the candidate when it is whole.

    Args:
        numbered: number of the batch, and rows of `read_texts`.
        stamps: by source; `usual` that of the others.
        own: a file of own expectations.
    """
    number, rows = numbered
    meter = Meter()
    texts = [
        _text(row, zones.get(row["source_id"]))
        for row in rows
        if (row["language"] or "en") in LANGUAGES
    ]
    with meter.stage("parse"):
        documents = list(language(model).parse([t.text for t in texts]))
        headlines = parse_headlines(language(model), texts)
    with meter.stage("annotate"):
        frames = annotate(texts, documents, vague_policy, headlines)
    with meter.stage("validate"):
        known = pd.DataFrame(
            [(row["article_id"], row["version"], row["text"], row["headline"]) for row in rows],
            columns=["article_id", "version", "text", "headline"],
        )
        checked = check(
            frames,
            run_id=run_id,
            as_of=as_of,
            texts=known,
            sources={row["article_id"]: row["source_id"] for row in rows},
            extra=load_own(own).rules,
        )
    partial_folder = folder / f".{batch_folder(folder, number).name}"
    with meter.stage("stage"):
        partial_folder.mkdir(parents=True, exist_ok=True)
        for table in FACTS:
            write_table(as_arrow(table, checked.good[table.name]), partial_folder, table)
        readings = [
            {
                "article_id": row["article_id"], "version": row["version"],
                "stamp": stamps.get(row["source_id"], usual),
            }
            for row in rows
        ]  # fmt: skip
        write_table(to_arrow(READINGS.columns, readings), partial_folder, READINGS)
        write_table(as_arrow(QUARANTINE, checked.quarantined), partial_folder, QUARANTINE)
        write_table(as_arrow(CHECKS, checked.results), partial_folder, CHECKS)
    outcome = Reread(
        texts=len(texts),
        skipped=len(rows) - len(texts),
        rows=sum(len(checked.good[t.name]) for t in FACTS),
        held=len(checked.quarantined),
        failed_tables=list(checked.failed_tables),
        usage=meter.usage,
    )
    (partial_folder / DONE).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    target = batch_folder(folder, number)
    shutil.rmtree(target, ignore_errors=True)
    partial_folder.replace(target)
    return outcome


def _text(row: Mapping[str, Any], zone: str | None) -> Text:
    return Text(
        article_id=row["article_id"],
        version=row["version"],
        text=row["text"],
        headline=row["headline"],
        published_at=row["published_at"],
        language=row["language"] or "en",
        zone=zone,
        url=row["url"],
    )
