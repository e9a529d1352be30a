"""`dateline export`: articles of the warehouse in the formats of others, one file an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from flows import ninjs, timeml
from warehouse.lake import Warehouse, connect

SUFFIXES = {"timeml": ".tml", "ninjs": ".json"}
"""File suffix of each format."""


class NothingToExport(Exception):
    """No article of the warehouse has that key or URL."""


def export_articles(warehouse: Warehouse, wanted: Sequence[str], form: str, out: Path) -> int:
    """Write the articles with these keys or URLs, or all, below `out`; how many there were.

    Raises:
        NothingToExport: one of those asked for is not there.
    """
    out.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, (key, document) in enumerate(read_articles(warehouse, wanted, form), 1):  # noqa: B007
        (out / f"{key}{SUFFIXES[form]}").write_text(document, encoding="utf-8")
    return count


def read_articles(
    warehouse: Warehouse, wanted: Sequence[str], form: str
) -> Iterator[tuple[str, str]]:
    """Key and document of each article with one of these keys or URLs; of every one without any.

    Raises:
        NothingToExport: no article has any of them.
    """
    found = 0
    with connect(warehouse) as connection:
        find = {"timeml": timeml.find_documents, "ninjs": ninjs.find_documents}[form]
        for document in find(connection, wanted):
            found += 1
            yield document
    if wanted and found < len(set(wanted)):
        names = ", ".join(wanted)
        raise NothingToExport(
            f"{found} of {len(set(wanted))} articles found for {names}: give article_id or"
            " canonical_url as in the table articles"
        )
