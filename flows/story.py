"""Which staged articles are one story: run by several outlets, or under several addresses."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pyarrow.parquet as pq

from transforms.convert import to_arrow
from transforms.duplicates import Signature, cluster, signature
from warehouse.lake import Warehouse
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, arrow_schema

SLICE = 500


def cluster_staged(warehouse: Warehouse, run_id: str) -> int:
    """Name for each article of the run that repeats another the first of its story; how many.

    Texts are read in slices and only their signatures are kept (256 bytes each).
    """
    paths = sorted(warehouse.staging(run_id).rglob(f"{ARTICLE_VERSIONS.name}.parquet"))
    ids: list[str] = []
    signatures: list[Signature] = []
    for path in paths:
        for batch in pq.ParquetFile(path).iter_batches(SLICE, columns=["article_id", "text"]):
            ids += batch.column("article_id").to_pylist()
            signatures += [signature(text) for text in batch.column("text").to_pylist()]
    first = cluster(signatures)
    sizes: dict[int, int] = defaultdict(int)
    for leader in first:
        sizes[leader] += 1
    story = {ids[i]: ids[leader] for i, leader in enumerate(first) if sizes[leader] > 1}
    for path in paths:
        _mark(path.with_name(f"{ARTICLES.name}.parquet"), story)
    return len(ids) - len(sizes)


def _mark(path: Path, story: dict[str, str]) -> None:
    rows = pq.read_table(path, schema=arrow_schema(ARTICLES.columns)).to_pylist()
    if any(row["article_id"] in story for row in rows):
        marked = [row | {"duplicate_cluster": story.get(row["article_id"])} for row in rows]
        pq.write_table(to_arrow(ARTICLES.columns, marked), path, compression="zstd")
