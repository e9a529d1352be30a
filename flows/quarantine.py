"""`dateline quarantine`: look at what is held back, discard it, or put it through once more."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from flows.batch import Item
from flows.discards import keep_discards
from flows.fetch.archived import list_runs, read_run
from flows.run import stage_records
from transforms.article.model import DateCandidate
from transforms.text import key_of
from warehouse.lake import Warehouse, connect, writer_lock
from warehouse.publish import clear_staging, publish
from warehouse.tables import QUARANTINE

Row = dict[str, Any]

AROUND = 120
"""Characters of the text that are shown before and after what a row points to."""


class UnknownQuarantined(Exception):
    """Nothing is held back under this key; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of the quarantine: those that fit all that is given."""

    ids: tuple[str, ...] = ()
    rule: str | None = None
    source: str | None = None
    run: str | None = None
    table: str | None = None
    state: str | None = "open"

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is given."""
        return any((self.ids, self.rule, self.source, self.run, self.table))


# --------------------------------------------------------------------------- looking


def list_rows(warehouse: Warehouse, wanted: Wanted, limit: int | None = None) -> list[Row]:
    """The rows that are wanted, newest first.

    Raises:
        UnknownQuarantined: a key is given under which nothing is held back.
    """
    with connect(warehouse) as connection:
        for key in wanted.ids:
            if not _ask(connection, "SELECT 1 FROM quarantine WHERE quarantine_id = ?", [key]):
                raise UnknownQuarantined(
                    f"nothing is held back under {key}: `dateline quarantine list --state all` has"
                    " the keys"
                )
        return _ask(
            connection,
            "SELECT * FROM quarantine"
            " WHERE (len($ids) = 0 OR quarantine_id IN (SELECT unnest($ids)))"
            " AND ($rule IS NULL OR list_contains(rules, $rule))"
            " AND ($source IS NULL OR source_id = $source) AND ($run IS NULL OR run_id = $run)"
            " AND ($table IS NULL OR table_name = $table) AND ($state IS NULL OR state = $state)"
            " ORDER BY recorded_at DESC, source_id, location, table_name, quarantine_id"
            " LIMIT $limit",
            {
                "ids": list(wanted.ids), "rule": wanted.rule, "source": wanted.source,
                "run": wanted.run, "table": wanted.table, "state": wanted.state,
                "limit": limit if limit is not None else 2**40,
            },
        )  # fmt: skip


def show_row(warehouse: Warehouse, key: str) -> Row:
    """A row with its content read, and where it points into a text the words around it.

    Raises:
        UnknownQuarantined: there is none.
    """
    (row,) = list_rows(warehouse, Wanted(ids=(key,), state=None))
    content = json.loads(row.pop("row_json"))
    with connect(warehouse) as connection:
        return row | {"row": content, "context": find_context(connection, content)}


def find_context(connection: duckdb.DuckDBPyConnection, content: Mapping[str, Any]) -> str | None:
    """The words around what a fact points to, between \u27e6 and \u27e7; null without its text."""
    start, end = content.get("start"), content.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        return None
    rows = _ask(
        connection,
        "SELECT text FROM lake.article_versions WHERE article_id = ? AND version = ? LIMIT 1",
        [content.get("article_id"), content.get("version")],
    )
    if not rows or not 0 <= start <= end:
        return None
    text = str(rows[0]["text"])
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"{before}\u27e6{text[start:end]}\u27e7{after}"


def _ask(connection: duckdb.DuckDBPyConnection, query: str, values: Any) -> list[Row]:
    result = connection.execute(query, values)
    names = [d[0] for d in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# --------------------------------------------------------------------------- deciding


def decide(rows: Iterable[Row], state: str, by: str, note: str | None, now: datetime) -> list[Row]:
    """The rows as decided about now."""
    told = {"state": state, "decided_at": now, "decided_by": by, "note": note}
    return [row | told for row in rows]


def discard(warehouse: Warehouse, wanted: Wanted, by: str, note: str | None) -> int:
    """Put rows away for good: they stay in the quarantine, and no one is asked about them again.

    Raises:
        UnknownQuarantined: a key is given under which nothing is held back.
        WarehouseLocked: a run is writing.
    """
    with writer_lock(warehouse):
        rows = list_rows(warehouse, wanted)
        if rows:
            clear_staging(warehouse)
            now = datetime.now(UTC)
            run_id = f"{now:%Y%m%dT%H%M%SZ}-{key_of(by, now.isoformat())[:6]}"
            decided = decide(rows, "discarded", by, note, now)
            keep_discards(warehouse.archive, decided)
            stage_records(warehouse, run_id, QUARANTINE, decided)
            publish(warehouse, run_id, now)
        return len(rows)


# --------------------------------------------------------------------------- reading again


Place = tuple[str | None, str | None]
"""Source and location of a document."""


@dataclass(frozen=True, slots=True)
class Again:
    """A document that is read again.

    Attributes:
        published: the default publication time of the run it came in.
        article_id: the article it is, where only its text is left and not what named it.
    """

    item: Item
    published: datetime | None = None
    article_id: str | None = None


def find_items(warehouse: Warehouse, rows: Sequence[Row]) -> dict[Place, Again]:
    """The documents that rows came from.

    The bytes are those of the archive; where it has none, those kept with the row, or the text that
    the warehouse has.
    """
    found = _archived(warehouse, rows)
    with connect(warehouse) as connection:
        for row in rows:
            place = (row["source_id"], row["location"])
            if place not in found:
                if (kept := _kept(row)) is not None:
                    found[place] = Again(kept)
                elif (stored := _stored(connection, row)) is not None:
                    found[place] = Again(stored, None, row["article_id"])
    return found


def _archived(warehouse: Warehouse, rows: Sequence[Row]) -> dict[Place, Again]:
    found: dict[Place, Again] = {}
    wanted: dict[str, set[Place]] = {}
    for row in rows:
        wanted.setdefault(row["run_id"], set()).add((row["source_id"], row["location"]))
    if not warehouse.archive.is_dir():
        return found
    for run in list_runs(warehouse.archive):
        if run.run_id not in wanted:
            continue
        for attempt in read_run(run):
            item = attempt.item
            if item is not None and (item.source_id, item.where) in wanted[run.run_id]:
                found[item.source_id, item.where] = Again(item, run.published)
    return found


def _kept(row: Row) -> Item | None:
    """The document from the bytes in the row; null where they were not kept whole."""
    content = json.loads(row["row_json"])
    body = content.get("text")
    if "kind" not in content or not (isinstance(body, str) or "base64" in content):
        return None
    data = body.encode() if isinstance(body, str) else base64.b64decode(content["base64"])
    if len(data) != content.get("bytes"):
        return None
    return Item(
        row["source_id"],
        row["location"],
        content["kind"],
        data,
        datetime.fromisoformat(content["fetched_at"]),
        content["content_type"],
        tuple(DateCandidate(d["method"], d["value"]) for d in content["dates"]),
    )


def _stored(connection: duckdb.DuckDBPyConnection, row: Row) -> Item | None:
    """The document as the text that the warehouse, or the row itself, has of it."""
    content = json.loads(row["row_json"])
    if row["table_name"] != "article_versions":
        versions = _ask(
            connection,
            "SELECT * FROM lake.article_versions WHERE article_id = ? AND version = ?"
            " ORDER BY recorded_at DESC LIMIT 1",
            [content.get("article_id"), content.get("version")],
        )
        if not versions:
            return None
        content = versions[0]
    published = content.get("published_at")
    line = {
        "id": row["location"],
        "text": content.get("text"),
        "title": content.get("headline"),
        "url": content.get("url"),
        "published_at": published.isoformat() if isinstance(published, datetime) else published,
        "language": content.get("language"),
        "authors": list(content.get("authors") or []),
    }
    if not line["text"]:
        return None
    body = json.dumps({k: v for k, v in line.items() if v is not None}).encode()
    return Item(row["source_id"], row["location"], "jsonl", body, row["recorded_at"])
