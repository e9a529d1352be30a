"""Maintenance changes how a warehouse lies on the disk, and nothing that anyone reads."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.empty import put_empty
from transforms.text import version_of
from warehouse.lake import CatalogDamaged, Warehouse, connect
from warehouse.maintain import Plan, Step, maintain
from warehouse.publish import publish
from warehouse.rebuild import rebuild
from warehouse.retention import Retention, expired
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, RUNS, TIMES

from .test_publish import NIGHT, ask, put, run_row, time_row, version

NOW = datetime.now(UTC) + timedelta(days=400)
SPARE = Plan(retention=Retention(0, 0, 0), grace=timedelta(0))


def night(warehouse: Warehouse, number: int, texts: dict[str, str]) -> None:
    """Publish a night of articles by name."""
    run_id = f"r{number}"
    for article, text in texts.items():
        folder = warehouse.staging(run_id) / article
        named = {"version": version_of(None, text)}
        put(folder, ARTICLE_VERSIONS, [version(article, text) | named])
        put(folder, TIMES, [time_row(article, text) | named])
        row = {"article_id": article, "source_id": "s", "first_seen_at": NIGHT,
               "current_version": named["version"]}  # fmt: skip
        put(folder, ARTICLES, [row])
    put(warehouse.staging(run_id), RUNS, [run_row(run_id)])
    publish(warehouse, run_id, NIGHT + timedelta(days=number))


NIGHTS = 3


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Nights, each with a new article and a correction of the same one; made once."""
    made = Warehouse(tmp_path_factory.mktemp("nights") / "lake")
    put_empty(made)
    for number in range(NIGHTS):
        night(made, number, {"a": f"text {number} of a", f"b{number}": f"text of b{number}"})
    return made


@pytest.fixture
def old(nights: Warehouse, tmp_path: Path) -> Warehouse:
    """A copy of it."""
    copy = Warehouse(tmp_path / "lake")
    shutil.copytree(nights.root, copy.root)
    return copy


def rows(warehouse: Warehouse) -> list[list[tuple[Any, ...]]]:
    tables = ("article_versions", "times", "articles")
    return [ask(warehouse, f"SELECT * FROM lake.{t} ORDER BY ALL") for t in tables]


def files(warehouse: Warehouse) -> int:
    return len(list(warehouse.data.rglob("*.parquet")))


def by_name(steps: list[Step]) -> dict[str, Step]:
    return {step.name: step for step in steps}


def problems(steps: list[Step]) -> list[str]:
    return [step.what for step in steps if step.problem]


def test_few_files_and_one_snapshot_are_left_and_every_row_is_as_it_was(old: Warehouse) -> None:
    before, many = rows(old), files(old)
    planned = by_name(list(maintain(old, Plan(SPARE.retention, SPARE.grace, dry_run=True), NOW)))
    assert (rows(old), files(old)) == (before, many)
    steps = list(maintain(old, SPARE, NOW))
    done = by_name(steps)
    assert problems(steps) == []
    # rewriting and merging make snapshots too, which go at once
    assert done["expire"].count > planned["expire"].count > NIGHTS
    assert done["merge"].count > 0
    assert done["rewrite"].count == planned["rewrite"].count > 0
    assert done["clean"].count > 10
    assert rows(old) == before
    assert files(old) <= 8
    # the past is told by the rows, not by snapshots
    past = "SELECT text FROM lake.article_versions WHERE article_id = 'a' ORDER BY recorded_at"
    assert [t for (t,) in ask(old, past)] == [f"text {n} of a" for n in range(NIGHTS)]
    again = by_name(list(maintain(old, SPARE, NOW + timedelta(days=1))))
    assert (again["merge"].count, again["rewrite"].count) == (0, 0)


def test_a_reader_who_began_before_reads_on(old: Warehouse) -> None:
    before = rows(old)
    with connect(old) as reader:
        reader.execute("BEGIN")
        count = "SELECT count(*), sum(length(text)) FROM lake.article_versions"
        first = reader.execute(count).fetchall()
        # not NOW, which is after the grace
        list(maintain(old, Plan(retention=Retention(0, 0, 0)), datetime.now(UTC)))
        assert reader.execute(count).fetchall() == first
    assert rows(old) == before


def test_a_moved_warehouse_is_cleaned_where_it_is(old: Warehouse, tmp_path: Path) -> None:
    copy = Warehouse(tmp_path / "copy")
    shutil.copytree(old.root, copy.root)
    many = files(old)
    assert problems(list(maintain(copy, SPARE, NOW))) == []
    list(maintain(copy, SPARE, NOW + timedelta(days=1)))
    assert files(copy) <= 8
    assert files(old) == many
    assert rows(copy) == rows(old)


def test_only_old_files_that_nobody_knows_are_orphans(old: Warehouse) -> None:
    folder = old.data / "main" / "times"
    known = next(folder.glob("*.parquet"))
    orphan = folder / "ducklake-01900000-0000-7000-8000-000000000000.parquet"
    young = folder / "ducklake-01900000-0000-7000-8000-000000000001.parquet"
    mine = folder / "notes.parquet"
    for path in (orphan, young, mine):
        shutil.copy(known, path)
    for path in (orphan, mine, *folder.glob("ducklake-0[2-9a-f]*")):
        os.utime(path, (0, 0))
    now = datetime.now(UTC)
    assert by_name(list(maintain(old, Plan(dry_run=True), now)))["orphans"].count == 1
    assert orphan.exists()
    done = by_name(list(maintain(old, Plan(), now)))
    assert (done["orphans"].count, done["orphans"].bytes) == (1, known.stat().st_size)
    assert (orphan.exists(), young.exists(), mine.exists()) == (False, True, True)


def test_a_wrong_hash_offset_key_or_file_is_named(old: Warehouse) -> None:
    with connect(old, read_only=False) as connection:
        connection.execute("UPDATE lake.article_versions SET text = 'x' || text"
                           " WHERE article_id = 'b0'")  # fmt: skip
        connection.execute("INSERT INTO lake.times SELECT * FROM lake.times"
                           " WHERE article_id = 'b1'")  # fmt: skip
        connection.execute("UPDATE lake.articles SET current_version = repeat('0', 16)"
                           " WHERE article_id = 'b2'")  # fmt: skip
    told = "\n".join(problems(list(maintain(old, Plan(dry_run=True), NOW))))
    for words in ("article_versions: not true: text_sha256", "article_versions: not true: version",
                  "times: not true: text[start:end]", "times: not true: there is one current",
                  "articles: not true: current_version"):  # fmt: skip
        assert words in told
    gone = max((old.data / "main" / "article_versions").glob("*.parquet"))
    gone.unlink()
    (told,) = problems(list(maintain(old, Plan(), NOW)))
    assert gone.name in told


def test_a_catalog_with_a_torn_page_is_named(old: Warehouse) -> None:
    raw = bytearray(old.catalog.read_bytes())
    for page in range(4096, len(raw), 4096):
        raw[page : page + 4096] = bytes(4096)
    old.catalog.write_bytes(raw)
    with pytest.raises(CatalogDamaged, match="--rebuild-catalog"):
        list(maintain(old, Plan(), NOW))


@given(st.lists(st.floats(0, 800), max_size=60), st.tuples(*[st.floats(0, 400)] * 3))
def test_retention_keeps_the_newest_and_thins_the_rest(
    ages: list[float], tiers: tuple[float, float, float]
) -> None:
    made = {n: NOW - timedelta(days=age) for n, age in enumerate(sorted(ages, reverse=True))}
    gone = set(expired(made, Retention(*tiers), NOW))
    kept = {n: made[n] for n in made.keys() - gone}
    if made:
        assert max(made) in kept
        kept.pop(max(made))
    older = [m for m in kept.values() if NOW - m > timedelta(days=tiers[0])]
    days = [m.date() for m in older if NOW - m <= timedelta(days=tiers[1])]
    assert len(days) == len(set(days))
    assert all(NOW - m <= timedelta(days=max(tiers)) for m in older)
    assert all(made[n] for n in made if NOW - made[n] <= timedelta(days=tiers[0]))
    assert not any(n in gone for n in made if NOW - made[n] <= timedelta(days=tiers[0]))


def test_a_lost_catalog_is_made_anew_from_the_files(old: Warehouse, tmp_path: Path) -> None:
    # a run that was killed just before its commit: its files are there, and nothing knows of it
    killed = Warehouse(tmp_path / "killed")
    shutil.copytree(old.root, killed.root)
    night(killed, 20, {"a": "a text that was lost", "b0": "another that was lost"})
    shutil.copytree(killed.data, old.data, dirs_exist_ok=True)
    # the next night brought one of its articles again
    night(old, 30, {"b0": "another that was lost"})
    before = rows(old)
    old.catalog.write_bytes(b"SQLite format 3\0 no more")
    with pytest.raises(CatalogDamaged, match="--rebuild-catalog"):
        ask(old, "SELECT 1")
    found = rebuild(old, "1")
    assert (found.left_out, found.torn) == (["r20"], [])
    assert rows(old) == before
    assert problems(list(maintain(old, SPARE, NOW))) == []
    assert rows(old) == before
    # and the next night goes on
    night(old, 40, {"a": "one more text", "c": "a new article"})
    assert ask(old, "SELECT text FROM article_versions WHERE article_id = 'a'") == [
        ("one more text",)
    ]


def test_an_open_session_sees_one_state_while_others_publish_and_maintain(old: Warehouse) -> None:
    query = "SELECT run_id, count(*), count(superseded_at) FROM lake.times GROUP BY 1 ORDER BY 1"
    with connect(old) as connection:
        connection.execute("BEGIN")
        # what it is bounded by has been asked for; its rows have not
        snapshot = connection.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchall()
        before = ask(old, query)
        # supersedes rows of files of which rows were superseded before
        night(old, 7, {"a": "text 7 of a", "b0": "another text of b0", "b1": "another of b1"})
        assert connection.execute(query).fetchall() == before
        assert problems(list(maintain(old, Plan(), datetime.now(UTC)))) == []
        assert connection.execute(query).fetchall() == before
        again = connection.execute("SELECT max(snapshot_id) FROM lake.snapshots()").fetchall()
        assert again == snapshot
    assert ask(old, query) != before


def test_copies_of_the_catalog_that_killed_readers_left_are_cleared(old: Warehouse) -> None:
    with connect(old) as connection:
        (copy,) = (old.root / "tmp").glob("session-*")
        left = copy.with_name("session-999999999-x")
        left.mkdir()
        night(old, 8, {"a": "text 8 of a"})
        assert copy.exists()
        assert not left.exists()
        connection.execute("SELECT 1")
    assert not copy.exists()
