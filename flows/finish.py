"""The end of a run: what was staged is published as a whole, or nothing of it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE

from expectations.check import merge_results
from expectations.gate import explain, find_excess
from expectations.report import to_records
from flows.audit import HELD, RECORDS, STOPPING, ValidationStopped, audit
from flows.batch import read_tables, write_table
from flows.collect import Record
from flows.fetch.archive import withdraw_end
from flows.job import Run
from flows.quality import judge_run
from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.run import is_published
from flows.story import cluster_staged, keep_stories
from transforms.convert import as_arrow, to_arrow
from warehouse.lake import Warehouse
from warehouse.publish import (
    Counted,
    Published,
    clear_staging,
    count_repeated,
    publish,
    unknown_quarantine,
)
from warehouse.search import index_texts
from warehouse.tables import ARTICLES, CHECKS, FETCHES, SOURCES, TABLES, Table


def finish(run: Run, sources: Sequence[Record]) -> None:
    """Publish what was staged, unless a table failed or there is nothing new.

    Raises:
        ValidationStopped: a table failed; the last snapshot stands.
    """
    account, lake = run.account, run.settings.lake
    results = merge_results([read_tables([p], CHECKS.name) for p in run.staged(CHECKS.name)])
    for path in run.staged(CHECKS.name):
        path.unlink()
    run.stage(SOURCES, sources, "sources")
    results = audited(run, results, HELD)
    keep_checks(run, results)
    account.leave_out(*count_repeated(lake, {t.name: run.staged(t.name) for t in TABLES}))
    if account.failed_tables:
        raise ValidationStopped(
            f"nothing was published: {', '.join(sorted(account.failed_tables))} broke an"
            " expectation that guards the warehouse; `dateline report` names it, and the last"
            f" snapshot ({account.snapshot}) stands"
        )
    pass_gate(run, results)
    if run.stop.cut or account.items_missing:
        # a source whose pages were not all taken must list them again
        sources = []
        for path in run.staged(SOURCES.name):
            path.unlink()
    if run.stop.cut:
        account.message = "stopped on request: the next run takes the rest"
    if run.archive is not None:
        # before the publish: a night that was published must not be missing from the archive
        run.archive.end(sources)
    if not account.articles_new and not unknown_quarantine(lake, account.run_id):
        account.state = "stopped" if run.stop.cut else "unchanged"
        keep_checks(run, results, judged=True)
        run.keep()
        _archived(run)
        return
    run.report("publish", 0, 1)
    with account.stage("duplicates"):
        stories = cluster_staged(lake, account.run_id)
    account.count("duplicates", account.articles_new, account.articles_new - stories.copies)
    with account.stage("entities"):
        founded = register_staged(lake, account.run_id, account.started_at, run.settings.knowledge)
    account.count("entities", account.articles_new, founded)
    results = audited(run, results, STOPPING)
    keep_checks(run, results, stories.rows, judged=True)
    account.state = "stopped" if run.stop.cut else "published"
    account.write(lake, run.settings)
    audited(run, results, RECORDS)
    with account.stage("publish"):
        published = publish_run(run)
    _archived(run)
    account.snapshot = published.snapshot
    account.written = dict(published.rows)
    account.count("publish", sum(published.rows.values()), sum(published.rows.values()))
    with account.stage("index"):
        keep_stories(lake, stories)
        follow(lake)
    account.keep_last_stages(lake)
    run.report("publish", 1, 1)


def clear(lake: Warehouse) -> None:
    """Remove what a run left behind that was killed or failed; only under the writer lock."""
    clear_staging(lake)
    withdraw_end(lake.archive, partial(is_published, lake))


def _archived(run: Run) -> None:
    if run.archive is not None:
        run.archive.published()


def audited(run: Run, results: pd.DataFrame, tables: Sequence[Table]) -> pd.DataFrame:
    """The results with those of the rules of these tables.

    Raises:
        ValidationStopped: a row of them must not be published, nor anything without it.
    """
    account = run.account
    with account.stage("validate"):
        found = audit(run.settings.lake, account.run_id, account.started_at, tables)
        return merge_results([results, found])


def pass_gate(run: Run, results: pd.DataFrame) -> None:
    """Let a run through of which not too much was rejected, or that a person forces.

    Raises:
        ValidationStopped: too much was, and nobody does.
    """
    account, quality = run.account, run.settings.quality
    excesses = find_excess(account.judged, quality.max_rejected, quality.min_rows)
    if not excesses:
        account.forced_by = account.forced_because = None
        return
    told = explain(excesses, to_records(results), dict(account.held_back.most_common()))
    if account.forced_because:
        account.message = f"published by force: {told}"
        return
    keep_checks(run, results, judged=True)
    raise ValidationStopped(
        f"nothing was published: {told}. The last snapshot ({account.snapshot}) stands; mend the"
        " cause, raise quality.max_rejected, or publish what passed with --force REASON"
    )


def keep_checks(
    run: Run, results: pd.DataFrame, stories: Sequence[Record] = (), *, judged: bool = False
) -> None:
    """Stage the results of the rules and, when `judged`, of the measures of a run."""
    with run.account.stage("validate"):
        folder = run.settings.lake.staging(run.account.run_id) / "run"
        folder.mkdir(parents=True, exist_ok=True)
        parts = [as_arrow(CHECKS, results)]
        if judged:
            fetches, articles = run.staged(FETCHES.name), run.staged(ARTICLES.name)
            rows = judge_run(run.settings, run.account, fetches, articles, stories)
            parts.append(to_arrow(CHECKS.columns, rows))
        write_table(pa.concat_tables(parts), folder, CHECKS)


@task(cache_policy=NO_CACHE, persist_result=False, name="publish")
def publish_run(run: Run) -> Published:
    """Make the run visible; the snapshot it made, and its rows."""
    account = run.account
    counted = Counted(account.articles_new, account.rows_out)
    published = publish(run.settings.lake, account.run_id, account.started_at, counted=counted)
    index_texts(run.settings.lake)
    return published
