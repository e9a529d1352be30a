"""What of a batch is wanted and new to the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import compress

import duckdb

from flows.batch import (
    Held,
    Incoming,
)
from flows.collect import Fetched
from flows.forgotten import Forgotten
from transforms.article.change import compare
from warehouse.lake import current_texts, current_versions


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


def is_within(window: tuple[datetime, datetime] | None, incoming: Incoming) -> bool:
    """Whether an article was published in a window; where it does not say when, when it came."""
    if window is None:
        return True
    at = incoming.extracted.published_at or incoming.fetched_at
    at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return window[0] <= at < window[1]


def is_forgotten(fetched: Fetched, forgotten: Forgotten) -> bool:
    """Whether an attempt, by its addresses or source, is of something forgotten on request."""
    record, item = fetched.record, fetched.item
    source = item.source_id if item is not None else record.get("source_id")
    where = item.where if item is not None else None
    return source in forgotten.sources or forgotten.has_url(
        record.get("url"), record.get("final_url"), where
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
