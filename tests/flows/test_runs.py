"""The history of runs as it is kept and read."""

from __future__ import annotations

import json
import logging
import time
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.log import log_path, logged, say
from flows.meter import Meter, Usage, peak_memory
from flows.observe import watched
from flows.progress import silent
from flows.run import Account
from flows.runs import UnknownRun, find_run, list_runs, read_log, show_run
from flows.settings import LineageSettings, Settings
from flows.stamp import settings_json, stamp_of
from tests.empty import put_empty
from warehouse.lake import connect, snapshot_id
from warehouse.publish import keep_records, publish

NIGHT = datetime(2026, 3, 12, 2, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(warehouse=tmp_path / "lake", log_format="json")
    put_empty(made.lake)
    return made


def ran(settings: Settings, run_id: str, state: str = "published", days: int = 0) -> Account:
    account = Account(run_id, NIGHT + timedelta(days=days), state=state)
    account.add_usage({"parse": Usage(2.0, 1.5, 3_000_000)})
    account.count("parse", 10, 10)
    account.count("parse", 30, 29, 1)
    account.write(settings.lake, settings)
    publish(settings.lake, run_id, account.started_at)
    return account


def test_a_run_keeps_what_each_stage_cost_and_what_it_ran_with(settings: Settings) -> None:
    account = ran(settings, "r1")
    before = list_runs(settings.lake, 5)
    account.add_usage({"publish": Usage(0.5, 0.25, 1)})
    with connect(settings.lake) as connection:
        snapshot = snapshot_id(connection)
    account.keep_last_stages(settings.lake)
    found = show_run(settings.lake, "r1")
    parse, last = found["stages"]
    assert (parse["stage"], parse["rows_in"], parse["rows_out"]) == ("parse", 40, 39)
    assert (parse["rows_quarantined"], parse["rows_per_second"]) == (1, 20.0)
    assert (parse["cpu_seconds"], parse["peak_memory"]) == (1.5, 3_000_000)
    assert (last["stage"], last["seconds"]) == ("publish", 0.5)
    assert found["stamp"] == stamp_of(settings)
    assert found["settings"]["batch_size"] == settings.batch_size
    assert {"python", "spacy", "data"} <= set(found["versions"])
    assert found["model"].endswith("3.7.1)")
    # what came after the publish makes no snapshot, and the next one takes it along
    with connect(settings.lake) as connection:
        assert snapshot_id(connection) == snapshot
    ran(settings, "r2", days=1)
    with connect(settings.lake) as connection:
        kept = connection.execute("SELECT stage FROM lake.run_stages WHERE run_id = 'r1'")
        assert sorted(kept.fetchall()) == [("parse",), ("publish",)]
    assert list_runs(settings.lake, 5)[1:] == before


def test_runs_are_found_by_how_they_begin(settings: Settings) -> None:
    with pytest.raises(UnknownRun, match="nothing has run"):
        find_run(settings.lake, None)
    ran(settings, "20260312-aa")
    ran(settings, "20260313-ab", "stopped", days=1)
    assert find_run(settings.lake, None) == "20260313-ab"
    assert find_run(settings.lake, "20260312") == "20260312-aa"
    with pytest.raises(UnknownRun, match="several"):
        find_run(settings.lake, "2026")
    with pytest.raises(UnknownRun, match="no run"):
        find_run(settings.lake, "1999")
    assert [r["run_id"] for r in list_runs(settings.lake, 1)] == ["20260313-ab"]
    assert [r["run_id"] for r in list_runs(settings.lake, 9, state="published")] == ["20260312-aa"]


def test_the_commands_print_tables_and_json(settings: Settings) -> None:
    ran(settings, "r1")
    with logged(settings.lake, "r1", to_terminal=False):
        say("fetch", "https://post.example/x: gone", level=logging.WARNING, url="u")
        say("batch", "batch 0")
    flags = ["-w", str(settings.warehouse)]
    runner = CliRunner()
    listed = runner.invoke(app, ["runs", "list", *flags])
    assert "r1" in listed.stdout
    assert "published" in listed.stdout
    shown = runner.invoke(app, ["runs", "show", "--json", *flags])
    assert json.loads(shown.stdout)["stages"][0]["stage"] == "parse"
    assert "peak MB" in runner.invoke(app, ["runs", "show", "r1", *flags]).stdout
    logs = runner.invoke(app, ["runs", "logs", "--level", "warning", *flags])
    assert logs.stdout.splitlines()[0].endswith("https://post.example/x: gone")
    assert "batch 0" not in logs.stdout


def test_the_log_has_warnings_and_the_way_a_run_failed(
    settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    account = Account("r1", NIGHT)

    def fail() -> None:
        with watched(account, settings, silent):
            warnings.warn("a library is unsure", stacklevel=1)
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        fail()
    events = list(read_log(log_path(settings.lake, "r1")))
    assert [e["event"] for e in events][::2] == ["begin", "failed"]
    assert "a library is unsure" in events[1]["message"]
    assert "Traceback" in events[-1]["traceback"]
    assert {e["run_id"] for e in events} == {"r1"}
    # on request the same lines go to standard error
    assert [json.loads(line) for line in capfd.readouterr().err.splitlines()] == events
    assert account.state == "failed"


def test_a_line_that_was_cut_off_is_left_out(settings: Settings) -> None:
    with logged(settings.lake, "r1", to_terminal=False):
        say("batch", "batch 0")
    path = log_path(settings.lake, "r1")
    with path.open("a") as handle:
        handle.write('{"level": "info", "mess')
    assert [e["message"] for e in read_log(path)] == ["batch 0"]
    # the log of a run that was killed before it was recorded is found by its full name
    assert find_run(settings.lake, "r1") == "r1"


def test_no_secret_is_kept() -> None:
    settings = Settings(
        lineage=LineageSettings(url="https://me:pass@lineage.example/api", api_key="s3cr3t")
    )
    kept = settings_json(settings)
    assert "s3cr3t" not in kept
    assert "pass" not in json.loads(kept)["lineage"]["url"]
    assert json.loads(kept)["lineage"]["url"] == "https://***@lineage.example/api"


def test_the_stamp_follows_what_decides_rows(tmp_path: Path) -> None:
    usual = stamp_of(Settings())
    assert usual == stamp_of(Settings(workers=3, warehouse=tmp_path))
    others = {
        stamp_of(Settings(vague_policy="low")),
        stamp_of(Settings(), "Europe/Athens"),
    }
    assert len(others | {usual}) == 3


def _peak_can_be_forgotten() -> bool:
    """Whether the kernel counts a process's largest resident set anew when asked to."""
    reset = Path("/proc/self/clear_refs")
    if not reset.exists():
        return False
    held = bytearray(60_000_000)
    held[::4096] = b"x" * len(held[::4096])
    before = peak_memory()
    del held
    reset.write_text("5")
    return peak_memory() < before - 30_000_000


def test_a_stage_is_measured_by_itself() -> None:
    meter = Meter()
    with meter.stage("small"):
        pass
    with meter.stage("large"):
        held = bytearray(60_000_000)
        held[::4096] = b"x" * len(held[::4096])
        spin = time.process_time() + 0.05
        while time.process_time() < spin:
            pass
    del held
    with meter.stage("small"):
        time.sleep(0.05)
    with meter.stage("shared", alone=False):
        pass
    small, large = meter.usage["small"], meter.usage["large"]
    assert small.seconds >= 0.05
    assert small.cpu_seconds is not None
    assert large.cpu_seconds is not None
    assert small.cpu_seconds < 0.05 <= large.cpu_seconds
    assert meter.usage["shared"].cpu_seconds is None
    if _peak_can_be_forgotten():
        assert large.peak_memory > small.peak_memory + 40_000_000


def test_records_of_a_published_run_are_merged_once(settings: Settings) -> None:
    account = ran(settings, "r1")
    account.add_usage({"publish": Usage(0.5, 0.25, 1)})
    for _ in range(2):
        account.keep_last_stages(settings.lake)
    keep_records(settings.lake, "r1")
    assert len(show_run(settings.lake, "r1")["stages"]) == 2
