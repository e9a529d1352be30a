"""The command line: help that teaches, clear errors, documented exit codes."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import app, main
from flows.exits import Exit

ROOT = Path(__file__).parents[2]


def dateline(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> int:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["dateline", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert dateline(monkeypatch, tmp_path, "init") == 0
    return tmp_path


def test_every_command_says_what_it_does() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__, command.callback.__name__


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys, flows.cli\n"
        "heavy = {'prefect', 'great_expectations', 'pandas', 'spacy', 'duckdb', 'pyarrow'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_init_writes_a_commented_configuration_that_loads(made: Path) -> None:
    from flows.settings import load_settings

    settings = load_settings(made / "dateline.toml")
    assert len(settings.sources) >= 12
    assert settings.lake.exists()


def test_init_keeps_an_existing_configuration(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dateline(monkeypatch, made, "init") == Exit.USAGE
    assert "--force" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("toml", "names"),
    [
        ("model = 3", "model"),
        ("not toml at all", "TOML"),
        ("unknown = 1", "unknown"),
        ('[[sources]]\nid = "a"\nkind = "telepathy"\nlocation = "x"', "kind"),
        ('[[sources]]\nid = "a"\nkind = "page"\nlocation = "x"\n' * 2, "'a'"),
        ('vague_policy = "guess"', "dateline, low"),
        ('vague_policy = "gone.tsv"', "gone.tsv"),
        ('[schedule]\ncron = "at two"', "schedule.cron"),
        ('[schedule]\ntimezone = "Mars/Olympus"', "Europe/Berlin"),
        ('[[sources]]\nid="a"\nkind="page"\nlocation="x"\nzone="EDT"', "'EDT' is no time zone"),
    ],
)
def test_a_wrong_configuration_names_file_and_field(
    toml: str,
    names: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "dateline.toml").write_text(toml)
    assert dateline(monkeypatch, tmp_path, "sql", "select 1") == Exit.USAGE
    message = capsys.readouterr().err
    assert "dateline.toml" in message
    assert names in message


def test_sql_formats(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    query = "SELECT 1 AS n, NULL AS nothing"
    for output, expected in (
        ("csv", "n,nothing\n1,\n"),
        ("json", '[{"n": 1, "nothing": null}]\n'),
    ):
        capsys.readouterr()
        assert dateline(monkeypatch, made, "sql", query, "-F", output) == 0
        assert capsys.readouterr().out == expected
    arguments = ("sql", query, "-F", "parquet", "-o", "out.parquet")
    assert dateline(monkeypatch, made, *arguments) == 0
    assert (made / "out.parquet").read_bytes()[:4] == b"PAR1"


def test_sql_is_read_only_and_says_how_to_write(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dateline(monkeypatch, made, "sql", "DELETE FROM lake.runs") == Exit.USAGE
    assert "--write" in capsys.readouterr().err
    assert dateline(monkeypatch, made, "sql", "--write", "DELETE FROM lake.runs") == 0


def test_sql_names_the_nearest_table(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dateline(monkeypatch, made, "sql", "FROM quantites") == Exit.USAGE
    assert "quantities" in capsys.readouterr().err


def test_no_warehouse_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dateline(monkeypatch, tmp_path, "sql", "select 1") == Exit.USAGE
    assert "dateline init" in capsys.readouterr().err


def test_a_locked_warehouse_exits_75(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.settings import load_settings
    from warehouse.lake import writer_lock

    with writer_lock(load_settings(made / "dateline.toml").lake):
        assert dateline(monkeypatch, made, "ingest") == Exit.LOCKED
        assert "being written" in capsys.readouterr().err
        # readers are not held up
        assert dateline(monkeypatch, made, "sql", "select 1") == 0


def test_a_missing_model_names_the_command_that_installs_it(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dateline(monkeypatch, made, "ingest", "--model", "en_core_web_trf") == Exit.USAGE
    assert "spacy download en_core_web_trf" in capsys.readouterr().err


def test_a_damaged_catalog_is_named(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog = made / "dateline-warehouse" / "catalog.sqlite"
    with sqlite3.connect(catalog) as connection:
        connection.execute("DROP TABLE ducklake_metadata")
    assert dateline(monkeypatch, made, "sql", "select 1") == Exit.DAMAGED
    assert "catalog.sqlite" in capsys.readouterr().err


def test_a_wrong_date_is_refused(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (made / "a.jsonl").write_text(json.dumps({"id": "a", "text": "b"}))
    arguments = ("annotate", "a.jsonl", "--out", "o", "--published", "last week")
    assert dateline(monkeypatch, made, *arguments) == Exit.USAGE
    assert "2020-07-26" in capsys.readouterr().err


def test_extract_reads_pages_and_reports_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import pyarrow.parquet as pq

    paragraph = "<p>The harbour bridge closes on Monday for six weeks of repairs, it said.</p>"
    page = f"<html><head><title>Bridge closes</title></head><body>{paragraph * 4}</body></html>"
    (tmp_path / "good.html").write_text(page)
    (tmp_path / "empty.html").write_bytes(b"")
    arguments = ("extract", "good.html", "empty.html", "gone.html", "--out", "articles.parquet")
    assert dateline(monkeypatch, tmp_path, *arguments) == Exit.INPUT
    (row,) = pq.read_table(tmp_path / "articles.parquet").to_pylist()
    assert row["path"] == "good.html"
    assert "six weeks of repairs" in row["text"]
    message = capsys.readouterr().err
    assert "empty.html is empty" in message
    assert "gone.html" in message
