"""A candidate: facts that newer extractors read in stored texts, beside those that are published.

Layout of ``WAREHOUSE/candidates/NAME/``::

    candidate.json        what it was made of
    texts.parquet         the article versions to read, in order
    batch-000000/         of one batch, whole or absent
      part-0/stored/      facts, readings, checks and rows held back of texts as they are stored
      part-0/same/        and of texts that their pages gave again, with the version's own row
      part-0/other/       and of texts that their pages give otherwise now: new versions
      part-0/refused/     pages that give no article any more

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
from typing import Literal

import duckdb
import pyarrow.parquet as pq

from flows.settings import Settings
from flows.stamp import stamp_of, stamps_of
from transforms.article.page import VERSION as EXTRACTOR
from warehouse.lake import Warehouse, WarehouseError, WarehouseLocked, quote

FILE = "candidate.json"
TEXTS = "texts.parquet"
_ARTICLES = (
    "SELECT v.* REPLACE (coalesce(r.extractor, v.extractor_version) AS extractor_version),"
    " a.source_id, a.canonical_url, r.stamp FROM article_versions v"
    " JOIN articles a USING (article_id) LEFT JOIN readings r USING (article_id, version)"
)
_PAGES = """(
    SELECT t.article_id, f.url, f.archive_file, f.archive_offset, f.archive_length
    FROM texts t JOIN lake.article_versions v USING (article_id, version)
    JOIN lake.fetches f USING (article_id)
    WHERE v.superseded_at IS NULL AND f.archive_file IS NOT NULL
    AND (f.run_id = v.run_id OR f.started_at < v.recorded_at)
    QUALIFY row_number() OVER (PARTITION BY t.article_id
        ORDER BY f.run_id = v.run_id DESC, f.started_at DESC, f.url) = 1
)"""
"""The archived answer each text came from: of its own run, or else the last before it."""
Stage = Literal["annotate", "extract"]


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
        stage: where reading begins: at the stored text, or at the archived page.
    """

    name: str
    made_at: str
    snapshot: int
    where: str | None
    stamp: str
    again: bool
    texts: int
    batch_size: int
    stage: Stage = "annotate"

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
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    where: str | None,
    again: bool,
    stage: Stage = "annotate",
) -> str:
    """A query for the texts to read: of current articles, those whose stamp is another.

    Args:
        where: condition on the columns of `article_versions`, source_id, canonical_url and stamp.
        again: take those of the same stamp too.
        stage: from the page on, those that another page extractor has read count as well.

    Raises:
        WarehouseError: the condition is no SQL that can be answered.
    """
    stamps = stamps_of(settings, [source.id for source in settings.sources])
    connection.execute("CREATE OR REPLACE TEMP TABLE stamps (source_id VARCHAR, stamp VARCHAR)")
    if stamps:
        connection.executemany("INSERT INTO stamps VALUES (?, ?)", list(stamps.items()))
    differs = (
        "stamp IS DISTINCT FROM coalesce((SELECT s.stamp FROM stamps s WHERE s.source_id ="
        f" articles.source_id), {quote(stamp_of(settings))})"
    )
    if stage == "extract":
        differs += f" OR extractor_version <> {quote(EXTRACTOR)}"
    query = f"SELECT article_id, version FROM ({_ARTICLES}) AS articles WHERE ({where or 'true'})"
    try:
        connection.execute(f"EXPLAIN {query}")
    except duckdb.Error as error:
        raise WarehouseError(f"--where {where!r} cannot be asked: {error}") from error
    return query if again else f"{query} AND ({differs})"


def make_candidate(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    *,
    name: str,
    made_at: datetime,
    snapshot: int,
    where: str | None,
    again: bool,
    stage: Stage = "annotate",
) -> tuple[Path, Candidate]:
    """Choose the texts of a new candidate, or take up one that was not finished.

    Raises:
        UnknownCandidate: one of this name was made of something else.
    """
    folder = candidates_of(settings.lake) / name
    if (folder / FILE).is_file():
        known = _read(folder / FILE)
        asked = (where, stamp_of(settings), again, stage)
        if (known.where, known.stamp, known.again, known.stage) != asked:
            raise UnknownCandidate(
                f"the candidate {name} was made of other texts or by other extractors: drop it"
                f" with `dateline reprocess --drop {name}`, or give --name"
            )
        return folder, known
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    query = choose_texts(connection, settings, where, again, stage)
    connection.execute(
        f"COPY ({query} ORDER BY article_id) TO {quote(str(folder / TEXTS))} (FORMAT parquet)"
    )
    made = Candidate(
        name=name, made_at=made_at.isoformat(), snapshot=snapshot, where=where,
        stamp=stamp_of(settings), again=again, batch_size=settings.batch_size, stage=stage,
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
    """The texts of these batches, streamed: number, and rows of article, version and source.

    From the page on, each row says where its page lies in the archive; null where none is kept.
    """
    texts = f"read_parquet({quote(str(folder / TEXTS))})"
    pages = (
        f"(WITH texts AS (FROM {texts}) SELECT * FROM {_PAGES})"
        if candidate.stage == "extract"
        else "(SELECT article_id, url, archive_file, archive_offset, archive_length"
        " FROM lake.fetches LIMIT 0)"
    )
    result = connection.execute(
        "SELECT t.number // ? AS batch, v.article_id, v.version, v.text, v.headline,"
        " v.published_at, v.published_method, v.language, v.change_ratio,"
        " a.canonical_url AS url, a.source_id,"
        " coalesce(r.extractor, v.extractor_version) AS extractor,"
        " p.url AS page, p.archive_file, p.archive_offset, p.archive_length"
        " FROM (SELECT *, row_number() OVER (ORDER BY article_id) - 1 AS number"
        f" FROM {texts}) t"
        " JOIN lake.article_versions v USING (article_id, version)"
        " JOIN articles a USING (article_id)"
        " LEFT JOIN readings r USING (article_id, version)"
        f" LEFT JOIN {pages} p USING (article_id)"
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
