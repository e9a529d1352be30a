"""Forgetting: no byte of it is left, all else is as it was, and nothing brings it back."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st

from flows.batch import Item
from flows.fetch.archive import Archive, positioned
from flows.fetch.archived import list_runs, read_run
from flows.fetch.client import Response
from flows.fetch.erase import filler
from flows.forget import finish_forgetting, forget, plan_forget
from flows.forgotten import FILE, Tombstone, load_forgotten, restore_tombstones, write_tombstones
from flows.plan import plan
from flows.registry.follow import follow
from flows.registry.night import register_staged
from flows.run import stage_records
from flows.sources.candidate import Candidate
from flows.story import cluster_staged, keep_stories
from tests.empty import put_empty
from transforms.registry.fullname import keys_in
from transforms.text import key_of, version_of
from warehouse.lake import Warehouse, connect
from warehouse.publish import keep_records, publish
from warehouse.search import index_texts
from warehouse.tables import (
    ARTICLE_VERSIONS,
    ARTICLES,
    CHECKS,
    FETCHES,
    MENTIONS,
    QUARANTINE,
    RUNS,
    TABLES,
    Table,
)

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
SECRET = "https://post.example/veltman"
OTHER = "https://post.example/ferry"
FEED = "https://post.example/feed"
PERSON = "Odile Veltman"
TEXTS = {
    SECRET: f"{PERSON} was seen at the quarrelsome regatta on Friday. " * 8,
    OTHER: "The ferry to Brackwater was cancelled. Mayor Ann Orrin was not amused. " * 8,
}
WORDS = ("Veltman", "veltman", "quarrelsome regatta")


def response(url: str, body: str) -> Response:
    return Response(
        url=url, final_url=url, status=200, headers={}, body=body.encode(), sha256="0" * 64,
        started_at=NIGHT, seconds=0.1, attempts=1, robots="allowed", robots_rule=None,
        raw_headers=(("Content-Type", "text/html"),),
    )  # fmt: skip


class Desk:
    """A warehouse that nights are put into by hand, with all that a run leaves behind."""

    def __init__(self, root: Path) -> None:
        self.lake = Warehouse(root)
        put_empty(self.lake)
        self.nights = 0

    def night(self, texts: dict[str, str], *, publishes: bool = True) -> None:
        self.nights += 1
        run_id, at = f"run-{self.nights}", NIGHT + timedelta(days=self.nights)
        archive = Archive(self.lake.archive, run_id, at, None)
        fetches = [self._fetch(archive, run_id, FEED, " ".join(texts), None, at)]
        for url, text in texts.items():
            item = Item("desk", url, "html", text.encode(), at)
            fetches.append(self._fetch(archive, run_id, url, text, item, at))
            self._stage(run_id, url, text)
        archive.end([])
        (url, text), *_ = texts.items()
        held = {
            "quarantine_id": key_of(run_id, url), "table_name": "times", "location": url,
            "article_id": key_of(url), "rules": ["span"], "reason": "wrong", "state": "open",
            "row_json": json.dumps({"surface": text[:40]}), "run_id": run_id, "recorded_at": at,
        }  # fmt: skip
        check = {
            "run_id": run_id, "table_name": "times", "expectation": "span", "severity": "warning",
            "source_id": "", "owner": "pipeline",
            "description": "d", "success": False, "rows_checked": 1, "rows_failed": 1,
            "observed": text[:60],
        }  # fmt: skip
        run = {c.name: 0 for c in RUNS.columns if c.type == "int64"} | {
            "run_id": run_id, "started_at": at, "code_version": "0", "kind": "ingest",
            "state": "published" if publishes else "unchanged",
        }  # fmt: skip
        for table, rows in (
            (FETCHES, fetches), (QUARANTINE, [held]), (CHECKS, [check]), (RUNS, [run])
        ):  # fmt: skip
            stage_records(self.lake, run_id, table, rows)
        if not publishes:
            keep_records(self.lake, run_id)
            return
        stories = cluster_staged(self.lake, run_id)
        register_staged(self.lake, run_id, at)
        publish(self.lake, run_id, at)
        index_texts(self.lake)
        keep_stories(self.lake, stories)
        follow(self.lake)

    def _fetch(
        self, archive: Archive, run_id: str, url: str, body: str, item: Item | None, at: datetime
    ) -> dict[str, Any]:
        record = {
            "fetch_id": key_of(run_id, url), "run_id": run_id, "source_id": "desk", "url": url,
            "final_url": url, "status": 200, "robots": "allowed", "opt_outs": [], "started_at": at,
            "seconds": 0.1, "article_id": key_of(url) if item else None,
        }  # fmt: skip
        position = archive.add(record, item, response(url, f"<a href='{url}'>{body}</a>"))
        assert position is not None
        return record | positioned(position)

    def _stage(self, run_id: str, url: str, text: str) -> None:
        folder = f"batch-{key_of(url)}"
        version = version_of(text[:20], text)
        lists: dict[str, Any] = {c.name: [] for c in ARTICLE_VERSIONS.columns if "list" in c.type}
        row = lists | {
            "article_id": key_of(url), "version": version, "url": url, "headline": text[:20],
            "text": text, "text_sha256": "0" * 64, "extractor_version": "1",
        }  # fmt: skip
        name = PERSON if PERSON in text else "Ann Orrin"
        start = text.index(name)
        mention = {
            "mention_id": key_of(url, text), "article_id": key_of(url), "version": version,
            "start": start, "end": start + len(name), "surface": name, "sentence": 0,
            "sentence_start": 0, "sentence_end": 60, "type": "PERSON", "canonical_name": name,
            "entity_id": key_of("PERSON", name), "extractor": "mentions", "rule": "model",
            "extractor_version": "1",
        }  # fmt: skip
        article = {
            "article_id": key_of(url), "canonical_url": url, "source_id": "desk",
            "first_seen_at": NIGHT, "current_version": version,
        }  # fmt: skip
        rows: tuple[tuple[Table, dict[str, Any]], ...] = (
            (ARTICLE_VERSIONS, row), (MENTIONS, mention), (ARTICLES, article)
        )  # fmt: skip
        for table, one in rows:
            stage_records(self.lake, run_id, table, [one], folder)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Nights with a correction, a journal, and what a killed run left."""
    desk = Desk(tmp_path_factory.mktemp("desk") / "lake")
    desk.night(TEXTS)
    desk.night({SECRET: TEXTS[SECRET].replace("Friday", "Saturday")})
    desk.night(TEXTS, publishes=False)
    stage_records(desk.lake, "killed", ARTICLES, [
        {"article_id": key_of(SECRET), "canonical_url": SECRET, "source_id": "desk",
         "first_seen_at": NIGHT, "current_version": "0" * 16}])  # fmt: skip
    (desk.lake.root / "report.html").write_text(PERSON)
    return desk


@pytest.fixture
def desk(told: Desk, tmp_path: Path) -> Desk:
    """A copy of it."""
    copy = Desk.__new__(Desk)
    copy.lake, copy.nights = Warehouse(tmp_path / "lake"), told.nights
    shutil.copytree(told.lake.root, copy.lake.root)
    return copy


def everything(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file as it lies there, and what is packed in it unpacked."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        yield path, raw
        if path.suffix == ".gz":
            while raw:
                unpacker = zlib.decompressobj(31)
                yield path, unpacker.decompress(raw)
                raw = unpacker.unused_data
        elif path.suffix == ".parquet":
            yield path, str(pq.read_table(path).to_pylist()).encode()
        elif path.suffix == ".sqlite":
            with sqlite3.connect(path) as database:
                yield path, "\n".join(database.iterdump()).encode()


def holding(root: Path, *words: str) -> list[str]:
    return sorted({
        f"{path.relative_to(root)}: {word}"
        for path, data in everything(root) for word in words if word.encode() in data
    })  # fmt: skip


def ask(lake: Warehouse, query: str) -> list[tuple[Any, ...]]:
    with connect(lake) as connection:
        return connection.execute(query).fetchall()


def rows_of(lake: Warehouse, url: str) -> list[list[tuple[Any, ...]]]:
    """All rows about an article but those of its runs' checks."""
    return [
        ask(lake, f"SELECT * FROM lake.{name} WHERE article_id = '{key_of(url)}' ORDER BY ALL")
        for name in ("article_versions", "articles", "mentions", "duplicates", "fetches")
    ]


def test_no_byte_of_a_forgotten_article_is_left_and_the_others_are_as_they_were(desk: Desk) -> None:
    lake = desk.lake
    assert len(holding(lake.root, *WORDS)) > 12
    before = rows_of(lake, OTHER)
    sizes = {p: p.stat().st_size for p in lake.archive.rglob("*.gz")}
    places = ask(lake, "SELECT archive_file, archive_offset FROM fetches ORDER BY ALL")
    planned = plan_forget(lake, [("url", SECRET)])
    assert planned.urls == [SECRET]

    done = forget(lake, [("url", SECRET)], reason="asked for by post")

    assert holding(lake.root, *WORDS) == []
    assert done.articles == [key_of(SECRET)]
    assert done.rows["article_versions"] == done.rows["mentions"] == 2
    assert done.rows["entities"] >= 1
    assert done.archived.attempts == 3
    for table in TABLES:
        if any(c.name == "article_id" for c in table.columns):
            gone = f"SELECT count(*) FROM lake.{table.name} WHERE article_id = '{key_of(SECRET)}'"
            assert ask(lake, gone) == [(0,)], table.name
    assert [rows[:3] for rows in rows_of(lake, OTHER)[:4]] == [rows[:3] for rows in before[:4]]
    kept = [r for rows in rows_of(lake, OTHER)[4:] for r in rows]
    assert {r[0] for rows in before[4:] for r in rows} <= {r[0] for r in kept}
    # positions of all others hold, and every file is still an archive
    assert {p: p.stat().st_size for p in lake.archive.rglob("*.gz")} == sizes
    assert set(ask(lake, "SELECT archive_file, archive_offset FROM fetches")) <= set(places)
    for path in sizes:
        with path.open("rb") as handle:
            assert all(record.record_id for record in ArchiveIterator(handle))
    attempts = [a for run in list_runs(lake.archive) for a in read_run(run)]
    assert {a.record["url"] for a in attempts} == {FEED, OTHER}
    assert all(a.item is None or a.item.where == OTHER for a in attempts)


def test_a_forgotten_address_is_not_asked_for_again(desk: Desk) -> None:
    forget(desk.lake, [("url", SECRET)])
    listed = [Candidate("desk", SECRET), Candidate("desk", "https://post.example/new")]
    with connect(desk.lake) as connection:
        asked = plan(connection, listed, ages=(0,), sources=set(), now=NIGHT)
    assert [p.candidate.url for p in asked] == ["https://post.example/new", OTHER]


def test_a_warehouse_made_anew_from_the_archive_forgets_too(desk: Desk, tmp_path: Path) -> None:
    forget(desk.lake, [("url", SECRET)])
    again = Warehouse(tmp_path / "again")
    put_empty(again)
    assert restore_tombstones(again, desk.lake.archive) == 2
    assert (again.archive / FILE).is_file()
    with connect(again) as connection:
        known = load_forgotten(connection)
    assert known.has_url(SECRET)
    assert key_of(SECRET) in known.articles
    assert restore_tombstones(again, desk.lake.archive) == 0


def test_a_person_goes_with_all_articles_and_under_no_name_stays(desk: Desk) -> None:
    done = forget(desk.lake, [("person", PERSON)])
    assert done.urls == [SECRET]
    assert holding(desk.lake.root, *WORDS) == []
    assert ask(desk.lake, "SELECT name FROM entities") == [("Ann Orrin",)]


def test_a_persons_names_are_kept_so_that_nobody_can_look_them_up(desk: Desk) -> None:
    ((entity,),) = ask(desk.lake, f"SELECT entity FROM entities WHERE name = '{PERSON}'")
    forget(desk.lake, [("person", PERSON)])
    assert holding(desk.lake.root, entity, key_of("odile veltman")) == []
    with connect(desk.lake) as connection:
        known = load_forgotten(connection)
    assert known.naming(keys_in("On Monday Odile A. Veltman resigned"))
    assert known.naming(keys_in("Odilia Veltman resigned")) is None
    # a warehouse made anew, and one whose catalog was lost, know it too
    again = Warehouse(desk.lake.root.parent / "again")
    put_empty(again)
    restore_tombstones(again, desk.lake.archive)
    with connect(again) as connection:
        assert load_forgotten(connection) == known


def test_articles_that_no_finder_read_go_too_and_documents_that_were_held_back(desk: Desk) -> None:
    german = "https://post.example/de"
    desk.night({german: "Ann Orrin traf Odile Veltmans Schwester und Odile Veltman selbst. " * 4})
    with connect(desk.lake, read_only=False) as connection:
        connection.execute(
            "INSERT INTO lake.quarantine BY NAME SELECT 'f' || left(quarantine_id, 15)"
            " AS quarantine_id, 'by ODILE VELTMAN' AS row_json, NULL AS article_id,"
            " 'desk.jsonl:3' AS location, * EXCLUDE (quarantine_id, row_json, article_id, location)"
            " FROM lake.quarantine LIMIT 1"
        )
    done = forget(desk.lake, [("person", PERSON)])
    assert done.urls == [german, SECRET]
    assert len(done.held) >= 1
    assert holding(desk.lake.root, *WORDS, "VELTMAN") == []


def test_a_name_that_another_bears_holds_nobody_back_and_that_is_said(desk: Desk) -> None:
    with connect(desk.lake, read_only=False) as connection:
        for table in ("entities", "entity_aliases"):
            connection.execute(
                f"INSERT INTO lake.{table} BY NAME SELECT * REPLACE ("
                f" {'current' if table == 'entities' else 'entity_id'}[:15] || 'x' AS entity,"
                f" name.replace('Odile', 'Odile M.') AS name"
                + (", current[:15] || 'x' AS current" if table == "entities" else ", alias_id[:15]"
                   " || 'x' AS alias_id")
                + f") FROM lake.{table} WHERE name = '{PERSON}'"
            )  # fmt: skip
    done = forget(desk.lake, [("person", PERSON)])
    assert any("later articles" in words and PERSON in words for words in done.remains)
    assert ask(desk.lake, "SELECT count(*) FROM forgotten WHERE kind = 'person'") == [(0,)]


def test_a_source_goes_with_all_it_brought(desk: Desk) -> None:
    done = forget(desk.lake, [("source", "desk")])
    assert len(done.articles) == 2
    assert holding(desk.lake.root, *WORDS, "Brackwater", "Orrin") == []
    assert ask(desk.lake, "SELECT count(*) FROM lake.article_versions") == [(0,)]
    # and the warehouse goes on
    fresh = Desk.__new__(Desk)
    fresh.lake, fresh.nights = desk.lake, 7
    fresh.night({"https://gazette.example/a": TEXTS[OTHER]})
    assert ask(desk.lake, "SELECT count(*) FROM articles") == [(1,)]


def test_what_a_killed_request_left_is_finished_by_the_next(desk: Desk) -> None:
    stones = [Tombstone("url", key_of(SECRET), "r", NIGHT),
              Tombstone("article", key_of(SECRET), "r", NIGHT)]  # fmt: skip
    write_tombstones(desk.lake.archive, stones)
    with (desk.lake.archive / FILE).open("a") as handle:
        handle.write('{"kind": "ur')
    assert finish_forgetting(desk.lake)
    assert holding(desk.lake.root, *WORDS) == []
    assert not finish_forgetting(desk.lake)


@given(st.integers(230, 400_000), st.sampled_from(["attempt", "document"]))
def test_a_filler_is_a_record_of_any_length(length: int, said: str) -> None:
    data = filler(length, said)
    assert len(data) == length
    found = [json.loads(record.reader.read()) for record in ArchiveIterator(io.BytesIO(data))]
    assert found == [{"forgotten": said}]
