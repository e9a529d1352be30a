"""Views and macros: in a session of ours, and in the file that other clients open."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.run import stage_records
from tests.warehouse.conftest import unpack
from warehouse.lake import Warehouse, connect, create, load_extensions
from warehouse.migrate import migrate
from warehouse.publish import keep_records
from warehouse.search import index_texts
from warehouse.tables import CHECKS, RUNS
from warehouse.views import FILES, FOLDER, Definition, attach_line, find_definitions

DEFINITIONS = list(find_definitions())


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with facts, a copied story and a correction."""
    warehouse = unpack("0.1.0", tmp_path_factory.mktemp("views") / "news")
    migrate(warehouse)
    index_texts(warehouse)
    return warehouse


@pytest.fixture(scope="module")
def session(news: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(news) as connection:
        yield connection


def test_every_file_is_loaded_and_every_definition_documented() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(FILES)
    created = sum(
        line.startswith("CREATE ")
        for path in FOLDER.glob("*.sql")
        for line in path.read_text(encoding="utf-8").splitlines()
    )
    assert created == len(DEFINITIONS)
    assert [d.name for d in DEFINITIONS if not (d.description and d.title and d.example)] == []


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: d.name)
def test_every_example_is_answered(
    definition: Definition, session: duckdb.DuckDBPyConnection
) -> None:
    assert definition.name in definition.example
    assert session.execute(definition.example).description


def ask(session: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return session.execute(query).fetchall()


def test_as_of_gives_what_was_known_then(session: duckdb.DuckDBPyConnection) -> None:
    known = "(SELECT min(recorded_at) FROM lake.article_versions)"
    then = ask(session, f"SELECT text FROM as_of('article_versions', {known})")
    assert sum("At least 12 people were killed" in text for (text,) in then) == 2
    assert not any("At least 14" in text for (text,) in then)
    figures = "SELECT value FROM as_of('claims', {}) WHERE happening = 'killed' ORDER BY ALL"
    assert (14.0,) not in ask(session, figures.format(known))
    assert (14.0,) in ask(session, figures.format("now()"))
    everything = ask(session, "SELECT count(*) FROM as_of(now())")
    assert everything == ask(session, "SELECT count(*) FROM facts")


def test_a_row_is_traced_to_its_sentence_and_to_the_archive(
    session: duckdb.DuckDBPyConnection,
) -> None:
    rows = "SELECT quantity_id, surface FROM lake.quantities WHERE surface LIKE '%12 people%'"
    rows = "SELECT quantity_id FROM lake.quantities WHERE value = 12 ORDER BY superseded_at LIMIT 1"
    ((key,),) = ask(session, rows)
    ((sentence, file, superseded),) = ask(
        session,
        f"SELECT sentence_text, archive_file, superseded_at IS NOT NULL FROM trace('{key}')",
    )
    assert "12" in sentence
    assert file.endswith(".warc.gz")
    assert superseded
    ((before, surface, after),) = ask(
        session, f"SELECT before, surface, after FROM text_at('{key}', 9)"
    )
    assert before + surface + after in sentence
    assert len(before) == len(after) == 9


def test_entities_with_their_company_and_numbers(session: duckdb.DuckDBPyConnection) -> None:
    company = ask(session, "SELECT entity_name, sentences FROM co_mentions('Karin Dahl')")
    assert ("Nordic Pulp", 0) in company
    jobs = ask(session, "SELECT low, concept FROM number_series('Nordic Pulp', 'job')")
    assert jobs == [(450.0, "jobs")]
    assert ask(session, "SELECT low FROM number_series('Nordic Pulp', 'whale')") == []


def test_search_ranks_and_knows_phrases(session: duckdb.DuckDBPyConnection) -> None:
    found = "SELECT rank, headline, excerpt FROM search('{}')"
    ((rank, headline, excerpt),) = ask(session, found.format("mills closing"))
    assert (rank, headline) == (1, "Paper mill to close")
    assert "mill in Sweden" in excerpt
    assert len(ask(session, found.format('"coast guard captain"'))) == 2
    assert ask(session, found.format('"captain coast"')) == []
    assert len(ask(session, found.format("ferry OR mill"))) == 3
    # a corrected text is found by its new words only
    assert len(ask(session, found.format('"At least 14"'))) == 1


def test_gkg_holds_counts_quotations_and_dates(session: duckdb.DuckDBPyConnection) -> None:
    (row,) = ask(
        session,
        'SELECT "V2.1COUNTS", "V2.1QUOTATIONS", "V2.1ENHANCEDDATES", "V2.1AMOUNTS" FROM gkg'
        " WHERE \"V2DOCUMENTIDENTIFIER\" LIKE '%coast.example%'",
    )
    counts, quotations, dates, amounts = row
    kill = counts.split(";")[0].split("#")
    assert kill[:3] == ["KILL", "12", "people"]
    assert len(kill) == 11
    assert "We pulled 210 people" in quotations
    assert "3#3#9#2026" in dates
    assert "340.0,passengers" in amounts


def test_any_client_has_them_after_one_line_wherever_the_folder_is(
    news: Warehouse, session: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    moved = tmp_path / "else where"
    shutil.copytree(news.root, moved)
    for path in moved.joinpath("data").rglob("*.parquet"):
        assert path.is_file()
    query = "SELECT count(*), count(sentence_text) FROM facts"
    with duckdb.connect(str(moved / "dateline.duckdb"), read_only=True) as client:
        client.execute("SET TimeZone = 'UTC'")
        load_extensions(client)
        client.execute(attach_line(moved))
        assert client.execute(query).fetchall() == ask(session, query)
        assert client.execute("SELECT count(*) FROM search('mill')").fetchall() == [(1,)]
        for definition in DEFINITIONS:
            client.execute(definition.example)
        files = client.execute("SELECT data_file FROM ducklake_list_files('lake', 'times')")
        assert all(str(moved) in file for (file,) in files.fetchall())


def test_a_session_does_without_the_file_of_views(news: Warehouse, tmp_path: Path) -> None:
    other = Warehouse(tmp_path / "w")
    shutil.copytree(news.root, other.root)
    query = "SELECT count(*) FROM facts"
    with duckdb.connect(str(other.views)), connect(other) as connection:  # held by a writer
        assert connection.execute(query).fetchone() != (0,)
    other.views.write_bytes(b"no database")
    with connect(other) as connection:
        assert connection.execute(query).fetchone() != (0,)
    create(other)  # as every ingest does: makes it anew
    with connect(other) as connection:
        assert connection.execute("SELECT views.main.views_key()").fetchone()
        assert connection.execute(query).fetchone() != (0,)


def test_what_a_journal_changes_is_seen_through_every_view(news: Warehouse, tmp_path: Path) -> None:
    other = Warehouse(tmp_path / "w")
    shutil.copytree(news.root, other.root)
    with connect(other) as connection:
        (run,) = connection.execute("FROM runs LIMIT 1").to_arrow_table().to_pylist()
    later = run["started_at"] + timedelta(days=1)
    stage_records(other, "later", RUNS, [run | {"run_id": "later", "started_at": later}])
    check = {"run_id": "later", "table_name": "times", "expectation": "e", "source_id": "*",
             "description": "d", "severity": "info", "owner": "pipeline", "success": False,
             "rows_checked": 1, "rows_failed": 1}  # fmt: skip
    stage_records(other, "later", CHECKS, [check])
    keep_records(other, "later")

    asked = [d for d in DEFINITIONS if re.search("run|check|source|stor", d.name)]

    def answers() -> dict[str, Any]:
        with connect(other) as connection:
            path = connection.execute("SELECT current_setting('search_path')").fetchone()
            rows = {d.name: connection.execute(d.example).fetchall() for d in asked}
        return {name: sorted(map(str, found)) for name, found in rows.items()} | {"path": path}

    by_file = answers()
    other.views.write_bytes(b"no database")
    anew = answers()
    assert "views.main" in str(by_file.pop("path"))
    assert "views.main" not in str(anew.pop("path"))
    assert by_file == anew
    assert len(by_file["failing_checks"]) == 1


def test_the_index_of_words_follows_the_lake(news: Warehouse, tmp_path: Path) -> None:
    other = Warehouse(tmp_path / "w")
    shutil.copytree(news.root, other.root)
    assert index_texts(other) == 0
    with connect(other, read_only=False) as connection:
        connection.execute("DELETE FROM lake.article_versions WHERE url LIKE '%mill'")
    assert index_texts(other) == 3  # made anew: a text is gone
    with connect(other) as connection:
        assert ask(connection, "SELECT count(*) FROM search('mill')") == [(0,)]
        assert ask(connection, "SELECT count(*) FROM search('ferry')") == [(2,)]
    other.search.write_bytes(b"damaged")
    assert index_texts(other) == 3
