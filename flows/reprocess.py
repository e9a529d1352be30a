"""Reading stored texts, or their archived pages, anew with the extractors of today.

What comes of it is a candidate beside the lake.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flows.candidate import (
    Candidate,
    Stage,
    candidate_lock,
    make_candidate,
    missing_batches,
    read_texts,
)
from flows.forgotten import load_forgotten
from flows.meter import Usage
from flows.progress import Report
from flows.reread import DONE, Reread, Terms, reread_batch
from flows.settings import Settings
from flows.stamp import stamp_of, stamps_of
from flows.workers import spread
from warehouse.lake import connect, snapshot_id


def reprocess(
    settings: Settings,
    *,
    name: str,
    where: str | None = None,
    again: bool = False,
    stage: Stage = "annotate",
    report: Report,
) -> tuple[Candidate, Reread]:
    """Read the chosen texts into the candidate `name`; what was done already is left alone.

    Only texts of current articles whose stamp differs are read, unless `again`. From the stage
    `extract` on, that are also those of another page extractor, and each is read from its archived
    page, where one is kept. It can be stopped at any time and goes on with the next batch when
    started again.

    Raises:
        UnknownCandidate: one of this name was made of something else.
        WarehouseLocked: another candidate is being made.
    """
    with candidate_lock(settings.lake), connect(settings.lake) as connection:
        made_at = datetime.now(UTC)
        folder, candidate = make_candidate(
            connection, settings, name=name, made_at=made_at, snapshot=snapshot_id(connection),
            where=where, again=again, stage=stage,
        )  # fmt: skip
        todo = missing_batches(folder, candidate)
        done = candidate.batches - len(todo)
        report("batches", done, candidate.batches)
        terms = Terms(
            archive=settings.lake.archive,
            model=settings.model,
            vague_policy=settings.vague_policy,
            run_id=f"candidate-{name}",
            as_of=made_at,
            zones={source.id: source.zone for source in settings.sources},
            stamps=stamps_of(settings, [source.id for source in settings.sources]),
            usual=stamp_of(settings),
            characters=settings.characters,
            own=settings.quality.expectations,
            from_page=candidate.stage == "extract",
            forgotten=load_forgotten(connection),
        )
        function = partial(reread_batch, folder=folder, terms=terms)
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
