"""Replay of what is held back: its articles through the code of today, published if they pass."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flows.audit import STOPPING, audit
from flows.batch import Held, Incoming, read_tables
from flows.faults import tell
from flows.forgotten import load_forgotten
from flows.pool import work_here
from flows.quarantine import Again, Place, Row, Wanted, decide, find_items, list_rows
from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.run import Account, stage_records
from flows.settings import Settings
from flows.story import cluster_staged, keep_stories
from flows.withhold import withheld_by
from flows.work import extract, stage
from warehouse.lake import connect, current_versions, writer_lock
from warehouse.publish import Counted, clear_staging, publish
from warehouse.store import Place as Folder
from warehouse.store import list_files, remove_folder
from warehouse.tables import ARTICLES, CHECKS, QUARANTINE, RUNS

AS_IT_WAS = "left as it was: nothing of it passes now, or a newer text took its place"
"""Why a document that was read again was not published again."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did.

    Attributes:
        run_id: null where nothing was published.
        published: rows that passed now; their articles are in the warehouse.
        still_held: rows that break a rule still.
        superseded: rows of a text that a newer one has taken the place of; they are discarded.
        lost: rows of which no document is left to read.
    """

    run_id: str | None
    published: list[Row]
    still_held: list[Row]
    superseded: list[Row]
    lost: list[Row]


def replay(settings: Settings, wanted: Wanted, by: str, note: str | None) -> Replayed:
    """Put the articles of rows held back through the pipeline again, and publish what passes.

    An article is read anew from its bytes, so that a mended extractor counts too, and published
    whole, in the one transaction that closes the row: a row is never in both places. An article
    none of whose rows passes is left as it is.

    Raises:
        UnknownQuarantined: a key is given under which nothing is held back.
        WarehouseLocked: a run is writing.
    """
    lake = settings.lake
    with writer_lock(lake):
        rows = list_rows(lake, wanted)
        clear_staging(lake)
        items = find_items(lake, rows)
        started = datetime.now(UTC)
        account = Account(f"{started:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:6]}", started, "quarantine")
        attempt = _Attempt(settings, account)
        attempt.read(items)
        superseded = [r for r in rows if attempt.is_superseded(r)]
        lost = [r for r in rows if (r["source_id"], r["location"]) not in items]
        rest = [r for r in rows if r not in superseded and r not in lost]
        passed = attempt.stage(rest)
        still = [r for r in rest if r not in passed]
        if not passed and not superseded:
            clear_staging(lake)
            return Replayed(None, [], still, [], lost)
        decided = decide(passed, "replayed", by, note, started)
        decided += decide(
            superseded, "discarded", by, "a newer version took the place of its text", started
        )
        stage_records(lake, account.run_id, QUARANTINE, decided, "decided")
        account.message = f"{len(passed)} of {len(rows)} rows held back pass now"
        _publish(settings, account)
        return Replayed(account.run_id, passed, still, superseded, lost)


class _Attempt:
    """Documents that are put through once more."""

    def __init__(self, settings: Settings, account: Account) -> None:
        self.settings = settings
        self.account = account
        self.incoming: dict[Place, Incoming] = {}
        self.current: dict[str, str] = {}
        self.folder = settings.lake.staging(account.run_id) / "batch-000000"

    def read(self, items: Mapping[Place, Again]) -> None:
        """Extract the documents; what gives no article is held back still."""
        self.account.items_in = len(items)
        self.account.left_out = Counter({AS_IT_WAS: len(items)})
        for place, again in items.items():
            outcome = _extract(again)
            if isinstance(outcome, Incoming):
                named = again.article_id or outcome.article_id
                self.incoming[place] = replace(outcome, article_id=named)
        with connect(self.settings.lake) as connection:
            forgotten = load_forgotten(connection)
            self.incoming = {
                place: one
                for place, one in self.incoming.items()
                if withheld_by(one, forgotten) is None
            }
            self.current = current_versions(
                connection, [i.article_id for i in self.incoming.values()]
            )

    def is_superseded(self, row: Row) -> bool:
        """Whether the article of the row has another text by now than the one it came in."""
        incoming = self.incoming.get((row["source_id"], row["location"]))
        current = self.current.get(incoming.article_id) if incoming else None
        if incoming is None or current is None or current == incoming.version:
            return False
        with connect(self.settings.lake) as connection:
            found = connection.execute(
                "SELECT max(recorded_at) > ? FROM article_versions WHERE article_id = ?",
                [row["recorded_at"], incoming.article_id],
            ).fetchone()
        return bool(found and found[0])

    def stage(self, rows: Sequence[Row]) -> list[Row]:
        """Stage the articles with a row that passes now; these rows."""
        places = {(r["source_id"], r["location"]) for r in rows}
        asked = {i.article_id: i for p, i in self.incoming.items() if p in places}
        if not asked:
            return []
        held, there = self._stage(list(asked.values()))
        passed = [r for r in rows if self._passes(r, held, there)]
        worth = {self.incoming[r["source_id"], r["location"]].article_id for r in passed}
        # a document that is in the warehouse by now needs no second publish
        worth -= {a for a in worth if self._is_there(a, passed)}
        if worth != set(asked):
            remove_folder(self.folder)
            self._stage([i for a, i in asked.items() if a in worth])
        return passed

    def _passes(self, row: Row, held: set[str], there: set[str]) -> bool:
        incoming = self.incoming.get((row["source_id"], row["location"]))
        return (
            incoming is not None
            and incoming.article_id in there
            and row["quarantine_id"] not in held
        )

    def _is_there(self, article_id: str, passed: Sequence[Row]) -> bool:
        of = [
            r
            for r in passed
            if self.incoming[r["source_id"], r["location"]].article_id == article_id
        ]
        version = self.incoming[of[0]["source_id"], of[0]["location"]].version
        return self.current.get(article_id) == version and all(r["article_id"] is None for r in of)

    def _stage(self, incoming: list[Incoming]) -> tuple[set[str], set[str]]:
        """Keys of rows held back once more, and articles that passed."""
        settings, account = self.settings, self.account
        for name in ("articles_in", "articles_new", "articles_held", "articles_skipped",
                     "rows_in", "rows_out", "rows_quarantined"):  # fmt: skip
            setattr(account, name, 0)
        account.left_out = Counter({AS_IT_WAS: account.items_in - len(incoming)})
        if not incoming:
            return set(), set()
        zones = {source.id: source.zone for source in settings.sources}
        staged, failed = stage(settings, account, zones, incoming, self.folder, work_here())
        account.left_out[AS_IT_WAS] += len(failed)
        for one, failure in failed:
            tell(one.source_id, one.where, failure)
        for part in staged:
            account.add_staged(part)
        # its few rows are no night: they have no place in the history of the checks
        for path, _ in list_files(self.folder, f"{CHECKS.name}.parquet"):
            path.unlink()
        held = _read(self.folder, QUARANTINE.name)["quarantine_id"].tolist()
        return set(held), set(_read(self.folder, ARTICLES.name)["article_id"].tolist())


def _extract(again: Again) -> Incoming | Held:
    outcomes, _ = extract([again.item], again.published, work_here())
    return outcomes[0]


def _read(folder: Folder, name: str) -> Any:
    return read_tables([path for path, _ in list_files(folder, f"{name}.parquet")], name)


def _publish(settings: Settings, account: Account) -> None:
    lake = settings.lake
    stories = cluster_staged(lake, account.run_id)
    register_staged(lake, account.run_id, account.started_at, settings.knowledge)
    account.state = "published"
    account.write(lake, settings)
    audit(lake, account.run_id, account.started_at, (*STOPPING, RUNS))
    counted = Counted(account.articles_new, account.rows_out)
    publish(lake, account.run_id, account.started_at, counted=counted)
    keep_stories(lake, stories)
    follow(lake)
