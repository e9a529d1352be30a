"""What forgetting does not reach, in words, so that nobody is promised more than was done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import duckdb

from flows.named import names_of
from flows.registry.look import find_entity
from warehouse.lake import Warehouse

Asked = tuple[str, str]
"""What is to be forgotten: url, source or person, and its address (or article_id), id or name."""


def find_remains(
    connection: duckdb.DuckDBPyConnection,
    lake: Warehouse,
    asked: Sequence[Asked],
    articles: Sequence[str],
) -> Iterator[str]:
    """What this does not reach, in words."""
    rows = connection.execute(
        "SELECT coalesce(canonical_url, article_id) FROM lake.articles WHERE duplicate_cluster IN"
        " (SELECT duplicate_cluster FROM lake.articles WHERE article_id IN (SELECT unnest($1)))"
        " AND article_id NOT IN (SELECT unnest($1)) ORDER BY 1",
        [articles],
    ).fetchall()
    yield from (f"another article of the same story: {url}" for (url,) in rows)
    for kind, what in asked:
        if kind != "person":
            continue
        entity = find_entity(connection, what)
        names = column_of(
            connection, "SELECT DISTINCT name FROM entities WHERE current = $1", entity
        )
        (count,) = connection.execute(
            "SELECT count(DISTINCT article_id) FROM lake.article_versions WHERE list_bool_or("
            "list_transform($1, lambda n: contains(text, n) OR contains(headline, n)))"
            " AND article_id NOT IN (SELECT unnest($2))",
            [sorted(names), articles],
        ).fetchone() or (0,)
        if count:
            yield f"{count} articles with the name that are not taken to be about this person"
        yield from _let_in(connection, entity)
    locations = column_of(
        connection,
        "SELECT location FROM lake.sources WHERE kind IN ('files', 'ninjs', 'warc') AND source_id"
        " IN (SELECT source_id FROM lake.articles WHERE article_id IN (SELECT unnest($1)))",
        articles,
    )
    yield from (f"the source's own file or folder: {place}" for place in sorted(locations))
    if (lake.root / ".sql_history").is_file():
        yield f"what was typed at the prompt: {lake.root / '.sql_history'}"
    yield "copies outside of the warehouse: backups, exports, reports written elsewhere"


def _let_in(connection: duckdb.DuckDBPyConnection, entity: str) -> Iterator[str]:
    """Later articles that will not be known to be about a person, in words."""
    called = names_of(connection, entity)
    if called.shared:
        yield (
            f"later articles that name {', '.join(map(repr, called.shared))}: others may be called"
            " so, and none is held back for it"
        )
    if not called.keys and not called.shared:
        yield "later articles: it is not called by a full name of its own, so none is held back"
    elif called.short:
        yield f"later articles that have no more of the name than {', '.join(called.short)}"


def column_of(
    connection: duckdb.DuckDBPyConnection, query: str, value: str | Sequence[str]
) -> set[str]:
    """What a query of one value gives in its one column, nulls left out."""
    rows: Iterable[tuple[str | None]] = connection.execute(query, [value]).fetchall()
    return {found for (found,) in rows if found is not None}
