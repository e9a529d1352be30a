"""New extractor versions beside the published rows: candidate, comparison, promotion, rollback."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import flows.reprocess
import flows.reread
import flows.stamp
from flows.audit import ValidationStopped
from flows.batch import Incoming, Item, extract_items, stage_batch
from flows.candidate import UnknownCandidate, find_candidate
from flows.cli import app
from flows.compare import Comparison, compare, to_html
from flows.fresh import find_new
from flows.plan import known_visits
from flows.progress import silent
from flows.promote import promote, roll_back
from flows.registry.follow import follow, open_index
from flows.registry.night import register_staged
from flows.reprocess import reprocess
from flows.run import Account, stage_records
from flows.settings import Settings, SourceSettings
from flows.stamp import stamp_of
from flows.story import cluster_staged, index_of, keep_stories, sync
from transforms.annotate import annotate
from transforms.convert import retype
from transforms.language.pipeline import DEFAULT_MODEL
from warehouse.lake import Warehouse, WarehouseError, connect, create, snapshot_id
from warehouse.publish import publish
from warehouse.rollback import NoSuchSnapshot, check_snapshot
from warehouse.tables import ARTICLES, FETCHES, HISTORY, QUANTITIES, REGISTRY, SOURCES

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)
TEXTS = {
    "ferry": "The ferry to Brackwater was cancelled on Friday. Harbour master Jonas Thale said 14"
    " boats stayed in port.",
    "mill": "A fire at the mill in Oldham killed three workers on Monday, police said.",
    "vote": "The council of Leeds will pay $10 million to 15 million for the bridge, said mayor"
    " Anna Reed.",
    "zug": "Der Zug nach Bern fiel am Montag aus, sagte die Polizei in der Stadt am Abend.",
    "rain": "More than 40 people were rescued in Lyon last week, the prefect said.",
}
Frames = dict[str, pd.DataFrame]


def line(name: str, text: str) -> bytes:
    row = {"id": name, "title": name, "url": f"https://post.example/{name}", "text": text,
           "published_at": "2026-03-11T08:30:00+01:00",
           "language": "de" if name == "zug" else "en"}  # fmt: skip
    return json.dumps(row).encode()


def night(settings: Settings, run_id: str, texts: Mapping[str, str], days: int = 0) -> None:
    """Publish a night of texts, as the flow does it."""
    lake, at = settings.lake, NIGHT + timedelta(days=days)
    items = [
        Item("post" if n % 2 else "desk", name, "jsonl", line(name, text), at)
        for n, (name, text) in enumerate(texts.items())
    ]
    found, _ = extract_items(items, None)
    incoming = [one for one in found if isinstance(one, Incoming)]
    with connect(lake) as connection:
        new = find_new(connection, incoming)
    stamps = {s: stamp_of(settings) for s in ("post", "desk")}
    stage_batch(
        new, lake.staging(run_id) / "batch-000000", model=DEFAULT_MODEL, run_id=run_id, as_of=at,
        zones={}, stamps=stamps,
    )  # fmt: skip
    account = Account(run_id, at, state="published")
    fetches = [
        {"fetch_id": f"{run_id}{i.article_id}"[:16], "run_id": run_id, "source_id": i.source_id,
         "url": f"https://post.example/{i.where}", "status": 200, "robots": "allowed",
         "opt_outs": [], "article_id": i.article_id, "started_at": at, "seconds": 0.1}
        for i in incoming
    ]  # fmt: skip
    stage_records(lake, run_id, FETCHES, fetches)
    source = {"source_id": "post", "kind": "feed", "location": "l", "etag": run_id,
              "failures": 0, "updated_at": at}  # fmt: skip
    stage_records(lake, run_id, SOURCES, [source])
    stories = cluster_staged(lake, run_id)
    register_staged(lake, run_id, at)
    account.write(lake, settings)
    publish(lake, run_id, at)
    keep_stories(lake, stories)
    follow(lake)


def settings_of(folder: Path) -> Settings:
    sources = tuple(SourceSettings(id=s, kind="feed", location="l") for s in ("post", "desk"))
    return Settings(warehouse=folder, workers=1, batch_size=2, sources=sources)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one night."""
    folder = tmp_path_factory.mktemp("first") / "lake"
    create(Warehouse(folder))
    night(settings_of(folder), "r1", TEXTS)
    return folder


@pytest.fixture
def settings(first: Path, tmp_path: Path) -> Settings:
    shutil.copytree(first, tmp_path / "lake")
    return settings_of(tmp_path / "lake")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Frames], None]], None]:
    """Give the extractors another version, and a change of what they find."""
    versions = dict(flows.stamp.VERSIONS)

    def use(change: Callable[[Frames], None]) -> None:
        monkeypatch.setattr(flows.stamp, "VERSIONS", versions | {"quantities": "next"})

        def changed(*arguments: Any) -> Frames:
            frames = annotate(*arguments)
            change(frames)
            return frames

        monkeypatch.setattr(flows.reread, "annotate", changed)

    return use


def other_counts(frames: Frames) -> None:
    """Counts of boats are found no more, those of workers doubled, sums go by another rule."""
    found = frames["quantities"]
    found = found[~found["concept"].eq("boats").fillna(False)].copy()
    found.loc[found["concept"].eq("workers").fillna(False), "value"] = 6.0
    found.loc[found["kind"] == "money", "rule"] = "money:new"
    money = found["kind"] == "money"
    found.loc[money, "quantity_id"] = found.loc[money, "quantity_id"].map(lambda k: k[::-1])
    found["extractor_version"] = "next"
    frames["quantities"] = retype(found.reset_index(drop=True), QUANTITIES)
    for name in ("claims", "events"):
        frames[name] = frames[name].iloc[:0]


def rows(lake: Warehouse, tables: Sequence[Any], when: str = "") -> dict[str, list[Any]]:
    """The current rows of tables, by what they say."""
    found = {}
    with connect(lake) as connection:
        for table in tables:
            columns = ", ".join(f'"{c.name}"' for c in table.columns)
            where = "WHERE superseded_at IS NULL" if table.recorded else ""
            result = connection.execute(
                f"SELECT {columns} FROM lake.{table.name} {when} {where} ORDER BY ALL"
            )
            found[table.name] = result.fetchall()
    return found


def made(settings: Settings, **options: Any) -> tuple[Path, Any]:
    reprocess(settings, name="next", report=silent, **options)
    return find_candidate(settings.lake, "next")


def told(settings: Settings, folder: Path, candidate: Any) -> Comparison:
    return compare(settings.lake, folder, candidate)


def ask(lake: Warehouse, query: str) -> list[Any]:
    with connect(lake) as connection:
        return connection.execute(query).fetchall()


def test_texts_of_the_same_stamp_are_left_alone_and_read_again_give_the_same(
    settings: Settings,
) -> None:
    folder, candidate = made(settings)
    assert candidate.texts == 0
    promote(settings, folder, candidate, silent)
    folder, candidate = made(settings, again=True)
    found = told(settings, folder, candidate)
    assert (candidate.texts, found.live, found.outcome.skipped) == (5, 5, 1)
    assert found.differences == 0
    assert sum(t.same for t in found.tables) >= 15
    before = rows(settings.lake, (*HISTORY, *REGISTRY))
    promote(settings, folder, candidate, silent)
    assert rows(settings.lake, (*HISTORY, *REGISTRY)) == before


def test_a_newer_version_is_compared_promoted_and_taken_back(
    settings: Settings, newer: Callable[..., None]
) -> None:
    lake = settings.lake
    before = rows(lake, (*HISTORY, *REGISTRY, ARTICLES))
    with connect(lake) as connection:
        snapshot = snapshot_id(connection)
    newer(other_counts)
    folder, candidate = made(settings)
    # beside the lake: nothing is published yet
    assert rows(lake, (*HISTORY, *REGISTRY, ARTICLES)) == before
    found = told(settings, folder, candidate)
    (counts,) = (t for t in found.tables if t.table == "quantities")
    assert (counts.removed, counts.changed, counts.added) == (1, 2, 0)
    groups = {(g.rule, g.source): (g.change, g.count) for g in found.groups
              if g.table == "quantities"}  # fmt: skip
    assert groups["money:new", "desk"] == ("changed", 1)
    changed = next(e for e in found.examples if ("value", 3.0, 6.0) in e.columns)
    assert (changed.surface, changed.change) == ("three", "changed")
    page = to_html(found)
    assert "<mark>three</mark>" in page
    assert "<del>3.0</del>" in page
    assert "http" not in page.split("<body>")[0]

    account = promote(settings, folder, candidate, silent)
    assert not folder.exists()
    assert ask(lake, "SELECT value FROM quantities WHERE concept = 'workers'") == [(6.0,)]
    assert ask(lake, "SELECT 1 FROM quantities WHERE concept = 'boats'") == []
    # the old row is history, from when to when it was believed
    assert ask(
        lake, "SELECT value, run_id, superseded_at FROM lake.quantities WHERE concept = 'workers'"
        " ORDER BY recorded_at"
    ) == [(3.0, "r1", account.started_at), (6.0, account.run_id, None)]  # fmt: skip
    # rows that say the same are untouched
    assert ask(lake, "SELECT DISTINCT run_id FROM lake.times") == [("r1",)]
    assert ask(lake, "SELECT count(*), count(DISTINCT stamp) FROM readings") == [(5, 1)]
    assert ask(lake, "SELECT kind, state FROM runs ORDER BY started_at DESC LIMIT 1") == [
        ("promote", "published")
    ]
    assert made(settings)[1].texts == 0
    stages = dict(ask(lake, f"SELECT stage, rows_in FROM run_stages WHERE run_id = '"
                            f"{account.run_id}'"))  # fmt: skip
    assert stages["parse"] == 4
    assert "publish" in stages

    back, taken = roll_back(settings, snapshot, silent)
    assert taken == [account.run_id]
    assert rows(lake, (*HISTORY, *REGISTRY, ARTICLES)) == before
    states = dict(ask(lake, "SELECT run_id, state FROM runs"))
    assert states == {"r1": "published", account.run_id: "rolled_back", back.run_id: "published"}
    # what was told in between can still be asked for
    assert ask(
        lake, "SELECT value FROM lake.quantities WHERE concept = 'workers' AND superseded_at ="
        f" '{back.started_at.isoformat()}'::TIMESTAMPTZ"
    ) == [(6.0,)]  # fmt: skip


def test_only_what_the_condition_names_is_touched(
    settings: Settings, newer: Callable[..., None]
) -> None:
    newer(other_counts)
    folder, candidate = made(settings, where="source_id = 'desk'")
    assert candidate.texts == 3
    promote(settings, folder, candidate, silent)
    stamps = ask(settings.lake, "SELECT source_id, count(DISTINCT stamp) FROM readings JOIN"
                                " articles USING (article_id) GROUP BY ALL ORDER BY 1")  # fmt: skip
    assert stamps == [("desk", 1), ("post", 1)]
    assert ask(settings.lake, "SELECT value FROM quantities WHERE concept = 'workers'") == [(3.0,)]
    with pytest.raises(WarehouseError, match="cannot be asked"):
        reprocess(settings, name="other", where="no such column", report=silent)


def test_what_was_stopped_goes_on_with_the_next_batch(
    settings: Settings, newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer(other_counts)
    calls: list[int] = []
    really = flows.reprocess.reread_batch

    def fail(numbered: Any, **options: Any) -> Any:
        calls.append(numbered[0])
        if len(calls) == 2:
            raise OSError("the disk is full")
        return really(numbered, **options)

    monkeypatch.setattr(flows.reprocess, "reread_batch", fail)
    with pytest.raises(OSError, match="disk"):
        made(settings)
    folder, candidate = find_candidate(settings.lake, "next")
    with pytest.raises(UnknownCandidate, match="1 of 3"):
        promote(settings, folder, candidate, silent)
    with pytest.raises(UnknownCandidate, match="other texts"):
        made(settings, again=True)
    made(settings)
    assert calls == [0, 1, 1, 2]
    assert told(settings, folder, candidate).live == 5


def test_a_text_that_a_night_has_replaced_since_is_left_out(
    settings: Settings, newer: Callable[..., None]
) -> None:
    newer(other_counts)
    folder, candidate = made(settings)
    night(settings, "r2", {"mill": TEXTS["mill"].replace("three", "four")}, days=1)
    found = told(settings, folder, candidate)
    assert (found.live, found.replaced) == (4, 1)
    promote(settings, folder, candidate, silent)
    assert ask(settings.lake, "SELECT value FROM quantities WHERE concept = 'workers'") == [(4.0,)]


def test_nothing_is_published_of_a_promote_that_fails(
    settings: Settings, newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    newer(other_counts)
    folder, candidate = made(settings)
    before = rows(settings.lake, (*HISTORY, *REGISTRY))

    def late(*arguments: Any) -> Any:
        from warehouse.revise import revise

        revise(*arguments)
        raise OSError("the disk is full")

    monkeypatch.setattr("flows.promote.revise", late)
    with pytest.raises(OSError, match="disk"):
        promote(settings, folder, candidate, silent)
    assert rows(settings.lake, (*HISTORY, *REGISTRY)) == before
    assert folder.exists()


def test_a_candidate_that_breaks_the_guards_is_not_promoted(
    settings: Settings, newer: Callable[..., None]
) -> None:
    def untyped(frames: Frames) -> None:
        frames["times"]["rule"] = frames["times"]["rule"].astype(object)

    newer(untyped)
    folder, candidate = made(settings)
    assert told(settings, folder, candidate).outcome.failed_tables == ["times"]
    with pytest.raises(ValidationStopped, match="times"):
        promote(settings, folder, candidate, silent)


def test_going_back_takes_nights_back_and_they_are_fetched_again(settings: Settings) -> None:
    lake = settings.lake
    before = rows(lake, (*HISTORY, *REGISTRY, ARTICLES, SOURCES))
    with connect(lake) as connection:
        snapshot = snapshot_id(connection)
    night(settings, "r2", {"mill": TEXTS["mill"].replace("three", "four"),
                           "news": "Ms Clara Voss of Basel bought 7 horses."}, days=1)  # fmt: skip
    assert rows(lake, (*HISTORY, ARTICLES)) != before
    assert check_snapshot(lake, snapshot) == ["r2"]
    with pytest.raises(NoSuchSnapshot, match="there are"):
        roll_back(settings, 999, silent)
    roll_back(settings, snapshot, silent)
    assert rows(lake, (*HISTORY, *REGISTRY, ARTICLES, SOURCES)) == before
    url = "https://post.example/news"
    with connect(lake) as connection:
        assert known_visits(connection, [url]) == {}
        assert sync(index_of(lake), connection) == 0
    with open_index(lake) as index:
        assert "r2" not in index.runs()
    # the same night comes again to the same rows
    night(settings, "r3", {"mill": TEXTS["mill"].replace("three", "four")}, days=2)
    assert ask(lake, "SELECT value FROM quantities WHERE concept = 'workers'") == [(4.0,)]


def test_the_commands(settings: Settings, newer: Callable[..., None], tmp_path: Path) -> None:
    newer(other_counts)
    config = tmp_path / "dateline.toml"
    config.write_text(
        f'warehouse = "{settings.warehouse}"\nworkers = 1\n'
        + "".join(f'[[sources]]\nid = "{s}"\nkind = "feed"\nlocation = "https://l.example"\n'
                  for s in ("post", "desk"))
    )  # fmt: skip

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "-c", str(config)])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    assert "5 texts" in run("reprocess", "--dry-run")
    assert "4 texts read, 1 of other" in run("reprocess")
    page = tmp_path / "compare.html"
    assert "removed" in run("compare", "--html", str(page))
    assert "<mark>" in page.read_text()
    assert {"added", "removed", "changed"} >= {
        json.loads(row)["change"] for row in run("compare", "--json").splitlines()
    }
    said = run("promote")
    back = said.split("rollback ")[1].split("`")[0]
    assert "takes back 1 runs" in run("rollback", back, "--dry-run")
    assert "is as snapshot" in run("rollback", back)
