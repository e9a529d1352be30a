"""What a worker does with stored texts that are read anew, or with their archived pages.

Everything goes below one folder of a candidate, which appears when it is whole.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.check import check
from expectations.own import load_own
from flows.batch import (
    Held,
    Incoming,
    Staged,
    extract_items,
    quarantine_documents,
    stage_batch,
    write_table,
)
from flows.candidate import batch_folder
from flows.fetch.archived import read_document
from flows.forgotten import Forgotten
from flows.meter import Meter, Usage
from flows.withhold import withheld_by
from flows.workers import language, split_texts
from transforms.annotate import LANGUAGES, annotate
from transforms.article.change import compare
from transforms.article.page import VERSION as EXTRACTOR
from transforms.convert import as_arrow, to_arrow
from transforms.language.headline import parse_headlines
from transforms.text import Text
from warehouse.tables import CHECKS, FACTS, QUARANTINE, READINGS

DONE = "done.json"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What texts are read with.

    Attributes:
        archive: folder that their pages lie in.
        zones: time zone by source.
        stamps: by source; `usual` that of the others.
        own: a file of own expectations.
        characters: read at a time, at most.
        from_page: whether texts are read from their archived pages on.
        forgotten: a page that names one of these persons is not read: its stored text does not.
    """

    archive: Path
    model: str
    vague_policy: str
    run_id: str
    as_of: datetime
    zones: Mapping[str, str | None]
    stamps: Mapping[str, str]
    usual: str
    characters: int
    own: Path | None = None
    from_page: bool = False
    forgotten: Forgotten = field(default_factory=Forgotten)

    def stamp(self, source_id: str) -> str:
        """The stamp of a source's texts."""
        return self.stamps.get(source_id, self.usual)


@dataclass(slots=True)
class Reread:
    """What became of the texts of a batch, or of several.

    Attributes:
        texts: read as far as the facts.
        skipped: of other languages.
        pages: texts that were read from their archived pages on.
        refused: pages that give no article any more; their stored text is read instead.
        held: rows held back.
    """

    texts: int = 0
    skipped: int = 0
    pages: int = 0
    refused: int = 0
    rows: int = 0
    held: int = 0
    failed_tables: list[str] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)

    def add(self, other: Reread) -> None:
        """Take in another's counts."""
        self.texts += other.texts
        self.skipped += other.skipped
        self.pages += other.pages
        self.refused += other.refused
        self.rows += other.rows
        self.held += other.held
        self.failed_tables = sorted({*self.failed_tables, *other.failed_tables})
        for stage, used in other.usage.items():
            self.usage[stage] = self.usage.get(stage, Usage()) + used


def reread_batch(numbered: tuple[int, Sequence[Row]], *, folder: Path, terms: Terms) -> Reread:
    """Read a batch of texts; it appears in the candidate when it is whole.

    Args:
        numbered: number of the batch, and rows of `read_texts`.

    Raises:
        ArchiveError: a file of the archive is missing or damaged.
    """
    number, rows = numbered
    target = batch_folder(folder, number)
    partial = folder / f".{target.name}"
    outcome = Reread()
    parts = split_texts(rows, lambda row: len(row["text"]), terms.characters)
    for place, part in enumerate(parts):
        outcome.add(_reread_part(part, partial / f"part-{place}", terms))
    partial.mkdir(parents=True, exist_ok=True)
    (partial / DONE).write_text(json.dumps(asdict(outcome)), encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    partial.replace(target)
    return outcome


def _reread_part(rows: Sequence[Row], folder: Path, terms: Terms) -> Reread:
    pages, refused, outcome = _extract(rows, terms)
    if refused:
        quarantine_documents(refused, folder / "refused", run_id=terms.run_id, as_of=terms.as_of)
    stored = {row["article_id"]: row["version"] for row in rows}
    same = [page for page in pages if page.version == stored[page.article_id]]
    other = [page for page in pages if page.version != stored[page.article_id]]
    for name, found in (("same", same), ("other", other)):
        if found:
            outcome.add(_stage(found, folder / name, terms))
    taken = {page.article_id for page in pages}
    left = [row for row in rows if row["article_id"] not in taken]
    if left:
        outcome.add(_reread(left, folder / "stored", terms))
    return outcome


def _extract(rows: Sequence[Row], terms: Terms) -> tuple[list[Incoming], list[Held], Reread]:
    """The articles that the archived pages of these rows give today, and the pages that give none.

    An article keeps its key, whatever address its page states now.
    """
    meter = Meter()
    pages: list[Incoming] = []
    refused: list[Held] = []
    with meter.stage("extract"):
        for row in rows:
            if row["archive_file"] is None:
                continue
            item = read_document(
                terms.archive, row["page"], row["archive_file"], row["archive_offset"]
            )
            if item is None:
                continue
            (outcome,), _ = extract_items([item], None)
            if withheld_by(outcome, terms.forgotten) is not None:
                continue
            if isinstance(outcome, Held):
                refused.append(outcome)
            else:
                pages.append(_of_row(outcome, row))
    done = Reread(pages=len(pages) + len(refused), refused=len(refused), usage=meter.usage)
    return pages, refused, done


def _of_row(incoming: Incoming, row: Row) -> Incoming:
    """The same as a version of the row's article."""
    found = incoming.extracted
    if found.published_at is None and row["published_method"] == "option:published":
        found = replace(
            found, published_at=row["published_at"], published_method=row["published_method"]
        )
    ratio = row["change_ratio"]
    if incoming.version != row["version"]:
        ratio = compare(row["headline"], row["text"], found.headline, found.text).ratio
    return replace(
        incoming,
        article_id=row["article_id"],
        source_id=row["source_id"],
        extracted=found,
        change_ratio=ratio,
    )


def _stage(incoming: Sequence[Incoming], folder: Path, terms: Terms) -> Reread:
    """Annotate and check articles as a night does."""
    staged: Staged = stage_batch(
        incoming,
        folder,
        model=terms.model,
        run_id=terms.run_id,
        as_of=terms.as_of,
        zones=terms.zones,
        stamps={i.source_id: terms.stamp(i.source_id) for i in incoming},
        vague_policy=terms.vague_policy,
        own=terms.own,
    )
    return Reread(
        texts=staged.texts,
        skipped=staged.skipped,
        rows=staged.rows,
        held=sum(staged.quarantined.values()),
        failed_tables=list(staged.failed_tables),
        usage=staged.usage,
    )


def _reread(rows: Sequence[Row], folder: Path, terms: Terms) -> Reread:
    """Annotate and check stored texts."""
    meter = Meter()
    texts = [
        _text(row, terms.zones.get(row["source_id"]))
        for row in rows
        if (row["language"] or "en") in LANGUAGES
    ]
    with meter.stage("parse"):
        documents = list(language(terms.model).parse([t.text for t in texts]))
        headlines = parse_headlines(language(terms.model), texts)
    with meter.stage("annotate"):
        frames = annotate(texts, documents, terms.vague_policy, headlines)
    with meter.stage("validate"):
        known = pd.DataFrame(
            [(row["article_id"], row["version"], row["text"], row["headline"]) for row in rows],
            columns=["article_id", "version", "text", "headline"],
        )
        checked = check(
            frames,
            run_id=terms.run_id,
            as_of=terms.as_of,
            texts=known,
            sources={row["article_id"]: row["source_id"] for row in rows},
            extra=load_own(terms.own).rules,
        )
    with meter.stage("stage"):
        folder.mkdir(parents=True, exist_ok=True)
        for table in FACTS:
            write_table(as_arrow(table, checked.good[table.name]), folder, table)
        readings = [
            {
                "article_id": row["article_id"],
                "version": row["version"],
                "stamp": terms.stamp(row["source_id"]),
                # what no page is kept of is not asked for again and again
                "extractor": EXTRACTOR if terms.from_page else row["extractor"],
            }
            for row in rows
        ]
        write_table(to_arrow(READINGS.columns, readings), folder, READINGS)
        write_table(as_arrow(QUARANTINE, checked.quarantined), folder, QUARANTINE)
        write_table(as_arrow(CHECKS, checked.results), folder, CHECKS)
    return Reread(
        texts=len(texts),
        skipped=len(rows) - len(texts),
        rows=sum(len(checked.good[t.name]) for t in FACTS),
        held=len(checked.quarantined),
        failed_tables=list(checked.failed_tables),
        usage=meter.usage,
    )


def _text(row: Row, zone: str | None) -> Text:
    return Text(
        article_id=row["article_id"],
        version=row["version"],
        text=row["text"],
        headline=row["headline"],
        published_at=row["published_at"],
        language=row["language"] or "en",
        zone=zone,
        url=row["url"],
    )
