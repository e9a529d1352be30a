"""The whole way over loopback HTTP: two nights of the demonstration site, and what goes wrong."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from flows.cli import main
from flows.demo.show import FILES, _configuration
from flows.demo.site import Site
from flows.exits import Exit
from flows.log import log_path
from flows.report import write_docs
from flows.run import STAGES, Account
from flows.runs import read_log
from flows.settings import Settings, load_settings
from flows.start import start_ingest, start_replay
from warehouse.lake import Warehouse, connect, snapshot_id
from warehouse.tables import ARTICLE_VERSIONS, ARTICLES, FACTS, FETCHES, QUARANTINE, SOURCES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture(scope="module")
def config(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("e2e") / "dateline.toml"
    path.write_text(_configuration(site))
    return path


def night(config: Path) -> tuple[Account, Settings]:
    settings = load_settings(config, workers=1)
    return start_ingest(settings, config=config, workers=1), settings


def ask(warehouse: Warehouse, query: str) -> list[tuple[Any, ...]]:
    with connect(warehouse) as connection:
        return connection.execute(query).fetchall()


def snapshots(warehouse: Warehouse) -> int:
    with connect(warehouse) as connection:
        return snapshot_id(connection)


@pytest.fixture(scope="module")
def first(config: Path) -> tuple[Account, Settings]:
    return night(config)


def test_the_first_night_publishes_articles_and_facts(first: tuple[Account, Settings]) -> None:
    account, settings = first
    assert account.state == "published"
    assert account.articles_new >= 12
    assert account.articles_skipped == 1  # the German story is kept, not annotated
    for table in ("mentions", "quantities", "times", "quotes"):
        assert ask(settings.lake, f"SELECT count(*) > 20 FROM {table}") == [(True,)], table


def test_parties_that_count_otherwise_are_brought_together(
    first: tuple[Account, Settings],
) -> None:
    _, settings = first
    (row,) = ask(
        settings.lake,
        "SELECT low, high, parties, denied_by FROM conflicting_claims"
        " WHERE happening = 'killed' AND counted_class = 'soldier'",
    )
    low, high, parties, denied_by = row
    assert (low, high) == (31, 70)
    assert {"Defence Ministry", "Sahel Liberation Front", "Idrissa Maman"} <= set(parties)
    assert denied_by == ["Idrissa Maman"]


@pytest.mark.parametrize(
    ("call", "column", "value"),
    [
        ("casualties('Niger', '2026-03-01', '2026-04-01')", "low", 31),
        ("casualties('ne', '2026-03-09', '2026-03-10')", "party", "Defence Ministry"),
        ("claims_by('Sahel Liberation Front')", "high", 70),
        ("quotes_of('Idrissa Maman')", "cue_class", "deny"),
        ("said_about('Tillabéri')", "speaker", None),
    ],
)
def test_macros_answer(
    first: tuple[Account, Settings], call: str, column: str, value: object
) -> None:
    _, settings = first
    found = [row[0] for row in ask(settings.lake, f"SELECT {column} FROM {call}")]
    assert value is None or value in found
    outside = "casualties('Niger', '2019-01-01', '2019-02-01')"
    assert ask(settings.lake, f"SELECT count(*) FROM {outside}") == [(0,)]


def test_every_surface_is_its_text(first: tuple[Account, Settings]) -> None:
    _, settings = first
    for table in ("mentions", "quantities", "times", "quotes", "claims", "events"):
        wrong = ask(
            settings.lake,
            f"SELECT count(*) FROM {table} f JOIN article_versions v USING (article_id, version)"
            ' WHERE substr(v.text, f.start + 1, f."end" - f.start) <> f.surface',
        )
        assert wrong == [(0,)], table


def test_what_was_held_back_is_kept_with_its_reason(first: tuple[Account, Settings]) -> None:
    account, settings = first
    failures = dict(
        ask(settings.lake, "SELECT error_class, count(*) FROM fetches"
            " WHERE error_class IS NOT NULL GROUP BY 1")
    )  # fmt: skip
    assert failures["robots"] == 1
    assert failures["http_404"] == 1
    rules = {r for (rules,) in ask(settings.lake, "SELECT rules FROM quarantine") for r in rules}
    assert {"document:empty", "document:binary", "document:json"} <= rules
    garbage = ask(
        settings.lake, "SELECT location, row_json FROM quarantine"
        " WHERE list_contains(rules, 'document:json')"
    )  # fmt: skip
    assert ".jsonl:" in garbage[0][0]
    assert account.rows_quarantined >= 3


def test_a_wire_story_of_two_outlets_is_one_cluster(first: tuple[Account, Settings]) -> None:
    _, settings = first
    assert ask(settings.lake, "SELECT copies FROM stories WHERE copies > 1") == [(2,)]


def test_the_account_is_in_the_warehouse(first: tuple[Account, Settings]) -> None:
    account, settings = first
    rows = ask(settings.lake, "SELECT run_id, state, articles_new, rows_out FROM runs")
    assert rows == [(account.run_id, "published", account.articles_new, account.rows_out)]
    assert ask(settings.lake, "SELECT count(*) > 20 FROM checks WHERE success") == [(True,)]
    stages = {s for (s,) in ask(settings.lake, "SELECT stage FROM run_stages WHERE seconds > 0")}
    assert {"discover", "fetch", "extract", "annotate", "validate"} <= stages


def test_a_second_run_adds_nothing_and_a_correction_makes_a_version(
    first: tuple[Account, Settings], config: Path, site: Site
) -> None:
    _, settings = first
    before = snapshots(settings.lake)
    count = "SELECT count(*) FROM lake.article_versions"
    versions = ask(settings.lake, count)
    again, _ = night(config)
    assert (again.state, again.articles_new) == ("unchanged", 0)
    assert snapshots(settings.lake) == before
    assert ask(settings.lake, count) == versions
    assert ask(settings.lake, "SELECT count(*) FROM runs") == [(2,)]

    address = site.publish_correction()
    corrected, _ = night(config)
    assert (corrected.state, corrected.articles_new) == ("published", 1)
    history = ask(
        settings.lake, "SELECT superseded_at IS NULL FROM lake.article_versions"
        f" WHERE url = '{address}' ORDER BY recorded_at"
    )  # fmt: skip
    assert history == [(False,), (True,)]
    ratios = ask(
        settings.lake, "SELECT change_ratio FROM lake.article_versions"
        f" WHERE url = '{address}' ORDER BY recorded_at"
    )  # fmt: skip
    assert ratios[0] == (None,)
    assert 0 < ratios[1][0] < 0.2
    stale = ask(
        settings.lake, "SELECT count(*) FROM quantities q JOIN lake.article_versions v"
        " USING (article_id, version) WHERE v.superseded_at IS NOT NULL"
    )  # fmt: skip
    assert stale == [(0,)]


def test_nothing_that_came_in_these_nights_is_lost(
    first: tuple[Account, Settings], config: Path
) -> None:
    """What came, counted from what the sources are, and what became of it, from the tables."""
    account, settings = first
    lake = settings.lake
    own = "'" + "', '".join(s.location for s in settings.sources) + "'"
    of = f"run_id = '{account.run_id}'"
    ((pages, failed),) = ask(
        lake, f"SELECT count(*), count(error_class) FROM fetches WHERE {of}"
        f" AND source_id <> 'desk-files' AND url NOT IN ({own})"
    )  # fmt: skip
    lines = (FILES / "briefs.jsonl").read_text(encoding="utf-8").splitlines()
    documents = len(lines) + len([p for p in FILES.iterdir() if p.suffix != ".jsonl"])
    ((new,),) = ask(lake, f"SELECT count(*) FROM lake.article_versions WHERE {of}")
    held = "SELECT count(DISTINCT location) FROM quarantine WHERE table_name = 'article_versions'"
    ((held_back,),) = ask(lake, f"{held} AND {of}")
    assert pages > 10
    assert failed >= 2  # robots.txt and the dead link
    assert account.items_in == pages + documents
    assert (account.items_failed, account.articles_new, account.articles_held) == (
        failed, new, held_back,
    )  # fmt: skip
    assert pages + documents == new + held_back + failed + account.articles_unchanged
    balance = ask(lake, "SELECT missing, rows_missing, adds_up FROM run_balance")
    assert balance == [(0, 0, True)] * 3
    # the night after found what it asked for as it was
    again = "SELECT new, unchanged > 0 FROM run_balance ORDER BY started_at LIMIT 1 OFFSET 1"
    assert ask(lake, again) == [(0, True)]


def test_the_archive_makes_the_same_warehouse_in_other_batches_and_processes(
    first: tuple[Account, Settings],
    config: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, settings = first
    monkeypatch.setenv("DATELINE_BATCH_SIZE", "3")
    target = tmp_path / "again"
    again = load_settings(config, warehouse=target, workers=2)
    accounts = start_replay(
        again, archive=settings.lake.archive, config=config, warehouse=target, workers=2
    )
    runs = ask(settings.lake, "SELECT run_id FROM runs ORDER BY started_at")
    assert [(a.run_id,) for a in accounts] == runs
    for table in (SOURCES, FETCHES, ARTICLES, ARTICLE_VERSIONS, *FACTS, QUARANTINE):
        rows = f"SELECT * FROM {table.name} ORDER BY ALL"
        history = rows.replace("FROM ", "FROM lake.", 1)
        for query in (rows, history) if table.recorded else (rows,):
            assert ask(again.lake, query) == ask(settings.lake, query), table.name
    # lines of files that say nothing new leave no trace in the archive, so they are not counted
    assert ask(again.lake, "SELECT DISTINCT adds_up FROM run_balance") == [(True,)]
    counts = "SELECT run_id, articles_new, rows_out, fetch_failures, state FROM runs ORDER BY 1"
    assert ask(again.lake, counts) == ask(settings.lake, counts)
    # nothing is left to do, and what a position names is there
    assert start_replay(again, archive=None, config=config, warehouse=target, workers=1) == []
    places = ask(again.lake, "SELECT archive_file, archive_offset, archive_length, sha256"
                 " FROM fetches WHERE archive_file IS NOT NULL AND status = 200")  # fmt: skip
    assert len(places) > 10
    for file, offset, length, sha256 in places:
        piece = (again.lake.archive / file).read_bytes()[offset : offset + length]
        record = next(iter(ArchiveIterator(io.BytesIO(piece))))
        assert hashlib.sha256(record.content_stream().read()).hexdigest() == sha256


def test_a_feed_that_is_a_page_and_a_dead_source_do_not_stop_the_others(
    site: Site, tmp_path: Path
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(
        "The town council said on Monday that 14 trees will be planted along the river."
    )
    (tmp_path / "texts" / "b.txt").write_bytes(b"")
    (tmp_path / "texts" / "c.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    path = tmp_path / "dateline.toml"
    home = site.url + "/gazette/"
    path.write_text(
        'warehouse = "w"\n[fetch]\nallow_private = true\ndelay = 0.0\nattempts = 1\n'
        f'[[sources]]\nid = "page"\nkind = "feed"\nlocation = "{home}"\n'
        '[[sources]]\nid = "dead"\nkind = "feed"\nlocation = "http://127.0.0.1:9/feed"\n'
        '[[sources]]\nid = "texts"\nkind = "files"\nlocation = "texts"\n'
        '[[sources]]\nid = "gone"\nkind = "files"\nlocation = "no-such-folder"\n'
    )
    account, settings = night(path)
    assert account.articles_new == 1
    errors = dict(
        ask(settings.lake, "SELECT source_id, error FROM fetches WHERE error IS NOT NULL")
    )
    assert "feed" in errors["page"].lower()
    assert "dead" in errors
    assert "no such file" in errors["gone"]
    rules = {r for (rules,) in ask(settings.lake, "SELECT rules FROM quarantine") for r in rules}
    assert rules == {"document:empty", "document:binary"}


def test_the_gate_stops_a_night_and_a_person_lets_it_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dates = ["2026-03-09", *(f"2061-01-0{day}" for day in range(1, 7))]
    lines = (
        f'{{"id": "{date}", "text": "At least 12 boats lay in port.", "published_at": "{date}"}}\n'
        for date in dates
    )
    (tmp_path / "desk.jsonl").write_text("".join(lines))
    path = tmp_path / "dateline.toml"
    path.write_text(
        'warehouse = "w"\nworkers = 1\n[quality]\nmin_rows = 5\nmax_rejected = {"*" = 0.5}\n'
        '[[sources]]\nid = "desk"\nkind = "files"\nlocation = "desk.jsonl"\n'
    )

    def dateline(*words: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["dateline", *words, "-c", str(path)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return ended.value.code, told.out, told.err

    warehouse = load_settings(path).lake
    code, _, said = dateline("ingest")
    assert code == Exit.VALIDATION == 3
    assert "6 of 7 article_versions were rejected (86%, at most 50%)" in said
    assert "published_not_after_fetch 6 times (such as '2061-01-01" in said
    assert "6 of 7 quantities were rejected (86%, at most 50%)" in said
    assert "version_known 6 times (such as '12'" in said
    assert "--force REASON" in said
    assert ask(warehouse, "SELECT count(*) FROM lake.article_versions") == [(0,)]
    assert ask(warehouse, "SELECT state, forced_by FROM runs") == [("failed", None)]
    code, _, _ = dateline("ingest", "--force", "the desk's clock is wrong", "--by", "ana")
    assert code == 0
    forced = "SELECT state, forced_by, forced_because, articles_new FROM runs WHERE forced_by <> ''"
    assert ask(warehouse, forced) == [("published", "ana", "the desk's clock is wrong", 1)]
    held = "SELECT table_name, count(*) FROM quarantine GROUP BY ALL ORDER BY ALL"
    assert ask(warehouse, held) == [("article_versions", 6), ("quantities", 6)]
    code, told, _ = dateline("report", "--format", "markdown")
    assert "Published against the gate by ana, because: the desk's clock is wrong" in told
    assert "6 of 7 article_versions were rejected" in told


def test_a_killed_run_leaves_the_snapshot_and_the_next_completes_it(
    site: Site, tmp_path: Path
) -> None:
    path = tmp_path / "dateline.toml"
    path.write_text(_configuration(site))
    command = [sys.executable, "-m", "flows.cli", "ingest", "-c", str(path), "--workers", "1"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        staging = tmp_path / "warehouse" / "staging"
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not list(staging.rglob("*.parquet")):
            assert process.poll() is None, "the run ended before it could be killed"
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    warehouse = Warehouse(tmp_path / "warehouse")
    assert ask(warehouse, "SELECT count(*) FROM articles") == [(0,)]
    account, _ = night(path)
    assert account.state == "published"
    assert ask(warehouse, "SELECT count(*) > 10 FROM articles") == [(True,)]
    assert not staging.exists() or not list(staging.iterdir())


def test_the_first_night_says_what_each_stage_did(first: tuple[Account, Settings]) -> None:
    account, settings = first
    rows = ask(
        settings.lake,
        "SELECT stage, rows_in, rows_out, seconds > 0, cpu_seconds > 0, peak_memory > 50_000_000"
        f" FROM run_stages WHERE run_id = '{account.run_id}'",
    )
    stages = {stage: row for stage, *row in rows}
    assert set(stages) == set(STAGES)
    for stage, row in stages.items():
        assert row[0] > 0 or stage == "index", stage
        assert row[2], stage
        assert row[4], stage
        assert row[3] or stage == "fetch", stage
    assert stages["annotate"][0] == account.articles_new - account.articles_skipped
    assert stages["validate"][1] == account.rows_out + account.articles_new
    # every current text says what it was read with
    assert ask(
        settings.lake,
        "SELECT count(*) = (SELECT count(*) FROM article_versions) FROM readings"
        " JOIN article_versions USING (article_id, version)"
        " WHERE stamp IN (SELECT stamp FROM runs)",
    ) == [(True,)]
    events = [e["event"] for e in read_log(log_path(settings.lake, account.run_id))]
    assert events[0] == "begin"
    assert events[-1] == "end"
    assert {"batch", "fetch", "held"} <= set(events)


def test_data_docs_say_what_was_expected_of_the_night(
    first: tuple[Account, Settings], tmp_path: Path
) -> None:
    account, settings = first
    page = write_docs(settings.lake, tmp_path / "docs", account.run_id)
    assert page.is_file()
    (mentions,) = page.parent.glob("validations/mentions/**/*.html")
    shown = mentions.read_text(encoding="utf-8")
    assert "Every row has surface." in shown
    assert "0 failed" in shown.lower() or "100%" in shown
