"""A candidate: facts that newer extractors read in stored texts, beside those that are published.

Layout of ``WAREHOUSE/candidates/NAME/``::

    candidate.json        what it was made of
    texts.parquet         the article versions to read, in order
    batch-000000/         facts, readings, checks and rows held back of one batch, whole or absent

Nothing of it is in the lake before `promote`. It is made without the writer lock: nights go on.
"""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from flows.settings import Settings
from flows.stamp import stamp_of, stamps_of
from warehouse.lake import Warehouse, WarehouseError, WarehouseLocked, quote

FILE = "candidate.json"
TEXTS = "texts.parquet"
_ARTICLES = (
    "SELECT v.*, a.source_id, a.canonical_url, r.stamp FROM article_versions v"
    " JOIN articles a USING (article_id) LEFT JOIN readings r USING (article_id, version)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a candidate was made of.

    Attributes:
        snapshot: of the lake whose texts were chosen.
        where: condition on the articles, as given.
        stamp: what the texts are read with.
        again: whether texts of the same stamp were taken too.
        texts: how many there are to read.
        batch_size: texts in a batch.
    """

    name: str
    made_at: str
    snapshot: int
    where: str | None
    stamp: str
    again: bool
    texts: int
    batch_size: int

    @property
    def batches(self) -> int:
        """How many batches there are in all."""
        return -(-self.texts // self.batch_size)


class UnknownCandidate(WarehouseError):
    """There is no such candidate, or it is not what is wanted."""


def candidates_of(warehouse: Warehouse) -> Path:
    """The folder of all candidates."""
    return warehouse.root / "candidates"


def list_candidates(warehouse: Warehouse) -> list[Candidate]:
    """The candidates of a warehouse, oldest first."""
    found = [_read(path) for path in candidates_of(warehouse).glob(f"*/{FILE}")]
    return sorted(found, key=lambda c: c.made_at)


def find_candidate(warehouse: Warehouse, name: str | None) -> tuple[Path, Candidate]:
    """The candidate of a name, or the last one, with its folder.

    Raises:
        UnknownCandidate: there is none.
    """
    known = list_candidates(warehouse)
    chosen = [c for c in known if c.name == name] if name else known[-1:]
    if not chosen:
        names = ", ".join(c.name for c in known) or "none: `dateline reprocess` makes one"
        raise UnknownCandidate(f"there is no candidate {name or ''}; there are {names}")
    return candidates_of(warehouse) / chosen[0].name, chosen[0]


def _read(path: Path) -> Candidate:
    return Candidate(**json.loads(path.read_text(encoding="utf-8")))


def choose_texts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, where: str | None, again: bool
) -> str:
    """A query for the texts to read: of current articles, those whose stamp is another.

    Args:
        where: condition on the columns of `article_versions`, source_id, canonical_url and stamp.
        again: take those of the same stamp too.

    Raises:
        WarehouseError: the condition is no SQL that can be answered.
    """
    stamps = stamps_of(settings, [source.id for source in settings.sources])
    connection.execute("CREATE OR REPLACE TEMP TABLE stamps (source_id VARCHAR, stamp VARCHAR)")
    if stamps:
        connection.executemany("INSERT INTO stamps VALUES (?, ?)", list(stamps.items()))
    differs = "" if again else (
        f" AND stamp IS DISTINCT FROM coalesce((SELECT s.stamp FROM stamps s WHERE s.source_id ="
        f" articles.source_id), {quote(stamp_of(settings))})"
    )  # fmt: skip
    query = f"SELECT article_id, version FROM ({_ARTICLES}) AS articles WHERE ({where or 'true'})"
    try:
        connection.execute(f"EXPLAIN {query}")
    except duckdb.Error as error:
        raise WarehouseError(f"--where {where!r} cannot be asked: {error}") from error
    return query + differs


def make_candidate(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    name: str,
    made_at: datetime,
    snapshot: int,
    where: str | None,
    again: bool,
) -> tuple[Path, Candidate]:
    """Choose the texts of a new candidate, or take up one that was not finished.

    Raises:
        UnknownCandidate: one of this name was made of something else.
    """
    folder = candidates_of(settings.lake) / name
    if (folder / FILE).is_file():
        known = _read(folder / FILE)
        if (known.where, known.stamp, known.again) != (where, stamp_of(settings), again):
            raise UnknownCandidate(
                f"the candidate {name} was made of other texts or by other extractors: drop it"
                f" with `dateline reprocess --drop {name}`, or give --name"
            )
        return folder, known
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    query = choose_texts(connection, settings, where, again)
    connection.execute(
        f"COPY ({query} ORDER BY article_id) TO {quote(str(folder / TEXTS))} (FORMAT parquet)"
    )
    made = Candidate(
        name=name, made_at=made_at.isoformat(), snapshot=snapshot, where=where,
        stamp=stamp_of(settings), again=again, batch_size=settings.batch_size,
        texts=pq.ParquetFile(folder / TEXTS).metadata.num_rows,
    )  # fmt: skip
    partial = folder / f".{FILE}"
    partial.write_text(json.dumps(asdict(made), indent=1), encoding="utf-8")
    partial.replace(folder / FILE)
    return folder, made


def batch_folder(folder: Path, number: int) -> Path:
    """Where a batch lies once it is whole."""
    return folder / f"batch-{number:06d}"


def missing_batches(folder: Path, candidate: Candidate) -> list[int]:
    """The batches that are still to be read; what was left half done is removed."""
    for left in folder.glob(".batch-*"):
        shutil.rmtree(left)
    return [n for n in range(candidate.batches) if not batch_folder(folder, n).is_dir()]


def read_texts(
    connection: duckdb.DuckDBPyConnection, folder: Path, candidate: Candidate, numbers: list[int]
) -> Iterator[tuple[int, list[Mapping[str, object]]]]:
    """The texts of these batches, streamed: number, and rows of article, version and source."""
    result = connection.execute(
        "SELECT t.number // ? AS batch, v.article_id, v.version, v.text, v.headline,"
        " v.published_at, v.language, a.canonical_url AS url, a.source_id"
        " FROM (SELECT *, row_number() OVER (ORDER BY article_id) - 1 AS number"
        f" FROM read_parquet({quote(str(folder / TEXTS))})) t"
        " JOIN lake.article_versions v USING (article_id, version)"
        " JOIN articles a USING (article_id)"
        " WHERE t.number // ? IN (SELECT unnest(?)) AND v.superseded_at IS NULL ORDER BY t.number",
        [candidate.batch_size, candidate.batch_size, numbers],
    )
    names = [d[0] for d in result.description or []]
    wanted = iter(numbers)
    number, rows = next(wanted, None), list[Mapping[str, object]]()
    while found := result.fetchmany(candidate.batch_size):
        for values in found:
            row = dict(zip(names, values, strict=True))
            while number is not None and row["batch"] != number:
                yield number, rows
                number, rows = next(wanted, None), []
            rows.append(row)
    # a batch whose texts were all replaced since is read too, and gives nothing
    while number is not None:
        yield number, rows
        number, rows = next(wanted, None), []


@contextmanager
def candidate_lock(warehouse: Warehouse) -> Iterator[None]:
    """Hold the candidates of a warehouse; one is made or promoted at a time.

    Raises:
        WarehouseLocked: another process does so.
    """
    folder = candidates_of(warehouse)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise WarehouseLocked("a candidate is being made or promoted: wait for it") from error
        yield
