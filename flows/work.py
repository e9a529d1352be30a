"""The documents of a batch in the hands of workers: read, then annotated, checked and staged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count

from flows.batch import Held, Incoming, Item, Staged, extract_items, stage_batch
from flows.faults import hold
from flows.meter import Usage
from flows.pool import Pool, Workers
from flows.run import Account
from flows.settings import Settings
from flows.sift import sift
from flows.stamp import stamps_of
from flows.workers import split_texts
from warehouse.store import Place, remove_folder


def extract(
    items: Sequence[Item], published: datetime | None, workers: Workers
) -> tuple[list[Incoming | Held], dict[str, Usage]]:
    """What each document gave, in order, and what that cost.

    `published` is when those came out that do not say it.
    """
    outcomes: list[Incoming | Held] = []
    usage: dict[str, Usage] = {}

    def read(pool: Pool, part: Sequence[Item]) -> list[Incoming | Held]:
        found, used = pool.submit(extract_items, part, published).result()
        for stage, cost in used.items():
            usage[stage] = usage.get(stage, Usage()) + cost
        return found

    for part in sift(read, items, workers) if items else ():
        if part.failure is None:
            outcomes += part.result or ()
        else:
            outcomes += [hold(item, part.failure) for item in part.items]
    return outcomes, usage


def stage(
    settings: Settings,
    account: Account,
    zones: Mapping[str, str | None],
    new: Sequence[Incoming],
    folder: Place,
    workers: Workers,
) -> tuple[list[Staged], list[tuple[Incoming, Exception]]]:
    """What became of article versions, staged below `folder`; and those on which the work fails,
    with the failure. `zones` has the time zone of each source."""
    numbers = count()

    def annotate(pool: Pool, part: Sequence[Incoming]) -> Staged:
        place = folder / f"part-{next(numbers)}"
        try:
            return pool.submit(
                stage_batch,
                part,
                place,
                model=settings.model,
                vague_policy=settings.vague_policy,
                run_id=account.run_id,
                as_of=account.started_at,
                zones=zones,
                stamps=stamps_of(settings, {i.source_id for i in part}),
                own=settings.quality.expectations,
            ).result()
        except Exception:
            remove_folder(place)  # what it had written before it failed
            raise

    staged: list[Staged] = []
    failed: list[tuple[Incoming, Exception]] = []
    for texts in split_texts(new, lambda i: len(i.extracted.text), settings.characters):
        for part in sift(annotate, texts, workers):
            if part.failure is not None:
                failed += [(one, part.failure) for one in part.items]
            elif part.result is not None:
                staged.append(part.result)
    return staged, failed
