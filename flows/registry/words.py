"""Entities and decisions in words, as `dateline entities` prints them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from flows.registry.changes import Row


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
    if (more := row["articles_in_all"] - len(row["articles"])) > 0:
        yield f"  and {more} older: --limit"
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
