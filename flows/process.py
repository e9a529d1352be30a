"""From batches to a snapshot: extract, annotate, validate and stage each, then publish all.

A batch of articles is one task; processes do its work. Nothing is visible in the warehouse before
the whole run has passed; then one transaction publishes it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import compress
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.utilities.annotations import quote

from expectations.check import merge_results
from expectations.gate import explain, find_excess
from expectations.report import to_records
from flows.audit import HELD, RECORDS, STOPPING, ValidationStopped, audit
from flows.batch import (
    Held,
    Incoming,
    Staged,
    extract_items,
    quarantine_documents,
    read_tables,
    stage_batch,
    write_table,
)
from flows.collect import Fetched, Record, fetch_pages
from flows.engine import Workers
from flows.fetch.archive import Archive, positioned, withdraw_end
from flows.fetch.client import Client
from flows.forgotten import Forgotten, load_forgotten
from flows.log import say
from flows.meter import Meter, Usage
from flows.plan import Planned
from flows.progress import Report
from flows.quality import judge_run
from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.run import Account, stage_records
from flows.settings import Settings
from flows.stamp import stamps_of
from flows.stop import Stop
from flows.story import cluster_staged, keep_stories
from flows.workers import Result, in_order, split_texts
from transforms.article.change import compare
from transforms.convert import as_arrow, to_arrow
from warehouse.lake import Warehouse, connect, current_texts, current_versions, known_quarantine
from warehouse.publish import (
    Counted,
    Published,
    clear_staging,
    count_repeated,
    keep_records,
    publish,
    unknown_quarantine,
)
from warehouse.search import index_texts
from warehouse.store import Place, list_files
from warehouse.tables import ARTICLES, CHECKS, FETCHES, SOURCES, TABLES, Table

Batch = Sequence[Planned] | Sequence[Fetched]
"""Pages to fetch, or documents that are here already."""


@dataclass(frozen=True)
class Run:
    """A run under way: what every stage needs.

    Attributes:
        client: null where nothing is to be fetched.
        archive: null where what comes is not to be kept, or is kept already.
        stop: tells when to stop; what is done by then is published.
        window: articles published outside of it are left out; end exclusive.
    """

    settings: Settings
    account: Account
    published: datetime | None
    client: Client | None
    archive: Archive | None
    workers: Workers
    report: Report
    stop: Stop = field(default_factory=Stop)
    window: tuple[datetime, datetime] | None = None

    @property
    def zones(self) -> dict[str, str | None]:
        """The configured time zone of each source."""
        return {source.id: source.zone for source in self.settings.sources}

    def stage(self, table: Any, records: Sequence[Record], part: str) -> None:
        """Write records of the run next to its staged rows."""
        stage_records(self.settings.lake, self.account.run_id, table, records, part)

    def staged(self, name: str) -> list[Place]:
        """The staged files of a table."""
        folder = self.settings.lake.staging(self.account.run_id)
        return [path for path, _ in list_files(folder, f"{name}.parquet")]

    def keep(self) -> None:
        """Keep the account of a run that publishes nothing, for the next publish.

        A failed run leaves the sources as they were, so that they give the same again.
        """
        if self.account.state == "failed":
            for path in self.staged(SOURCES.name):
                path.unlink()
        self.account.write(self.settings.lake, self.settings)
        keep_records(self.settings.lake, self.account.run_id)

    @contextmanager
    def kept_if_failed(self) -> Iterator[None]:
        """Keep the account of a run that fails; its own failure goes through in any case.

        What fails when the run is published already, such as an index that the next run makes,
        does not make it a failed one.
        """
        try:
            yield
        except Exception as error:
            try:
                if _is_published(self.settings.lake, self.account.run_id):
                    say("after", f"the run is published, but: {error}", level=logging.ERROR)
                else:
                    self.account.state, self.account.message = "failed", str(error)
                    self.keep()
            except Exception as other:  # noqa: BLE001 - such as a disk that is full for this too
                say(
                    "keep", f"the failed run could not be recorded either: {other}",
                    level=logging.ERROR,
                )  # fmt: skip
            raise


# --------------------------------------------------------------------------- batches


@dataclass(frozen=True, slots=True)
class BatchDone:
    """What became of one batch."""

    size: int
    extracted: int
    records: list[Record]
    failed: int
    unchanged: int
    left_out: Counter[str]
    held: list[Held]
    staged: list[Staged]
    usage: dict[str, Usage]


def process_batches(run: Run, batches: Iterable[Batch], total: int | None) -> None:
    """Every batch through its task, a bounded number at a time; `total` items, if that is known."""
    done_items = 0
    numbered = enumerate(hand_out(run, batches))
    for number, done in enumerate(in_order(_leader(run), numbered, run.workers.under_way)):
        take_in(run.account, done)
        _log_batch(number, done)
        done_items += done.size
        run.report("articles", done_items, total)
    run.report("articles", done_items, total if run.stop.cut else done_items)


def _leader(run: Run) -> Callable[[tuple[int, Batch]], Result[BatchDone]]:
    """What has a batch led: a task of Prefect; or a thread, where its work becomes tasks itself."""
    leaders = run.workers.leaders
    if leaders is None:
        return lambda numbered: _submit(run, *numbered)
    return lambda numbered: leaders.submit(process_batch.fn, run, *numbered)


def _submit(run: Run, number: int, batch: Batch) -> PrefectFuture[BatchDone]:
    """Start a batch, quoted: Prefect would look through all of it for futures of other tasks, and
    through the account while that changes."""
    quoted: Any = quote(run)
    return process_batch.submit(quoted, number, quote(batch), return_state=False)


def hand_out(run: Run, batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches until somebody asks to stop, with what is in them counted.

    Pages are known before the first batch, and what a stop leaves of them is counted as left out.
    """
    account, asked = run.account, 0
    account.items_in += account.pages_listed
    for batch in run.stop.until(batches):
        asked += sum(isinstance(one, Planned) for one in batch)
        account.items_in += sum(isinstance(one, Fetched) and one.is_item for one in batch)
        yield batch
    if run.stop.cut:
        account.left_out["left for the next run: stopped on request"] = account.pages_listed - asked


def take_in(account: Account, done: BatchDone) -> None:
    """Count what became of a batch."""
    account.add_fetches(done.records, done.unchanged)
    account.items_failed += done.failed
    account.left_out.update(done.left_out)
    account.add_held(done.held)
    for staged in done.staged:
        account.add_staged(staged)
    account.add_usage(done.usage)
    account.add_extracted(done.extracted, done.held)


def _log_batch(number: int, done: BatchDone) -> None:
    """Say what became of a batch, and what went wrong in it."""
    new = sum(staged.versions for staged in done.staged)
    say(
        "batch", f"batch {number}: {done.size} looked at, {new} new",
        batch=number, looked_at=done.size, unchanged=done.unchanged,
        new=new, rows=sum(staged.rows for staged in done.staged),
        seconds={stage: round(used.seconds, 3) for stage, used in done.usage.items()},
    )  # fmt: skip
    for record in done.records:
        if record.get("error_class"):
            say(
                "fetch", f"{record['url']}: {record['error']}", level=logging.WARNING,
                source=record["source_id"], url=record["url"], error_class=record["error_class"],
            )  # fmt: skip
    for held in done.held:
        say(
            "held", f"{held.where}: {held.reason}", level=logging.WARNING,
            source=held.source_id, where=held.where, rule=held.rule,
        )  # fmt: skip
    for staged in done.staged:
        for reason, count in staged.quarantined.items():
            say("rows held", f"{count} rows: {reason}", level=logging.WARNING, rows=count)


@task(cache_policy=NO_CACHE, persist_result=False, task_run_name="batch {number}")
def process_batch(run: Run, number: int, batch: Batch) -> BatchDone:
    """Fetch, extract, annotate, validate and stage one batch."""
    lake, account = run.settings.lake, run.account
    meter = Meter()
    with meter.stage("fetch", alone=False):
        fetched = _fetched(run, batch)
    usage = meter.usage
    # one session for both looks into the lake: to open one takes as long as a dozen questions
    with connect(lake) as connection:
        forgotten = load_forgotten(connection)
        items = sum(f.is_item for f in fetched)
        fetched = [f for f in fetched if not is_forgotten(f, forgotten)]
        came = [f for f in fetched if f.item is not None]
        outcomes: list[Incoming | Held] = []
        if came:
            outcomes, extracting = run.workers.pool.submit(
                extract_items, [f.item for f in came if f.item is not None], run.published
            ).result()
            usage |= extracting
        fetched, came, outcomes = drop_forgotten(fetched, came, outcomes, forgotten)
        left_out = Counter({"forgotten on request": items - sum(f.is_item for f in fetched)})
        held = [o for o in outcomes if isinstance(o, Held)]
        read = [o for o in outcomes if isinstance(o, Incoming)]
        wanted = [o for o in read if is_within(run.window, o)]
        left_out["published on other days than those asked for"] = len(read) - len(wanted)
        new = find_new(connection, wanted)
        known = known_quarantine(connection, [h.key for h in held])
    fresh = {(i.article_id, i.version) for i in new} | {h.key for h in held} - known
    records = _recorded(run, fetched, dict(zip(map(id, came), outcomes, strict=True)), fresh)
    folder = lake.staging(account.run_id) / f"batch-{number:06d}"
    if held:
        quarantine_documents(
            held, folder / "documents", run_id=account.run_id, as_of=account.started_at
        )
    staged = [
        run.workers.pool.submit(
            stage_batch,
            part,
            folder / f"part-{place}",
            model=run.settings.model,
            vague_policy=run.settings.vague_policy,
            run_id=account.run_id,
            as_of=account.started_at,
            zones=run.zones,
            stamps=stamps_of(run.settings, {i.source_id for i in part}),
            own=run.settings.quality.expectations,
        ).result()
        for place, part in enumerate(
            split_texts(new, lambda i: len(i.extracted.text), run.settings.characters)
        )
    ]
    run.stage(FETCHES, records, f"batch-{number:06d}/fetches")
    unchanged = sum(f.unchanged for f in fetched) + len(wanted) - len(new)
    failed = sum(bool(f.record.get("error_class")) for f in fetched)
    return BatchDone(
        len(batch), len(outcomes), records, failed, unchanged, +left_out, held, staged, usage
    )


def drop_forgotten(
    fetched: Sequence[Fetched],
    came: Sequence[Fetched],
    outcomes: Sequence[Incoming | Held],
    forgotten: Forgotten,
) -> tuple[list[Fetched], list[Fetched], list[Incoming | Held]]:
    """All three without articles that were forgotten on request, whatever address they came from.

    Only the text of a page or line tells which article it is.
    """
    wanted = [
        not (isinstance(o, Incoming) and o.article_id in forgotten.articles) for o in outcomes
    ]
    dropped = {id(f) for f, kept in zip(came, wanted, strict=True) if not kept}
    return (
        [f for f in fetched if id(f) not in dropped],
        list(compress(came, wanted)),
        list(compress(outcomes, wanted)),
    )


def is_forgotten(fetched: Fetched, forgotten: Forgotten) -> bool:
    """Whether an attempt, by its addresses or source, is of something forgotten on request."""
    record, item = fetched.record, fetched.item
    source = item.source_id if item is not None else record.get("source_id")
    where = item.where if item is not None else None
    return source in forgotten.sources or forgotten.has_url(
        record.get("url"), record.get("final_url"), where
    )


def _fetched(run: Run, batch: Batch) -> list[Fetched]:
    planned = [p for p in batch if isinstance(p, Planned)]
    if not planned:
        return [f for f in batch if isinstance(f, Fetched)]
    assert run.client is not None
    return fetch_pages(
        planned,
        run.client,
        run_id=run.account.run_id,
        connections=run.settings.fetch.connections,
    )


def is_within(window: tuple[datetime, datetime] | None, incoming: Incoming) -> bool:
    """Whether an article was published in a window; where it does not say when, when it came."""
    if window is None:
        return True
    at = incoming.extracted.published_at or incoming.fetched_at
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return window[0] <= at < window[1]


def find_new(connection: duckdb.DuckDBPyConnection, incoming: Sequence[Incoming]) -> list[Incoming]:
    """Those that say something the warehouse does not know, one an article, in order.

    Two addresses may lead to one article: the first by name stands, whatever the order they came
    in. A new text of a known article that differs only in white space, counters and times of day
    is no new version.
    """
    first: dict[str, Incoming] = {}
    for one in incoming:
        other = first.get(one.article_id)
        if other is None or (one.where, one.version) < (other.where, other.version):
            first[one.article_id] = one
    current = current_versions(connection, list(first))
    unknown = [i for a, i in first.items() if current.get(a) != i.version]
    texts = current_texts(connection, [i.article_id for i in unknown if i.article_id in current])
    found = []
    for one in unknown:
        before = texts.get(one.article_id)
        if before is None:
            found.append(one)
            continue
        change = compare(*before, one.extracted.headline, one.extracted.text)
        if not change.cosmetic:
            found.append(one.changed(change.ratio))
    return found


def _recorded(
    run: Run,
    fetched: Sequence[Fetched],
    outcomes: Mapping[int, Incoming | Held],
    fresh: Set[object],
) -> list[Record]:
    """The rows of `fetches`, with the article each became and where its bytes are archived.

    `fresh` holds what the warehouse does not know: versions of articles, and keys of documents that
    are held back.
    """
    records = []
    for one in fetched:
        record, outcome = one.record, outcomes.get(id(one))
        told: object = outcome.key if isinstance(outcome, Held) else None
        if isinstance(outcome, Incoming):
            told = (outcome.article_id, outcome.version)
            if record:
                record = record | {"article_id": outcome.article_id}
        if run.archive is not None and (record or told in fresh):
            # a file is read again every night: only what is new in it is kept
            item = one.item if one.response is not None or told in fresh else None
            position = run.archive.add(record, item, one.response, unchanged=one.unchanged)
            if record and position is not None:
                record = record | positioned(position)
        if record:
            records.append(record)
    return records


# --------------------------------------------------------------------------- the end of a run


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
    withdraw_end(lake.archive, partial(_is_published, lake))


def _is_published(lake: Warehouse, run_id: str) -> bool:
    with connect(lake) as connection:
        found = connection.execute(
            "SELECT 1 FROM runs WHERE run_id = ? AND state <> 'failed'", [run_id]
        ).fetchone()
    return found is not None


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
