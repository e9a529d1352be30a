"""A person decides about entities: merges, splits, undoes, each published with what follows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import duckdb

from flows.decisions import Kept, keep_decision
from flows.registry.changes import Row, to_decision
from flows.registry.look import UnknownEntity, ask, decisions_about, find_entity
from flows.registry.person import publish_decision
from transforms.registry.decision import Decision, undone
from transforms.text import key_of
from warehouse.lake import Warehouse, connect, writer_lock
from warehouse.publish import clear_staging


def merge_entities(warehouse: Warehouse, wanted: Sequence[str], note: str | None, by: str) -> Row:
    """Say that these are one entity; the decision's row, with what they count as now."""

    def make(connection: duckdb.DuckDBPyConnection, run_id: str) -> Decision:
        keys = list(dict.fromkeys(find_entity(connection, one) for one in wanted))
        if len(keys) < 2:
            raise UnknownEntity("these are one entity already")
        return Decision(
            key_of("merge", *keys, run_id), "merge", (keys[0],), tuple(keys[1:]),
            decided_by=by, note=note,
        )  # fmt: skip

    return _decide(warehouse, make)


def split_entity(
    warehouse: Warehouse,
    wanted: str,
    parts: Sequence[str],
    articles: Sequence[str],
    note: str | None,
    by: str,
) -> Row:
    """Say that some of an entity is another: parts merged into it, or its mentions in articles.

    Raises:
        UnknownEntity: it has no such part or article, or nothing of it would be left.
    """

    def make(connection: duckdb.DuckDBPyConnection, run_id: str) -> Decision:
        key = find_entity(connection, wanted)
        members = [
            e
            for (e,) in connection.execute(
                "SELECT entity FROM entities WHERE current = ? ORDER BY born_at, entity", [key]
            ).fetchall()
        ]
        if parts:
            made = _split_parts(key, members, parts, run_id)
        else:
            made = _split_articles(connection, key, members, articles, run_id)
        return replace(made, decided_by=by, note=note)

    return _decide(warehouse, make)


def _split_parts(key: str, members: Sequence[str], parts: Sequence[str], run_id: str) -> Decision:
    for part in parts:
        if part not in members:
            raise UnknownEntity(f"{part} is no part of {key}: `dateline entities show {key}`")
    rest = tuple(member for member in members if member not in parts)
    if not rest:
        raise UnknownEntity(f"these are all parts of {key}: name those that are to leave it")
    left = tuple(dict.fromkeys(parts))
    return Decision(key_of("split", *left, run_id), "split", left, rest)


def _split_articles(
    connection: duckdb.DuckDBPyConnection,
    key: str,
    members: Sequence[str],
    articles: Sequence[str],
    run_id: str,
) -> Decision:
    rows = connection.execute(
        "SELECT DISTINCT article_id, entity_id FROM mentions_of(?) ORDER BY ALL", [key]
    ).fetchall()
    for article in articles:
        if article not in {a for a, _ in rows}:
            raise UnknownEntity(f"{key} has no mention in an article {article}")
    moves = tuple((a, e) for a, e in rows if a in articles)
    if len(moves) == len(rows):
        raise UnknownEntity(f"these are all articles of {key}: name those that are another's")
    new = key_of(key, *articles, run_id)
    return Decision(
        key_of("split", new, run_id), "split", (new,), (key, *(m for m in members if m != key)),
        founds=new, moves=moves,
    )  # fmt: skip


def undo_decision(warehouse: Warehouse, decision_id: str, note: str | None, by: str) -> Row:
    """Take a decision back, a person's or the machine's; all is as it would be without it.

    Raises:
        UnknownEntity: there is none of the key, or it has been taken back.
    """

    def make(connection: duckdb.DuckDBPyConnection, run_id: str) -> Decision:
        found = ask(
            connection, "SELECT * FROM entity_decisions WHERE decision_id = ?", [decision_id]
        )
        if not found:
            raise UnknownEntity(f"there is no decision {decision_id}")
        target = to_decision(found[0])
        known = [to_decision(row) for row in decisions_about(connection, list(target.entities))]
        if decision_id in undone(known):
            raise UnknownEntity(f"the decision {decision_id} has been taken back already")
        return Decision(
            key_of("undo", decision_id, run_id), "undo", target.left, target.right,
            undoes=decision_id, decided_by=by, note=note,
        )  # fmt: skip

    return _decide(warehouse, make)


def _decide(
    warehouse: Warehouse, make: Callable[[duckdb.DuckDBPyConnection, str], Decision]
) -> Row:
    """Make a person's decision and publish it with all that follows from it, in one transaction."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%SZ}-decision-{uuid.uuid4().hex[:6]}"
    with writer_lock(warehouse):
        clear_staging(warehouse)
        with connect(warehouse) as connection:
            decision = make(connection, run_id)
        publish_decision(warehouse, run_id, decision, now)
        if warehouse.archive.is_dir():
            keep_decision(warehouse.archive, Kept(run_id, now, decision))
    with connect(warehouse) as connection:
        (row,) = ask(
            connection,
            "SELECT * FROM entity_decisions WHERE decision_id = ?",
            [decision.decision_id],
        )
        current = ask(
            connection,
            "SELECT DISTINCT c.entity, c.type, c.name FROM entities e JOIN entities c"
            " ON c.entity = e.current WHERE e.entity IN (SELECT unnest(?)) ORDER BY ALL",
            [list(decision.entities)],
        )
    return row | {"counts_as": current}
