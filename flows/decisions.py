"""What persons have decided about entities, kept in the archive: a replay makes it again.

``archive/decisions.jsonl`` has a line for each decision, in the order they were published.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Set
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flows.registry.person import publish_decision
from transforms.registry.decision import Decision, from_values
from warehouse.lake import Warehouse, connect

FILE = "decisions.jsonl"


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision with the run that published it, and when."""

    run_id: str
    made_at: datetime
    decision: Decision


def keep_decision(archive: Path, kept: Kept) -> None:
    """Append a decision to the archive; it is on disk when this returns."""
    archive.mkdir(parents=True, exist_ok=True)
    _append(archive / FILE, kept)


def _append(path: Path, kept: Kept) -> None:
    line = asdict(kept) | {"made_at": kept.made_at.isoformat()}
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(line, ensure_ascii=False) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def drop_decisions(archive: Path, entities: Set[str]) -> None:
    """Take the decisions about any of these entities out of the archive."""
    kept = list(read_decisions(archive))
    left = [k for k in kept if not entities & set(k.decision.entities)]
    if len(left) == len(kept):
        return
    partial = archive / f".{FILE}.partial"
    partial.unlink(missing_ok=True)
    partial.touch()
    for one in left:
        _append(partial, one)
    partial.replace(archive / FILE)


def read_decisions(archive: Path) -> Iterator[Kept]:
    """The decisions of an archive, in order; a last line that was cut off is left out."""
    path = archive / FILE
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            row = json.loads(line)
            made_at = datetime.fromisoformat(row["made_at"])
            yield Kept(row["run_id"], made_at, from_values(row["decision"]))


def make_again(lake: Warehouse, archive: Path, before: datetime | None) -> int:
    """Publish the archived decisions that the warehouse lacks; how many. Only under its lock.

    Args:
        before: leave those of this time and later.
    """
    with connect(lake) as connection:
        known = {
            key
            for (key,) in connection.execute(
                "SELECT decision_id FROM lake.entity_decisions WHERE decided_by <> 'machine'"
            ).fetchall()
        }
    missing = [
        kept
        for kept in read_decisions(archive)
        if kept.decision.decision_id not in known and (before is None or kept.made_at < before)
    ]
    for kept in missing:
        publish_decision(lake, kept.run_id, kept.decision, kept.made_at)
        if archive != lake.archive:
            keep_decision(lake.archive, kept)
    return len(missing)
