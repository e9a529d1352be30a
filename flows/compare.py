"""How a candidate differs from what is published: per table, rule and source, with examples.

Texts that their pages give otherwise now are told as changed rows of `article_versions`; their
facts, all of another text, are counted and not compared one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.candidate import Candidate
from flows.reprocess import read_outcome
from flows.reread import Reread
from warehouse.lake import Warehouse, connect, literal
from warehouse.revise import (
    CHANGES,
    find_difference,
    find_live,
    find_others,
    find_told,
    other_files,
)
from warehouse.tables import ARTICLE_VERSIONS, FACTS, HEADLINE_QUOTES, Table

_SPANNED = {HEADLINE_QUOTES.name: "coalesce(v.headline, '')"}
"""Where the spans of a table point to, if not into the text."""
_TOLD = ("headline", "byline", "language", "published_at", "modified_at")
AROUND = 120
"""Characters shown before and after what a text has otherwise."""
CUT = 300
"""Characters of it that are shown."""
_SHOWN = ("surface", "rule", "start", "end")


@dataclass(frozen=True, slots=True)
class TableDifference:
    """Rows of a table by what a promote would do with them."""

    table: str
    same: int
    added: int
    removed: int
    changed: int


@dataclass(frozen=True, slots=True)
class Group:
    """Differences of one table, rule and source."""

    table: str
    rule: str
    source: str
    change: str
    count: int


@dataclass(frozen=True, slots=True)
class Example:
    """One difference: where it stands, and each column that differs, before and after."""

    table: str
    rule: str
    source: str
    change: str
    article_id: str
    headline: str | None
    before: str
    surface: str
    after: str
    columns: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between a candidate and the lake.

    Attributes:
        live: texts that the candidate has read and that are still current.
        others: how many of them came out otherwise of their pages.
        outcome: what became of its texts when they were read.
    """

    candidate: Candidate
    outcome: Reread
    live: int
    others: int
    tables: tuple[TableDifference, ...]
    groups: tuple[Group, ...]
    examples: tuple[Example, ...]

    @property
    def differences(self) -> int:
        """How many rows differ in all."""
        return sum(t.added + t.removed + t.changed for t in self.tables)

    @property
    def replaced(self) -> int:
        """Texts of the candidate that nights have replaced since."""
        return self.outcome.texts + self.outcome.skipped - self.live


def compare(
    warehouse: Warehouse, folder: Path, candidate: Candidate, examples: int = 3
) -> Comparison:
    """What a promote would change, with up to so many examples of each change of each rule."""
    tables, groups, shown = [], [], []
    with connect(warehouse) as connection:
        live = find_live(connection, folder)
        others = find_others(connection, folder)
        if candidate.stage == "extract":
            own = list(_pages(connection, folder))
            changed = sum(group.count for group in own)
            tables.append(
                TableDifference(ARTICLE_VERSIONS.name, live + others - changed, 0, 0, changed)
            )
            groups += own
            shown += list(islice(_texts(connection, folder), examples))
        for table in FACTS:
            same = find_difference(connection, folder, table)
            own = list(_groups(connection, table))
            counts = {c: sum(g.count for g in own if g.change == c) for c in CHANGES}
            tables.append(TableDifference(table.name, same, **counts))
            groups += own
            shown += list(_examples(connection, table, examples))
    return Comparison(
        candidate=candidate, outcome=read_outcome(folder), live=live + others, others=others,
        tables=tuple(tables), groups=tuple(groups), examples=tuple(shown),
    )  # fmt: skip


def _pages(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Group]:
    """Texts that came out otherwise, and those that stay of which the page says something else."""
    find_told(connection, folder)
    rows = connection.execute(
        "SELECT rule, source_id, count(*) FROM ("
        " SELECT article_id, 'page:text' AS rule FROM others UNION ALL"
        " SELECT article_id, 'page:metadata' FROM told) JOIN articles USING (article_id)"
        " GROUP BY ALL ORDER BY rule DESC, count(*) DESC, source_id"
    ).fetchall()
    for rule, source, count in rows:
        yield Group(ARTICLE_VERSIONS.name, rule, source, "changed", count)


def _texts(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Example]:
    """Texts that came out otherwise, each with the first place where it differs."""
    files = other_files(folder, ARTICLE_VERSIONS)
    if not files:
        return
    result = connection.execute(
        "SELECT x.article_id, a.source_id, o, n FROM others x JOIN articles a USING (article_id)"
        f" JOIN read_parquet({literal(files)}) n ON n.article_id = x.article_id"
        " JOIN lake.article_versions o ON o.article_id = x.article_id AND o.version = x.was"
        " WHERE o.superseded_at IS NULL ORDER BY hash(x.article_id)"
    )
    while row := result.fetchone():
        article, source, old, new = row
        at, gone, came = _first_difference(old["text"], new["text"])
        yield Example(
            table=ARTICLE_VERSIONS.name, rule="page:text", source=source, change="changed",
            article_id=article, headline=new["headline"],
            before=new["text"][max(0, at - AROUND) : at], surface=came,
            after=new["text"][at + len(came) : at + len(came) + AROUND],
            columns=(
                *((("text", gone, came),) if gone or came else ()),
                ("characters", len(old["text"]), len(new["text"])),
                *((name, old[name], new[name]) for name in _TOLD if old[name] != new[name]),
            ),
        )  # fmt: skip


def _first_difference(old: str, new: str) -> tuple[int, str, str]:
    """Where two texts first differ, by lines: the place in the new one, what went and what came."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, *places in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            a, b, c, d = places
            return sum(map(len, after[:c])), "".join(before[a:b])[:CUT], "".join(after[c:d])[:CUT]
    return len(new), "", ""


def _joined(table: Table) -> str:
    (key,) = table.key
    return (
        f"diff_{table.name} d LEFT JOIN old_{table.name} o ON o.{key} = d.old_key"
        f" LEFT JOIN new_{table.name} n ON n.{key} = d.new_key"
        " JOIN articles a ON a.article_id = coalesce(n.article_id, o.article_id)"
    )


def _groups(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[Group]:
    rows = connection.execute(
        "SELECT coalesce(n.rule, o.rule) AS rule, a.source_id, d.change, count(*) AS count"
        f" FROM {_joined(table)} GROUP BY ALL ORDER BY count DESC, rule, a.source_id, d.change"
    ).fetchall()
    for rule, source, change, count in rows:
        yield Group(table.name, rule, source, change, count)


def _examples(connection: duckdb.DuckDBPyConnection, table: Table, count: int) -> Iterator[Example]:
    rows = connection.execute(
        "SELECT d.change, coalesce(n.rule, o.rule) AS rule, a.source_id, o, n, v.headline,"
        f" {_SPANNED.get(table.name, 'v.text')}"
        f" FROM {_joined(table)} JOIN lake.article_versions v ON v.article_id = a.article_id"
        " AND v.version = coalesce(n.version, o.version) AND v.superseded_at IS NULL"
        " QUALIFY row_number() OVER (PARTITION BY d.change, coalesce(n.rule, o.rule)"
        # spread over articles and sources, and the same ones every time
        ' ORDER BY hash(a.article_id), coalesce(n.start, o.start), coalesce(n."end", o."end"))'
        " <= ? ORDER BY coalesce(n.rule, o.rule), d.change, a.source_id, a.article_id",
        [count],
    ).fetchall()
    for change, rule, source, old, new, headline, text in rows:
        old = old if change != "added" else {}
        new = new if change != "removed" else {}
        row = new or old
        start, end = row["start"], row["end"]
        yield Example(
            table=table.name, rule=rule, source=source, change=change,
            article_id=row["article_id"], headline=headline,
            before=text[row["sentence_start"] : start], surface=text[start:end],
            after=text[end : max(end, row["sentence_end"])],
            columns=tuple(_columns(table, old, new)),
        )  # fmt: skip


def _columns(
    table: Table, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """The columns that say something, or say something else than before."""
    hidden = {"article_id", "version", "sentence", "sentence_start", "sentence_end", "extractor",
              "extractor_version", "candidates", *table.key}  # fmt: skip
    for column in table.columns:
        one, other = old.get(column.name), new.get(column.name)
        if column.name in hidden or one == other:
            continue
        if (old and new) or column.name not in _SHOWN:
            yield column.name, one, other


def to_html(comparison: Comparison) -> str:
    """The comparison as one self-contained page."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment.get_template("compare.html.j2").render(c=comparison, changes=CHANGES)
