"""`dateline entities`: look at entities, and decide about them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb

from flows.decisions import Kept, keep_decision
from flows.registry import publish_decision, to_decision
from transforms.registry.decision import Decision, undone
from transforms.text import key_of
from warehouse.lake import Warehouse, connect, writer_lock
from warehouse.publish import clear_staging

Row = dict[str, Any]


class UnknownEntity(Exception):
    """There is no such entity, article or decision; the message says what to give."""


# --------------------------------------------------------------------------- looking


def list_entities(
    warehouse: Warehouse, search: str | None, kind: str | None, limit: int
) -> list[Row]:
    """Entities with most articles first: entity, type, name, names, articles, mentions.

    Args:
        search: a part of any of their names, in any case.
        kind: a type of mentions.
    """
    with connect(warehouse) as connection:
        return _ask(
            connection,
            "SELECT m.entity, any_value(c.type) AS type, any_value(m.entity_name) AS name,"
            " list(DISTINCT m.canonical_name ORDER BY m.canonical_name) AS names,"
            " count(DISTINCT m.article_id) AS articles, count(*) AS mentions"
            " FROM mention_entities m JOIN entities c ON c.entity = m.entity"
            " WHERE ? IS NULL OR c.type = ? GROUP BY m.entity"
            " HAVING ? IS NULL OR bool_or(contains(lower(m.canonical_name), lower(?)))"
            " ORDER BY articles DESC, mentions DESC, m.entity LIMIT ?",
            [kind, kind, search, search, limit],
        )


def show_entity(warehouse: Warehouse, wanted: str) -> Row:
    """All that is known of an entity, given by key or name: names, parts, articles, decisions.

    Raises:
        UnknownEntity: there is none, or several of the name.
    """
    with connect(warehouse) as connection:
        key = find_entity(connection, wanted)
        (found,) = _ask(connection, "SELECT * FROM entities WHERE entity = ?", [key])
        parts = _ask(
            connection,
            "SELECT entity, type, name, country_code FROM entities WHERE current = ?"
            " ORDER BY born_at, entity",
            [key],
        )
        names = _ask(
            connection,
            "SELECT name, mentions, articles FROM entity_names WHERE entity = ?"
            " ORDER BY mentions DESC, name",
            [key],
        )
        articles = _ask(
            connection,
            "SELECT m.article_id, any_value(f.headline) AS headline,"
            " any_value(f.published_at) AS published_at, any_value(m.title) AS title,"
            " count(*) AS mentions FROM mentions_of(?) m JOIN article_facts f USING (article_id)"
            " GROUP BY m.article_id ORDER BY published_at DESC NULLS LAST, m.article_id",
            [key],
        )
        decisions = _decisions(connection, [part["entity"] for part in parts])
        return found | {
            "names": names, "parts": parts, "articles": articles, "decisions": decisions
        }  # fmt: skip


def list_review(warehouse: Warehouse, limit: int) -> list[Row]:
    """Suggestions that nobody has decided, the likeliest first."""
    with connect(warehouse) as connection:
        return _ask(
            connection,
            "SELECT d.decision_id, d.score, l.entity AS left_entity, l.name AS left_name,"
            " r.entity AS right_entity, r.name AS right_name, l.type, d.evidence"
            " FROM entity_decisions d"
            " JOIN entities l ON l.entity = d.entities[1] JOIN entities r ON r.entity = d.others[1]"
            " WHERE d.kind = 'suggest' AND l.current <> r.current AND NOT EXISTS ("
            "  SELECT 1 FROM entity_decisions u WHERE u.undoes = d.decision_id) AND NOT EXISTS ("
            "  SELECT 1 FROM entity_decisions s WHERE s.kind = 'split'"
            "   AND s.decided_by <> 'machine'"
            "   AND list_has_any(s.entities || s.others, [l.entity])"
            "   AND list_has_any(s.entities || s.others, [r.entity]))"
            " ORDER BY d.score DESC, d.decision_id LIMIT ?",
            [limit],
        )


def find_entity(connection: duckdb.DuckDBPyConnection, wanted: str) -> str:
    """The key of the entity that a key, or a name that only one has, stands for today.

    Raises:
        UnknownEntity: there is none, or several.
    """
    by_key = connection.execute(
        "SELECT current FROM entities WHERE entity = ?", [wanted]
    ).fetchone()
    if by_key:
        return str(by_key[0])
    found = connection.execute(
        "SELECT DISTINCT current FROM entities WHERE lower(name) = lower(?) ORDER BY 1", [wanted]
    ).fetchall()
    if len(found) == 1:
        return str(found[0][0])
    if found:
        keys = ", ".join(key for (key,) in found)
        raise UnknownEntity(f"{len(found)} entities are called {wanted!r}: give a key, of {keys}")
    raise UnknownEntity(
        f"no entity has the key or name {wanted!r}: `dateline entities list --search PART` finds it"
    )


# --------------------------------------------------------------------------- deciding


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
        found = _ask(
            connection, "SELECT * FROM entity_decisions WHERE decision_id = ?", [decision_id]
        )
        if not found:
            raise UnknownEntity(f"there is no decision {decision_id}")
        target = to_decision(found[0])
        known = [to_decision(row) for row in _decisions(connection, list(target.entities))]
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
        (row,) = _ask(
            connection,
            "SELECT * FROM entity_decisions WHERE decision_id = ?",
            [decision.decision_id],
        )
        current = _ask(
            connection,
            "SELECT DISTINCT c.entity, c.type, c.name FROM entities e JOIN entities c"
            " ON c.entity = e.current WHERE e.entity IN (SELECT unnest(?)) ORDER BY ALL",
            [list(decision.entities)],
        )
    return row | {"counts_as": current}


def _decisions(connection: duckdb.DuckDBPyConnection, entities: Sequence[str]) -> list[Row]:
    """All decisions about any of these entities, in the order they were made."""
    return _ask(
        connection,
        "SELECT * FROM entity_decisions WHERE list_has_any(entities || others, ?)"
        " ORDER BY recorded_at, run_id, ordinal",
        [list(entities)],
    )


def _ask(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[Row]:
    result = connection.execute(query, values)
    names = [d[0] for d in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


# --------------------------------------------------------------------------- in words


def to_json(row: Row) -> str:
    """A row as one line of JSON."""
    return json.dumps(row, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def listed(row: Row) -> str:
    """A line of `list`."""
    others = [name for name in row["names"] if name != row["name"]]
    also = f" (also {', '.join(others)})" if others else ""
    return (
        f"{row['entity']}  {row['type']:<6}  {row['articles']:>5} articles "
        f" {row['mentions']:>6} mentions  {row['name']}{also}"
    )


def shown(row: Row) -> Iterator[str]:
    """The lines of `show`."""
    yield f"{row['name']}  {row['type']}  {row['entity']}"
    if row["wikidata_id"] or row["knowledge_id"]:
        score = row["knowledge_score"] or 0.0
        yield f"known as {row['knowledge_id']} ({row['wikidata_id'] or '-'}), {score:.2f}"
    yield "names"
    for name in row["names"]:
        yield f"  {name['name']}: {name['mentions']} mentions in {name['articles']} articles"
    if len(row["parts"]) > 1:
        yield "parts"
        for part in row["parts"]:
            yield f"  {part['entity']}  {part['type']}  {part['name']}"
    yield "articles"
    for article in row["articles"]:
        when = f"{article['published_at']:%Y-%m-%d}" if article["published_at"] else "undated"
        title = f" as {article['title']}" if article["title"] else ""
        yield f"  {article['article_id']}  {when}  {article['headline'] or '-'}{title}"
    if row["decisions"]:
        yield "decisions"
        yield from (f"  {decided(decision)}" for decision in row["decisions"])


def decided(row: Row) -> str:
    """A decision in one line."""
    what = {
        "merge": "are one", "split": "are two", "suggest": "may be one", "undo": "taken back",
    }[row["kind"]]  # fmt: skip
    about = f"{', '.join(row['entities'])} | {', '.join(row['others'])}"
    if row["undoes"]:
        about = row["undoes"]
    score = f" {row['score']:.2f}" if row["score"] is not None else ""
    note = f": {row['note']}" if row["note"] else ""
    by = f"{row['recorded_at']:%Y-%m-%d} by {row['decided_by']}"
    return f"{row['decision_id']}  {row['kind']}{score}  {about} {what}, {by}{note}"


def to_review(row: Row) -> str:
    """A line of `review`."""
    return (
        f"{row['decision_id']}  {row['score']:.2f}  {row['type']}  {row['left_name']}"
        f" [{row['left_entity']}] | {row['right_name']} [{row['right_entity']}]"
    )
