"""Which staged articles are one story, among each other and with all the warehouse knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb
import numpy as np

from flows.batch import write_table
from flows.story_index import StoryIndex, to_entries, to_sketches
from transforms.convert import to_arrow
from transforms.duplicates.agency import find_agency
from transforms.duplicates.cluster import Known, Link, find_clusters
from transforms.duplicates.likeness import GROWN, likeness
from transforms.duplicates.sketch import VERSION, Array, Sketches, join, sketch
from transforms.text import key_of
from warehouse.lake import Warehouse, connect
from warehouse.publish import find_repeated
from warehouse.store import Place, list_files, read_parquet, read_slices, write_parquet
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, DUPLICATES, arrow_schema

SLICE = 500
"""Texts read at a time."""
COMPARED = 5_000
"""Candidates compared at a time."""
_READ = [
    "article_id", "version", "text", "headline", "byline", "authors", "published_at",
]  # fmt: skip
_LAST = datetime.max.replace(tzinfo=UTC)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stories:
    """What became of a run's articles: rows of `duplicates`, and their sketches in step."""

    run_id: str
    rows: list[Row]
    sketches: Sketches

    @property
    def copies(self) -> int:
        """Articles that are not the first of their story."""
        return sum(row["relation"] != "first" for row in self.rows)


def index_of(warehouse: Warehouse) -> StoryIndex:
    """The warehouse's index of texts."""
    return StoryIndex(warehouse.root / "index" / "duplicates")


def cluster_staged(warehouse: Warehouse, run_id: str) -> Stories:
    """Say of each article staged by a run which story it belongs to; only these are compared.

    Writes ``duplicates.parquet`` into each batch and names the story in its ``articles.parquet``.
    Texts are read in slices and only their sketches are kept, 1.1 kB each.
    """
    files = [
        path
        for path, _ in list_files(warehouse.staging(run_id), f"{ARTICLE_VERSIONS.name}.parquet")
    ]
    articles, sketches = _read_staged(warehouse, files)
    order = sorted(range(len(articles)), key=lambda n: _rank(articles[n]))
    articles = [articles[n] for n in order]
    sketches = sketches.take(np.array(order, dtype=np.int64))
    index = index_of(warehouse)
    with connect(warehouse) as connection:
        sync(index, connection)
    stories = Stories(run_id, find_stories(articles, sketches, index), sketches)
    by_batch: dict[Place, list[Row]] = {}
    for article, row in zip(articles, stories.rows, strict=True):
        by_batch.setdefault(article["batch"], []).append(row)
    for batch, rows in by_batch.items():
        write_table(to_arrow(DUPLICATES.columns, rows), batch, DUPLICATES)
        _mark(batch / f"{ARTICLES.name}.parquet", {r["article_id"]: r["cluster_id"] for r in rows})
    return stories


def keep_stories(warehouse: Warehouse, stories: Stories) -> None:
    """Put the articles of a run into the index, now that it is published."""
    entries = to_entries(stories.sketches, stories.rows)
    index_of(warehouse).add(stories.run_id, entries)


def find_stories(articles: Sequence[Row], sketches: Sketches, index: StoryIndex) -> list[Row]:
    """A row of `duplicates` for each article.

    Args:
        articles: article_id, version and agency of each; those that came out first come first.
        sketches: of their texts.
        index: of what is known.
    """
    known, entries = _find_known(articles, sketches, index)
    clusters = find_clusters(sketches, known)
    own = entries[entries["article"] == entries["cluster"]]["article"]
    taken = {name.decode() for name in own.tolist()}
    names = _cluster_names(known, entries)
    reasons = _reasons(clusters.links)
    rows = []
    for place, article in enumerate(articles):
        leader = articles[clusters.leaders[place]]
        known_cluster = clusters.known[place]
        if known_cluster >= 0:
            name = names[known_cluster]
        elif leader["article_id"] in taken:
            # the article's older text keeps the name for those that are like it
            name = key_of(leader["article_id"], leader["version"])
        else:
            name = leader["article_id"]
        alone = known_cluster < 0 and clusters.leaders[place] == place
        link = None if alone else reasons.get(place)
        rows.append(_row(article, name, place, link, articles, entries))
    return rows


def sync(index: StoryIndex, connection: duckdb.DuckDBPyConnection) -> int:
    """Make the index what the lake says: how many entries were read anew.

    Costs one look at the column `run_id` where nothing is to be done, which is so unless a process
    was killed between publish and index, the index was deleted, or rows were.
    """
    counted = connection.execute(
        "SELECT run_id, count(*) FROM lake.duplicates GROUP BY run_id ORDER BY min(recorded_at), 1"
    ).fetchall()
    index.keep(dict(counted))
    there = index.counts()
    read = 0
    for run_id, _ in counted:
        if run_id not in there:
            rows, sketches = _read_published(connection, run_id)
            index.add(run_id, to_entries(sketches, rows))
            read += len(rows)
    return read


# --------------------------------------------------------------------------- reading


def _read_staged(warehouse: Warehouse, paths: Sequence[Place]) -> tuple[list[Row], Sketches]:
    """What is known of each staged article, and its sketch; of two of one name, the published."""
    articles: list[Row] = []
    parts: list[Sketches] = []
    repeated = find_repeated(warehouse, paths)
    for path in paths:
        sources = _sources(path.parent / f"{ARTICLES.name}.parquet")
        for batch in read_slices(path, SLICE, _READ):
            rows = [
                row
                for row in batch.to_pylist()
                if repeated.get(row["article_id"], str(path.parent)) == str(path.parent)
            ]
            parts.append(_sketch(rows, [sources.get(row["article_id"]) for row in rows]))
            articles += [
                {
                    "article_id": row["article_id"],
                    "version": row["version"],
                    "published_at": row["published_at"],
                    "agency": find_agency(row["text"], row["byline"], row["authors"] or ()),
                    "batch": path.parent,
                }
                for row in rows
            ]
    return articles, join(parts)


def _read_published(
    connection: duckdb.DuckDBPyConnection, run_id: str
) -> tuple[list[Row], Sketches]:
    """The rows of `duplicates` that a run has published, and sketches of their texts."""
    result = connection.execute(
        "SELECT d.article_id, d.version, d.cluster_id, d.relation, v.text, v.headline, a.source_id"
        " FROM lake.duplicates d JOIN lake.article_versions v"
        " USING (run_id, article_id, version) JOIN lake.articles a USING (article_id)"
        " WHERE run_id = ? ORDER BY coalesce(v.published_at, 'infinity'), d.article_id",
        [run_id],
    )
    rows: list[Row] = []
    parts: list[Sketches] = []
    for batch in _batches(result):
        parts.append(_sketch(batch, [row["source_id"] for row in batch]))
        rows += [{k: v for k, v in row.items() if k != "text"} for row in batch]
    return rows, join(parts)


def _batches(result: duckdb.DuckDBPyConnection) -> Iterator[list[Row]]:
    names = [d[0] for d in result.description or []]
    while batch := result.fetchmany(SLICE):
        yield [dict(zip(names, row, strict=True)) for row in batch]


def _sketch(rows: Sequence[Row], sources: Sequence[str | None]) -> Sketches:
    return sketch([r["text"] for r in rows], [r["headline"] for r in rows], sources)


def _sources(path: Place) -> dict[str, str]:
    table = read_parquet(path, columns=["article_id", "source_id"])
    return dict(zip(*table.to_pydict().values(), strict=True))


def _rank(article: Row) -> tuple[datetime, str]:
    return article["published_at"] or _LAST, article["article_id"]


# --------------------------------------------------------------------------- comparing


def _find_known(
    articles: Sequence[Row], sketches: Sketches, index: StoryIndex
) -> tuple[Known, Array]:
    """What the index has for these articles: their candidates, their own versions, and the first
    texts of the clusters of both; with the entries, in step with the sketches."""
    new, rows = index.candidates(sketches)
    own_rows, own = index.named([article["article_id"] for article in articles])
    place = {article["article_id"].encode(): n for n, article in enumerate(articles)}
    kept = np.array([name in place for name in own["article"].tolist()], dtype=bool)
    mine = np.array([place[name] for name in own["article"][kept].tolist()], dtype=np.int64)
    pairs = np.unique(
        np.stack([np.concatenate([rows, own_rows[kept]]), np.concatenate([new, mine])], axis=1),
        axis=0,
    )
    pairs = _alike(pairs, sketches, index)
    wanted = np.union1d(pairs[:, 0], own_rows)
    clusters = np.unique(index.entries(wanted)["cluster"])
    founder_rows, _ = index.named([name.decode() for name in clusters.tolist()])
    wanted = np.union1d(wanted, founder_rows)
    entries = index.entries(wanted)
    new, old = pairs[:, 1], np.searchsorted(wanted, pairs[:, 0])
    keys = np.array([article["article_id"].encode() for article in articles], "S16")
    names, numbers = np.unique(entries["cluster"], return_inverse=True)
    founders = np.full(len(names), -1)
    firsts = np.flatnonzero(entries["first"])[::-1]
    founders[numbers[firsts]] = firsts
    own_pair = entries["article"][old] == keys[new]
    return Known(to_sketches(entries), numbers, founders, (new, old), own_pair), entries


def _alike(pairs: Array, sketches: Sketches, index: StoryIndex) -> Array:
    """The pairs of a known and a new row, ascending, that are one story; entries are read once."""
    kept = [pairs[:0]]
    for at in range(0, len(pairs), COMPARED):
        part = pairs[at : at + COMPARED]
        rows, old = np.unique(part[:, 0], return_inverse=True)
        like = likeness(sketches, part[:, 1], to_sketches(index.entries(rows)), old)
        kept.append(part[like.same])
    return np.concatenate(kept)


def _cluster_names(known: Known, entries: Array) -> list[str]:
    _, first = np.unique(known.clusters, return_index=True)
    return [name.decode() for name in entries["cluster"][first].tolist()]


def _reasons(links: Sequence[Link]) -> dict[int, Link]:
    """For each article the strongest link to one that is known or comes before it."""
    reasons: dict[int, Link] = {}
    for link in links:
        for row in (link.first,) if link.known else (link.first, link.second):
            reasons.setdefault(row, link)
    return reasons


def _row(
    article: Row, name: str, place: int, link: Link | None, articles: Sequence[Row], entries: Array
) -> Row:
    row = {
        "article_id": article["article_id"],
        "version": article["version"],
        "cluster_id": name,
        "relation": "first",
        "agency": article["agency"],
        "extractor_version": VERSION,
    }
    if link is None:
        return row
    if link.known:
        other = entries[link.second]
        matched = (other["article"].decode(), other["version"].decode())
    else:
        found = articles[link.second if link.first == place else link.first]
        matched = (found["article_id"], found["version"])
    return row | {
        "relation": _relation(link),
        "matched_article_id": matched[0],
        "matched_version": matched[1],
        "similarity": link.similarity,
        "containment": link.containment,
    }


def _relation(link: Link) -> str:
    if link.own:
        return "version"
    if link.identical:
        return "identical"
    return "near" if link.similarity >= GROWN else "part"


def _mark(path: Place, story: Mapping[str, str]) -> None:
    rows = read_parquet(path, schema=arrow_schema(ARTICLES.columns)).to_pylist()
    marked = [row | {"duplicate_cluster": story.get(row["article_id"])} for row in rows]
    write_parquet(to_arrow(ARTICLES.columns, marked), path)
