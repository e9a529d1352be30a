"""What a worker process does with a batch: extract, annotate, check, stage. No Prefect here."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from expectations.check import check, count_rows
from expectations.measure import Tallies, tally
from expectations.measures import MEASURES
from expectations.own import load_own
from flows.meter import Meter, Usage
from flows.workers import language
from transforms.annotate import LANGUAGES, annotate
from transforms.article.lines import parse_line, read_text
from transforms.article.model import DateCandidate, Extracted, RawPage, Rejected
from transforms.article.ninjs import extract_ninjs
from transforms.article.page import VERSION as EXTRACTOR
from transforms.article.page import extract_page
from transforms.convert import as_arrow, as_frame, to_arrow, to_frame
from transforms.language.headline import parse_headlines
from transforms.quantities.policy import DEFAULT
from transforms.text import Text, key_of, version_of
from warehouse.store import Place, read_parquet, write_parquet
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    BY_NAME,
    CHECKS,
    FACTS,
    QUARANTINE,
    READINGS,
    Table,
    arrow_schema,
)

KEPT_BODY = 1_000_000
"""Bytes of a rejected document that are kept with it in the quarantine."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document as fetched or read, not yet understood."""

    source_id: str
    where: str
    kind: Literal["html", "txt", "jsonl", "ninjs"]
    body: bytes
    fetched_at: datetime
    content_type: str | None = None
    dates: tuple[DateCandidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A document that gave an article version."""

    source_id: str
    where: str
    article_id: str
    version: str
    fetched_at: datetime
    extracted: Extracted
    change_ratio: float | None = None

    def changed(self, ratio: float) -> Incoming:
        """The same, as a change of a known article by `ratio`."""
        return replace(self, change_ratio=ratio)


@dataclass(frozen=True, slots=True)
class Held:
    """A document that gave none, with the reason."""

    source_id: str
    where: str
    rule: str
    reason: str
    body: bytes
    item: Item | None = None

    @property
    def key(self) -> str:
        """The key of its row in the quarantine."""
        return key_of(self.source_id, self.where, self.rule, self.body.hex())


@dataclass(frozen=True, slots=True)
class Staged:
    """What became of a batch of article versions."""

    came: int
    versions: int
    skipped: int
    texts: int
    found: int
    """Fact rows that the annotators gave, before any was held back."""
    rows: int
    quarantined: dict[str, int]
    """Rows held back, by reason."""
    judged: dict[tuple[str, str], tuple[int, int]]
    """By table and source: rows that came, and how many of them were held back."""
    tallies: Tallies
    failed_tables: tuple[str, ...]
    usage: dict[str, Usage]


def extract_items(
    items: Sequence[Item], published: datetime | None
) -> tuple[list[Incoming | Held], dict[str, Usage]]:
    """An article version, or the reason why there is none, for each item in order; what it cost."""
    meter = Meter()
    with meter.stage("extract"):
        outcomes = [_extract(item, published) for item in items]
    return outcomes, meter.usage


def _extract(item: Item, published: datetime | None) -> Incoming | Held:
    # two files of one name in two folders are two articles
    document_id = item.where
    try:
        if item.kind == "jsonl":
            document_id, found = parse_line(
                item.body, where=item.where, default_published=published
            )
        elif item.kind in ("html", "ninjs"):
            page = RawPage(item.where, item.body, item.content_type, item.fetched_at, item.dates)
            found = extract_page(page) if item.kind == "html" else extract_ninjs(page)
        else:
            found = read_text(item.body, where=item.where)
    except Rejected as reject:
        return Held(item.source_id, item.where, reject.rule, reject.reason, item.body, item)
    address = found.canonical_url or found.url
    article_id = key_of(address) if address else key_of(item.source_id, document_id)
    if found.published_at is None and published is not None:
        found = replace(found, published_at=published, published_method="option:published")
    version = version_of(found.headline, found.text)
    return Incoming(item.source_id, item.where, article_id, version, item.fetched_at, found)


def stage_batch(
    incoming: Sequence[Incoming],
    folder: Place,
    *,
    model: str,
    run_id: str,
    as_of: datetime,
    zones: Mapping[str, str | None],
    stamps: Mapping[str, str],
    vague_policy: str = DEFAULT,
    own: Path | None = None,
) -> Staged:
    """Annotate and check a batch of new article versions, and write what passed below `folder`.

    `zones` has the configured time zone of each source, `stamps` what its texts are read with,
    `own` is a file of own expectations. One
    Parquet file a table; rows held back go to ``quarantine.parquet``, results of the expectations
    to ``checks.parquet``.
    """
    meter = Meter()
    texts = [
        _text(i, zones.get(i.source_id))
        for i in incoming
        if (i.extracted.language or "en") in LANGUAGES
    ]
    with meter.stage("parse"):
        documents = list(language(model).parse([t.text for t in texts]))
        headlines = parse_headlines(language(model), texts)
    with meter.stage("annotate"):
        frames = annotate(texts, documents, vague_policy, headlines)
        frames[ARTICLE_VERSIONS.name] = to_frame(ARTICLE_VERSIONS, [_version(i) for i in incoming])
    with meter.stage("validate"):
        expected = load_own(own)
        sources = {i.article_id: i.source_id for i in incoming}
        checked = check(
            frames,
            run_id=run_id,
            as_of=as_of,
            texts=frames[ARTICLE_VERSIONS.name],
            sources=sources,
            extra=expected.rules,
        )
        tallies = tally(frames, sources, as_of, (*MEASURES, *expected.measures))
        good = dict(checked.good)
        kept = set(good[ARTICLE_VERSIONS.name]["article_id"])
        articles = [_article(i) for i in incoming if i.article_id in kept]
        readings = [_reading(i, stamps) for i in incoming if i.article_id in kept]
        quarantine = _locate(checked.quarantined, incoming)
    with meter.stage("stage"):
        folder.mkdir(parents=True, exist_ok=True)
        for table in (ARTICLE_VERSIONS, *FACTS):
            write_table(as_arrow(table, good[table.name]), folder, table)
        write_table(to_arrow(ARTICLES.columns, articles), folder, ARTICLES)
        write_table(to_arrow(READINGS.columns, readings), folder, READINGS)
        write_table(as_arrow(QUARANTINE, quarantine), folder, QUARANTINE)
        write_table(as_arrow(CHECKS, checked.results), folder, CHECKS)
    return Staged(
        came=len(incoming),
        versions=len(articles),
        skipped=len(incoming) - len(texts),
        texts=len(texts),
        found=sum(len(frames[t.name]) for t in FACTS),
        rows=sum(len(good[t.name]) for t in FACTS),
        quarantined=_count(quarantine),
        judged=count_rows(frames, checked.quarantined, sources),
        tallies=tallies,
        failed_tables=checked.failed_tables,
        usage=meter.usage,
    )


def _count(quarantine: pd.DataFrame) -> dict[str, int]:
    reasons = quarantine["reason"].astype(str).value_counts()
    return {str(reason): int(count) for reason, count in reasons.items()}


def quarantine_documents(
    held: Sequence[Held], folder: Place, *, run_id: str, as_of: datetime
) -> None:
    """Write documents that gave no article to the quarantine, whole where they are not large."""
    folder.mkdir(parents=True, exist_ok=True)
    records = [_quarantined(h, run_id, as_of) for h in held]
    write_table(to_arrow(QUARANTINE.columns, records), folder, QUARANTINE)


def _quarantined(held: Held, run_id: str, as_of: datetime) -> dict[str, Any]:
    kept = held.body[:KEPT_BODY]
    try:
        row: dict[str, Any] = {"text": kept.decode("utf-8")}
    except UnicodeDecodeError:
        row = {"base64": base64.b64encode(kept).decode("ascii")}
    return {
        "quarantine_id": held.key,
        "table_name": ARTICLE_VERSIONS.name,
        "source_id": held.source_id,
        "location": held.where,
        "rules": [f"document:{held.rule}"],
        "reason": held.reason,
        "row_json": json.dumps(row | _said(held), ensure_ascii=False),
        "state": "open",
        "run_id": run_id,
        "recorded_at": as_of,
    }


def _said(held: Held) -> dict[str, Any]:
    """What is known of a document beside its bytes: enough to read it again."""
    said: dict[str, Any] = {"bytes": len(held.body)}
    if held.item is not None:
        said |= {
            "kind": held.item.kind,
            "content_type": held.item.content_type,
            "fetched_at": held.item.fetched_at.isoformat(),
            "dates": [asdict(date) for date in held.item.dates],
        }
    return said


def write_table(data: pa.Table, folder: Place, table: Table) -> None:
    """Write ``folder/<table>.parquet``; an empty table writes nothing."""
    if data.num_rows:
        write_parquet(data, folder / f"{table.name}.parquet")


def read_tables(paths: Sequence[Place], name: str) -> pd.DataFrame:
    """The rows of these Parquet files as one frame of the declared columns."""
    schema = arrow_schema(BY_NAME[name].columns)
    parts = [read_parquet(path, schema=schema) for path in paths]
    return as_frame(pa.concat_tables(parts) if parts else schema.empty_table())


def _text(incoming: Incoming, zone: str | None) -> Text:
    found = incoming.extracted
    return Text(
        article_id=incoming.article_id,
        version=incoming.version,
        text=found.text,
        headline=found.headline,
        published_at=found.published_at,
        language=found.language or "en",
        zone=zone,
        url=found.canonical_url or found.url,
    )


def _article(incoming: Incoming) -> dict[str, Any]:
    return {
        "article_id": incoming.article_id,
        "canonical_url": incoming.extracted.canonical_url or incoming.extracted.url,
        "source_id": incoming.source_id,
        "first_seen_at": incoming.fetched_at,
        "current_version": incoming.version,
    }


def _reading(incoming: Incoming, stamps: Mapping[str, str]) -> dict[str, Any]:
    return {
        "article_id": incoming.article_id,
        "version": incoming.version,
        "stamp": stamps[incoming.source_id],
        "extractor": EXTRACTOR,
    }


def _version(incoming: Incoming) -> dict[str, Any]:
    found = incoming.extracted
    candidates = [asdict(candidate) for candidate in found.published_candidates]
    corrections = [asdict(correction) for correction in found.corrections]
    return {
        "article_id": incoming.article_id,
        "version": incoming.version,
        "url": found.url or incoming.where,
        "headline": found.headline,
        "byline": found.byline,
        "authors": list(found.authors),
        "dateline": found.dateline,
        "credits": list(found.credits),
        "credit_lines": list(found.credit_lines),
        "corrections": json.dumps(corrections, ensure_ascii=False) if corrections else None,
        "language": found.language,
        "published_at": found.published_at,
        "published_method": found.published_method,
        "published_candidates": json.dumps(candidates, ensure_ascii=False) if candidates else None,
        "modified_at": found.modified_at,
        "modified_method": found.modified_method,
        "change_ratio": incoming.change_ratio,
        "reservations": list(found.reservations),
        "text": found.text,
        "text_sha256": hashlib.sha256(found.text.encode("utf-8", "surrogatepass")).hexdigest(),
        "extractor_version": EXTRACTOR,
    }


def _locate(quarantine: pd.DataFrame, incoming: Sequence[Incoming]) -> pd.DataFrame:
    """Say for each row held back which source and document it comes from."""
    by_article = {i.article_id: i for i in incoming}
    records = []
    for record in as_arrow(QUARANTINE, quarantine).to_pylist():
        origin = by_article.get(record["article_id"])
        if origin is not None:
            record |= {"source_id": origin.source_id, "location": origin.where}
        records.append(record)
    return to_frame(QUARANTINE, records)
