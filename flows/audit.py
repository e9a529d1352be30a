"""What a run is about to publish beside texts and facts, held to its declaration.

Facts and versions were checked batch by batch. Here come the rows that follow from them (articles,
readings, duplicates, entities), of which a bad one stops the publish, since what it belongs to
would be published without it; and the run's own records of sources and fetches, of which a bad one
is held back: the source lists again what it listed, the page is asked for again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from expectations.check import check, merge_results
from expectations.gate import explain_broken
from expectations.report import to_records
from flows.batch import read_tables, write_table
from transforms.convert import as_arrow, to_frame
from warehouse.lake import Warehouse
from warehouse.store import Place, list_files, read_parquet
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    CHECKS,
    DUPLICATES,
    FETCHES,
    QUARANTINE,
    READINGS,
    REGISTRY,
    RUN_STAGES,
    RUNS,
    SOURCES,
    Table,
)

HELD = (SOURCES, FETCHES)
"""Tables of which a bad row is held back."""
STOPPING = (ARTICLES, READINGS, DUPLICATES, *REGISTRY)
"""Tables of which a bad row stops the publish."""
RECORDS = (RUNS, RUN_STAGES, CHECKS)
"""What a run says of itself, written last."""


class ValidationStopped(Exception):
    """A table failed an expectation that guards the warehouse; nothing was published."""


def audit(
    warehouse: Warehouse, run_id: str, as_of: datetime, tables: Sequence[Table]
) -> pd.DataFrame:
    """The results of the rules of these tables on what a run has staged, a row for each rule.

    Bad rows of HELD tables are moved to the staged quarantine.

    Raises:
        ValidationStopped: another table has a bad row.
    """
    folder = warehouse.staging(run_id)
    results: list[pd.DataFrame] = []
    for table in tables:
        for path, _ in sorted(list_files(folder, f"{table.name}.parquet")):
            results.append(_audit_file(table, path, run_id, as_of))
    merged = merge_results(results)
    stopping = {t.name for t in tables if t not in HELD}
    broken = [
        row for row in to_records(merged)
        if not row["success"] and row["severity"] == "critical" and row["table_name"] in stopping
    ]  # fmt: skip
    if broken:
        raise ValidationStopped(
            f"nothing was published: {explain_broken(broken)}. The rows follow from others, so"
            " these would be published without them: it is a fault of the code, not of the news;"
            " the last snapshot stands"
        )
    return merged


def _audit_file(table: Table, path: Place, run_id: str, as_of: datetime) -> pd.DataFrame:
    frame = read_tables([path], table.name)
    if table in HELD:
        # an address that was asked for twice has one row, the last
        frame = frame.drop_duplicates(list(table.key), keep="last").reset_index(drop=True)
    checked = check({table.name: frame}, run_id=run_id, as_of=as_of, texts=_versions(path.parent))
    if table in HELD and len(checked.quarantined):
        path.unlink()
        write_table(as_arrow(table, checked.good[table.name]), path.parent, table)
        held = path.parent / f"held-{table.name}"
        held.mkdir(exist_ok=True)
        write_table(as_arrow(QUARANTINE, _located(checked.quarantined)), held, QUARANTINE)
    return checked.results


def _versions(folder: Place) -> pd.DataFrame | None:
    """The article versions staged in the same batch, which its other rows speak of."""
    path = folder / f"{ARTICLE_VERSIONS.name}.parquet"
    if not path.exists():
        return None
    found: pd.DataFrame = read_parquet(path, columns=["article_id", "version"]).to_pandas()
    return found.assign(text="")


def _located(quarantined: pd.DataFrame) -> pd.DataFrame:
    """The rows held back with the source and address that they are about."""
    records = as_arrow(QUARANTINE, quarantined).to_pylist()
    for record in records:
        row = json.loads(record["row_json"])
        record["source_id"] = row["source_id"]
        record["location"] = row.get("url") or row.get("location")
    return to_frame(QUARANTINE, records)
