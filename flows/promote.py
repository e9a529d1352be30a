"""Publishing a candidate, and going back to a snapshot: each a run of its own, one transaction."""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from expectations.check import merge_results
from flows.audit import RECORDS, STOPPING, ValidationStopped, audit
from flows.batch import read_tables, write_table
from flows.candidate import Candidate, UnknownCandidate, candidate_lock
from flows.knowledge import open_knowledge
from flows.observe import watched
from flows.progress import Report
from flows.registry.changes import stage
from flows.registry.follow import READ, follow, open_index
from flows.registry.night import register
from flows.reprocess import read_outcome
from flows.run import Account
from flows.settings import Settings
from flows.story import cluster_staged, index_of, keep_stories, sync
from transforms.convert import as_arrow, to_arrow
from transforms.registry.sighting import find_sightings
from warehouse.lake import Warehouse, connect, literal, quote, writer_lock
from warehouse.publish import clear_staging, publish
from warehouse.revise import (
    Revised,
    find_difference,
    find_live,
    find_others,
    other_files,
    revise,
)
from warehouse.rollback import check_snapshot, restore
from warehouse.search import index_texts
from warehouse.store import list_files, read_parquet
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    BY_NAME,
    CHECKS,
    FACTS,
    MENTIONS,
    QUARANTINE,
    READINGS,
)


def promote(settings: Settings, folder: Path, candidate: Candidate, report: Report) -> Account:
    """Publish a candidate's facts in one transaction and remove it; the account of the run.

    Rows that say the same stay; what others were is superseded. A text that its page gives
    otherwise now is a new version of its article, as one that a night brings. Names that come new
    are given to entities as those of a night are.

    Raises:
        UnknownCandidate: it is not finished.
        ValidationStopped: a table of it broke an expectation that guards the warehouse.
        WarehouseLocked: a run is writing, or the candidate is being made.
    """
    lake = settings.lake
    account = _account("promote")
    with candidate_lock(lake), writer_lock(lake), watched(account, settings, report):
        outcome = read_outcome(folder)
        done = len(list(folder.glob("batch-*")))
        if done < candidate.batches:
            raise UnknownCandidate(
                f"the candidate {candidate.name} has {done} of {candidate.batches} batches: run the"
                " same `dateline reprocess` again to finish it"
            )
        if outcome.failed_tables:
            raise ValidationStopped(
                f"nothing was published: {', '.join(outcome.failed_tables)} broke an expectation"
                " that guards the warehouse"
            )
        clear_staging(lake)
        account.articles_in = outcome.texts + outcome.skipped
        account.items_in = account.articles_in
        account.articles_skipped = outcome.skipped
        account.add_usage(outcome.usage)
        if outcome.pages:
            account.count("extract", outcome.pages, outcome.pages - outcome.refused)
        account.count("parse", outcome.texts, outcome.texts)
        account.count("annotate", outcome.texts, outcome.rows + outcome.held)
        account.count("validate", outcome.rows + outcome.held, outcome.rows, outcome.held)
        others = _stage_others(lake, folder, account.run_id)
        with account.stage("duplicates"):
            stories = cluster_staged(lake, account.run_id)
        with account.stage("entities"):
            added = _register(settings, folder, account)
        _stage_records(lake, folder, account)
        revised: list[Revised] = []

        def put(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
            revised.append(revise(connection, folder, account.run_id, account.started_at))
            return revised[-1].rows

        account.rows_in = added + outcome.held
        account.rows_out = added
        account.articles_new = others
        account.articles_unchanged = account.articles_in - others  # no word of them is new
        account.rows_quarantined = outcome.held
        account.state = "published"
        account.write(lake, settings)
        audit(lake, account.run_id, account.started_at, (*STOPPING, *RECORDS))
        with account.stage("publish"):
            done_by = publish(lake, account.run_id, account.started_at, put)
        account.snapshot, account.written = done_by.snapshot, dict(done_by.rows)
        with account.stage("index"):
            keep_stories(lake, stories)
            follow(lake)
            index_texts(lake)
        account.keep_last_stages(lake)
        shutil.rmtree(folder)
    return account


def roll_back(settings: Settings, snapshot: int, report: Report) -> tuple[Account, list[str]]:
    """Make current again what was current in a snapshot; the run's account, and what it took back.

    Raises:
        NoSuchSnapshot: the snapshot cannot be gone back to.
        WarehouseLocked: a run is writing.
    """
    lake = settings.lake
    account = _account("rollback")
    with writer_lock(lake), watched(account, settings, report):
        taken = check_snapshot(lake, snapshot)
        clear_staging(lake)
        account.state = "published"
        account.message = f"back to snapshot {snapshot}"
        account.write(lake, settings)
        with account.stage("publish"):
            done = publish(
                lake, account.run_id, account.started_at,
                lambda c: restore(c, snapshot, account.run_id, account.started_at),
            )  # fmt: skip
        account.snapshot, account.written = done.snapshot, dict(done.rows)
        account.rows_out = sum(done.rows[t.name] for t in FACTS)
        with account.stage("index"):
            follow(lake)
            with connect(lake) as connection:
                sync(index_of(lake), connection)
            index_texts(lake)
        account.keep_last_stages(lake)
    return account, taken


def _account(kind: str) -> Account:
    started = datetime.now(UTC)
    return Account(f"{started:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}", started, kind)


def _stage_others(lake: Warehouse, folder: Path, run_id: str) -> int:
    """Stage the texts that came out otherwise, as the batch of a night; how many there are."""
    with connect(lake) as connection:
        count = find_others(connection, folder)
        staging = lake.staging(run_id) / "batch-000000"
        staging.mkdir(parents=True, exist_ok=True)
        for table in (ARTICLES, ARTICLE_VERSIONS, READINGS, *FACTS) if count else ():
            if files := other_files(folder, table):
                path = staging / f"{table.name}.parquet"
                connection.execute(
                    f"COPY (SELECT t.* FROM read_parquet({literal(files)}) t SEMI JOIN others"
                    f" USING (article_id)) TO {quote(str(path))} (FORMAT parquet)"
                )
    return count


def _register(settings: Settings, folder: Path, account: Account) -> int:
    """Stage what the candidate's names change of the entities; how many fact rows it adds."""
    lake = settings.lake
    added = 0
    with connect(lake) as connection:
        find_live(connection, folder)
        for table in FACTS:
            find_difference(connection, folder, table)
            row = connection.execute(f"SELECT count(*) FROM new_{table.name}").fetchone()
            added += int(row[0]) if row else 0
            staged = lake.staging(account.run_id) / "batch-000000" / f"{table.name}.parquet"
            added += read_parquet(staged, columns=[]).num_rows if staged.exists() else 0
        columns = ", ".join(f'"{name}"' for name in READ)
        named = f"SELECT {columns} FROM new_{MENTIONS.name}"
        staged_names = list_files(lake.staging(account.run_id), f"{MENTIONS.name}.parquet")
        others = [str(path) for path, _ in staged_names]
        if others:
            named += f" UNION ALL SELECT {columns} FROM read_parquet({literal(others)})"
        result = connection.execute(f'FROM ({named}) ORDER BY article_id, start, "end", rule')
        names = [d[0] for d in result.description or []]
        sightings = find_sightings(dict(zip(names, row, strict=True)) for row in result.fetchall())
    knowledge = None
    if settings.knowledge is not None:
        knowledge = open_knowledge(settings.knowledge, lake.root / "index" / "knowledge.sqlite")
    with open_index(lake) as index, index.changes(keep=False):
        changes = register(index, sightings, account.run_id, account.started_at, knowledge)
    stage(lake, account.run_id, changes)
    return added


def _stage_records(lake: Warehouse, folder: Path, account: Account) -> None:
    """Stage the candidate's results of expectations and rows held back as this run's."""
    staging = lake.staging(account.run_id) / "run"
    staging.mkdir(parents=True, exist_ok=True)
    files = sorted(folder.glob(f"batch-*/part-*/*/{CHECKS.name}.parquet"))
    results = merge_results([read_tables([path], CHECKS.name) for path in files])
    results["run_id"] = account.run_id
    write_table(as_arrow(CHECKS, results), staging, CHECKS)
    held = [
        row | {"run_id": account.run_id}
        for path in sorted(folder.glob(f"batch-*/part-*/*/{QUARANTINE.name}.parquet"))
        for row in as_arrow(QUARANTINE, read_tables([path], QUARANTINE.name)).to_pylist()
    ]
    write_table(to_arrow(BY_NAME[QUARANTINE.name].columns, held), staging, QUARANTINE)
