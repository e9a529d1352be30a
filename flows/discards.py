"""What persons have put away for good, kept in the archive: a replay puts it away again.

``archive/discards.jsonl`` has a line for each row of the quarantine that was discarded: its key,
who did it, when and why. The key follows from the row, whatever run holds it back.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.run import stage_records
from warehouse.lake import Warehouse, connect
from warehouse.publish import publish
from warehouse.tables import QUARANTINE

FILE = "discards.jsonl"
_KEPT = ("quarantine_id", "decided_at", "decided_by", "note")

Row = dict[str, Any]


def keep_discards(archive: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append what was decided about these rows; it is on disk when this returns."""
    archive.mkdir(parents=True, exist_ok=True)
    with (archive / FILE).open("a", encoding="utf-8") as handle:
        for row in rows:
            line = {name: row[name] for name in _KEPT}
            line["decided_at"] = row["decided_at"].isoformat()
            handle.write(json.dumps(line, ensure_ascii=False) + "\n")
        handle.flush()
        os.fsync(handle.fileno())


def read_discards(archive: Path) -> dict[str, Row]:
    """What an archive says was discarded, by key; a last line that was cut off is left out."""
    path = archive / FILE
    if not path.is_file():
        return {}
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            row = json.loads(line)
            row["decided_at"] = datetime.fromisoformat(row["decided_at"])
            found[row["quarantine_id"]] = row
    return found


def discard_again(lake: Warehouse, archive: Path) -> int:
    """Put away what is open in the warehouse and was discarded; how many. Only under its lock."""
    kept = read_discards(archive)
    with connect(lake) as connection:
        result = connection.execute(
            "SELECT * FROM quarantine WHERE state = 'open' AND quarantine_id IN (SELECT unnest(?))",
            [list(kept)],
        )
        names = [d[0] for d in result.description or []]
        open_rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    rows = [row | kept[row["quarantine_id"]] | {"state": "discarded"} for row in open_rows]
    if rows:
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}"
        stage_records(lake, run_id, QUARANTINE, rows)
        publish(lake, run_id, now)
        if archive != lake.archive:
            keep_discards(lake.archive, rows)
    return len(rows)
