"""A newer page extractor: archived pages read anew into a candidate, compared and promoted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import flows.batch
import flows.candidate
import flows.reread
from flows.batch import Held, Incoming, Item, extract_items, stage_batch
from flows.candidate import find_candidate
from flows.compare import compare, to_html
from flows.fetch.archive import Archive, positioned
from flows.fetch.archived import read_document
from flows.progress import silent
from flows.promote import promote
from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.reprocess import reprocess
from flows.run import Account, stage_records
from flows.settings import Settings, SourceSettings
from flows.stamp import stamp_of
from flows.story import cluster_staged, keep_stories
from transforms.article.model import Extracted, RawPage, Rejected
from transforms.article.page import extract_page
from transforms.language.pipeline import DEFAULT_MODEL
from transforms.text import version_of
from warehouse.lake import Warehouse, connect, create
from warehouse.publish import publish
from warehouse.search import index_texts
from warehouse.tables import FETCHES

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
BODIES = {
    "ferry": "The ferry to Brackwater was cancelled on Friday because of the wind. Harbour master"
    " Jonas Thale said 14 boats stayed in port and 300 passengers slept in the town hall.",
    "mill": "A fire at the mill in Oldham killed three workers on Monday, police said. The owner"
    " had been warned twice about the old machines in the basement, a neighbour told the paper.",
    "bridge": "The council of Leeds will pay 10 million pounds for the new bridge, mayor Anna Reed"
    " said on Tuesday. The work begins in spring and is to take two years.",
}


def page(name: str) -> bytes:
    return (
        f"<html lang=en><head><title>The {name} of the day</title>"
        f'<link rel=canonical href="https://post.example/{name}">'
        '<meta property="article:published_time" content="2026-03-11T08:30:00Z"></head>'
        f"<body><article><h1>The {name} of the day</h1><p>{BODIES[name]}</p>"
        "<p>The paper will go on telling of it in the coming days, as the people of the place have"
        " asked for more news from us about all that has come to pass.</p></article></body></html>"
    ).encode()


def settings_of(folder: Path) -> Settings:
    source = SourceSettings(id="post", kind="feed", location="l")
    return Settings(warehouse=folder, workers=1, batch_size=2, sources=(source,))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse of one night of pages, with their archive."""
    made = settings_of(tmp_path / "lake")
    lake, run_id = made.lake, "r1"
    create(Warehouse(tmp_path / "lake"))
    items = [
        Item("post", f"https://post.example/{name}", "html", page(name), NIGHT) for name in BODIES
    ]
    outcomes, _ = extract_items(items, None)
    incoming = [one for one in outcomes if isinstance(one, Incoming)]
    assert len(incoming) == len(BODIES)
    stage_batch(
        incoming, lake.staging(run_id) / "batch-000000", model=DEFAULT_MODEL, run_id=run_id,
        as_of=NIGHT, zones={}, stamps={"post": stamp_of(made)},
    )  # fmt: skip
    archive = Archive(lake.archive, run_id, NIGHT, None)
    fetches = []
    for number, (item, one) in enumerate(zip(items, incoming, strict=True)):
        record: dict[str, Any] = {
            "fetch_id": f"{number:016x}", "run_id": run_id, "source_id": "post", "url": item.where,
            "status": 200, "robots": "allowed", "opt_outs": [], "article_id": one.article_id,
            "started_at": NIGHT, "seconds": 0.1,
        }  # fmt: skip
        position = archive.add(record, item)
        assert position is not None
        fetches.append(record | positioned(position))
    archive.end([])
    stage_records(lake, run_id, FETCHES, fetches)
    stories = cluster_staged(lake, run_id)
    register_staged(lake, run_id, NIGHT)
    Account(run_id, NIGHT, state="published").write(lake, made)
    publish(lake, run_id, NIGHT)
    keep_stories(lake, stories)
    follow(lake)
    index_texts(lake)
    return made


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page extractor that leaves the last paragraph out, finds a byline, and refuses a page."""

    def extract(raw: RawPage) -> Extracted:
        found = extract_page(raw)
        if "bridge" in raw.url:
            raise Rejected("too_short", "the page has no article")
        if "mill" in raw.url:
            return replace(found, byline="By Mara Lind", authors=("Mara Lind",))
        return replace(found, text=found.text.split("\n")[0])

    monkeypatch.setattr(flows.batch, "extract_page", extract)
    for module in (flows.batch, flows.candidate, flows.reread):
        monkeypatch.setattr(module, "EXTRACTOR", "next")


def ask(lake: Warehouse, query: str) -> list[Any]:
    with connect(lake) as connection:
        return connection.execute(query).fetchall()


def read(settings: Settings, **options: Any) -> Any:
    reprocess(settings, name="pages", stage="extract", report=silent, **options)
    return find_candidate(settings.lake, "pages")


def names(rows: Sequence[Any]) -> list[str]:
    return sorted(url.rsplit("/", 1)[1] for (url, *_) in rows)


def test_pages_that_give_the_same_leave_all_as_it_is(settings: Settings) -> None:
    folder, candidate = read(settings)
    assert candidate.texts == 0
    promote(settings, folder, candidate, silent)
    folder, candidate = read(settings, again=True)
    found = compare(settings.lake, folder, candidate)
    assert (found.outcome.pages, found.others, found.differences) == (3, 0, 0)


def test_pages_are_read_anew_by_a_newer_extractor(settings: Settings, newer: None) -> None:
    lake = settings.lake
    before = ask(lake, "SELECT count(*), max(snapshot_id) FROM ducklake_snapshots('lake')")
    folder, candidate = read(settings)
    assert candidate.texts == 3
    assert ask(lake, "SELECT count(*), max(snapshot_id) FROM ducklake_snapshots('lake')") == before
    found = compare(lake, folder, candidate)
    outcome = found.outcome
    assert (outcome.pages, outcome.refused, outcome.texts, found.others) == (3, 1, 3, 1)
    groups = {(g.rule, g.count) for g in found.groups if g.table == "article_versions"}
    assert groups == {("page:text", 1), ("page:metadata", 1)}
    assert "The paper will go on" in to_html(found)

    account = promote(settings, folder, candidate, silent)
    assert (account.articles_new, account.articles_in) == (1, 3)
    texts = dict(ask(lake, "SELECT split_part(url, '/', 4), text FROM article_versions"))
    assert sorted(texts) == sorted(BODIES)
    assert texts["ferry"] == BODIES["ferry"]
    assert "The paper will go on" in texts["mill"]
    # a page that gives no article any more: what it gave stays, and why is told
    assert "The paper will go on" in texts["bridge"]
    assert ask(lake, "SELECT reason, rules FROM quarantine") == [
        ("the page has no article", ["document:too_short"])
    ]
    assert ask(lake, "SELECT authors FROM article_versions WHERE url LIKE '%mill'") == [
        (["Mara Lind"],)
    ]
    # the new version has its key, its facts, its story, its words; the old one is history
    ferry = ask(
        lake, "SELECT version, headline, text, run_id, superseded_at FROM lake.article_versions"
        " WHERE url LIKE '%ferry' ORDER BY recorded_at"
    )  # fmt: skip
    assert [row[3:] for row in ferry] == [("r1", account.started_at), (account.run_id, None)]
    assert ferry[1][0] == version_of(ferry[1][1], ferry[1][2])
    (changed,) = ask(
        lake, "SELECT change_ratio, current_version = version FROM article_versions"
        " JOIN articles USING (article_id) WHERE url LIKE '%ferry'"
    )  # fmt: skip
    assert changed[0] > 0
    assert changed[1]
    counts = "SELECT value, run_id FROM quantities JOIN articles USING (article_id) WHERE"
    assert (14.0, account.run_id) in ask(lake, f"{counts} canonical_url LIKE '%ferry'")
    assert {r for _, r in ask(lake, f"{counts} canonical_url LIKE '%mill'")} == {"r1"}
    assert ask(lake, "SELECT relation FROM duplicates WHERE run_id <> 'r1'") == [("version",)]
    assert len(ask(lake, "SELECT * FROM search('paper')")) == 2
    # and none of them is asked for again
    assert read(settings)[1].texts == 0


def test_a_night_supersedes_what_a_promote_has_revised(settings: Settings, newer: None) -> None:
    lake = settings.lake
    promote(settings, *read(settings), silent)
    at, run_id = datetime.now(UTC) + timedelta(days=1), "r2"
    body = page("mill").replace(b"three workers", b"four workers")
    (one,), _ = extract_items([Item("post", "https://post.example/mill", "html", body, at)], None)
    assert not isinstance(one, Held)
    stage_batch(
        [one], lake.staging(run_id) / "batch-000000", model=DEFAULT_MODEL, run_id=run_id, as_of=at,
        zones={}, stamps={"post": stamp_of(settings)},
    )  # fmt: skip
    publish(lake, run_id, at)
    where = f"article_id = '{one.article_id}'"
    for table in ("article_versions", "quantities", "mentions", "readings"):
        assert ask(lake, f"SELECT DISTINCT run_id FROM {table} WHERE {where}") == [("r2",)], table


def test_a_page_that_was_removed_from_the_archive_is_none(settings: Settings) -> None:
    file, offset, url = ask(
        settings.lake, "SELECT archive_file, archive_offset, url FROM fetches LIMIT 1"
    )[0]
    root = settings.lake.archive
    item = read_document(root, url, file, offset)
    assert item is not None
    assert item.where == url
    assert read_document(root, "https://post.example/other", file, offset) is None
