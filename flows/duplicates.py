"""`dateline duplicates`: JSONL in, which documents are one story out; no warehouse, no Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from flows.annotate import Line, read_lines
from flows.progress import Report
from flows.workers import batched, spread
from transforms.article.lines import parse_line
from transforms.article.model import Rejected
from transforms.duplicates.agency import find_agency
from transforms.duplicates.cluster import Link, find_clusters
from transforms.duplicates.sketch import Sketches, join, sketch

BATCH = 500
SHOWN = 20
PAIRS = 50_000
"""Pairs written at a time."""

DOCUMENTS = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("duplicate_cluster", pa.string(), nullable=False),
        pa.field("copies", pa.int64(), nullable=False),
        pa.field("agency", pa.string()),
    ]
)
SIMILAR = pa.schema(
    [
        pa.field("article_id", pa.string(), nullable=False),
        pa.field("other_article_id", pa.string(), nullable=False),
        pa.field("similarity", pa.float64(), nullable=False),
        pa.field("containment", pa.float64(), nullable=False),
    ]
)

Document = tuple[str, str, str | None]
"""Id, time of publication (empty sorts last) and agency."""


@dataclass
class Outcome:
    """What became of the lines."""

    documents: int = 0
    stories: int = 0
    pairs: int = 0
    rejects: int = 0
    rejected: list[str] = field(default_factory=list)
    """Reasons of the first lines that gave no text; each names file and line."""


def pairs_path(out: Path) -> Path:
    """Where the pairs go: ``stories.pairs.parquet`` beside ``stories.parquet``."""
    return out.with_name(f"{out.stem}.pairs.parquet")


def find_duplicates(paths: Sequence[Path], out: Path, *, processes: int, report: Report) -> Outcome:
    """Write the story of each line of `paths` to `out`, and the similar pairs beside it.

    Lines come in their order. Memory holds 1.2 kB a document, not the texts. The outlet of a
    document is the host of its url.

    Raises:
        OSError: a file cannot be read, or `out` not written.
    """
    outcome = Outcome()
    documents: list[Document] = []
    parts: list[Sketches] = []
    lines = (line for path in paths for line in read_lines(path))
    for found, sketches, rejected in spread(read_batch, batched(lines, BATCH), processes):
        documents += found
        parts.append(sketches)
        outcome.rejects += len(rejected)
        outcome.rejected += rejected[: max(0, SHOWN - len(outcome.rejected))]
        report("documents", len(documents) + outcome.rejects, None)
    order = sorted(range(len(documents)), key=lambda n: (documents[n][1] or "~", documents[n][0]))
    clusters = find_clusters(join(parts).take(np.array(order, dtype=np.int64)))
    ranked = [documents[n][0] for n in order]
    leader = dict(zip(order, (ranked[first] for first in clusters.leaders), strict=True))
    sizes = Counter(clusters.leaders)
    copies = dict(zip(order, (sizes[first] for first in clusters.leaders), strict=True))
    outcome.documents, outcome.stories = len(documents), len(sizes)
    rows = [(name, leader[n], copies[n], agency) for n, (name, _, agency) in enumerate(documents)]
    out.parent.mkdir(parents=True, exist_ok=True)
    _write(out, DOCUMENTS, batched(rows, PAIRS))
    similar = ((ranked[a], ranked[b], s, c) for a, b, s, c in iter_pairs(clusters.links))
    outcome.pairs = _write(pairs_path(out), SIMILAR, batched(similar, PAIRS))
    return outcome


def read_batch(lines: list[Line]) -> tuple[list[Document], Sketches, list[str]]:
    """The documents of a batch of lines with their sketches, and why the others gave none."""
    documents: list[Document] = []
    texts: list[str] = []
    headlines: list[str | None] = []
    sources: list[str | None] = []
    rejected: list[str] = []
    for where, line in lines:
        try:
            name, found = parse_line(line, where=where, default_published=None, detect=False)
        except Rejected as reject:
            rejected.append(f"{where}: {reject.reason}")
            continue
        when = found.published_at.isoformat() if found.published_at else ""
        documents.append((name, when, find_agency(found.text, found.byline, found.authors)))
        texts.append(found.text)
        headlines.append(found.headline)
        sources.append(urlsplit(found.url).netloc if found.url else None)
    return documents, sketch(texts, headlines, sources), rejected


def iter_pairs(links: Sequence[Link]) -> Iterator[tuple[int, int, float, float]]:
    """Every pair that links say is alike, copies of both included, with its two measures."""
    copies: dict[int, list[int]] = {}
    for link in links:
        if link.identical:
            copies.setdefault(link.first, [link.first]).append(link.second)
    for group in copies.values():
        yield from ((a, b, 1.0, 1.0) for a, b in combinations(group, 2))
    for link in links:
        if not link.identical:
            for a, b in product(
                copies.get(link.first, [link.first]), copies.get(link.second, [link.second])
            ):
                yield min(a, b), max(a, b), link.similarity, link.containment


def _write(path: Path, schema: pa.Schema, batches: Iterator[list[tuple[object, ...]]]) -> int:
    """Write rows to a file that appears under its name when all are there; how many."""
    partial = path.with_name(f".{path.name}.partial")
    written = 0
    with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
        for rows in batches:
            columns = zip(*rows, strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            written += len(rows)
    partial.replace(path)
    return written
