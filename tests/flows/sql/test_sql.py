"""`dateline sql`: forms of answers, errors that point, completion, and a session at the prompt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from flows.sql.complete import SqlCompleter
from flows.sql.explain import explain, mark
from flows.sql.form import write_answer
from flows.sql.names import find_names
from flows.sql.plot import to_bars
from flows.sql.prompt import HISTORY, Prompt, is_complete, open_prompt
from tests.empty import put_empty
from warehouse.lake import Warehouse, connect
from warehouse.search import index_texts


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    made = Warehouse(tmp_path_factory.mktemp("sql") / "lake")
    put_empty(made)
    return made


@pytest.fixture(scope="module")
def session(lake: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(lake) as connection:
        yield connection


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT 1\nFROM quantites", "no table quantites. Did you mean quantities?"),
        ("SELECT valu FROM quantities", "no column valu here. Did you mean value?"),
        ("SELECT cue_class FROM times", "It is a column of quotes, "),
        ("FROM casualtys('NE', '2026-01-01', '2027-01-01')", "Did you mean casualties?"),
        ("DELETE FROM lake.runs", "--write"),
        ("DELETE FROM articles", "change lake.TABLE"),
        ("UPDATE articles SET source_id = 'x'", "change lake.TABLE"),
        ("INSERT INTO articles SELECT * FROM articles", "change lake.TABLE"),
        ("SELEC 1", "syntax error"),
    ],
)
def test_errors_name_what_was_meant(
    query: str, words: str, session: duckdb.DuckDBPyConnection
) -> None:
    with pytest.raises(duckdb.Error) as failure:
        session.execute(query)
    assert words in explain(session, failure.value, query)


@pytest.mark.parametrize("words", ['"naxos', "naxos AND", "page:3"])
def test_words_that_no_search_can_read_are_told_how_to_be_written(
    words: str, lake: Warehouse
) -> None:
    index_texts(lake)
    query = f"SELECT * FROM search('{words}')"
    with connect(lake) as connection:
        with pytest.raises(duckdb.Error) as failure:
            connection.execute(query)
        assert "phrase" in explain(connection, failure.value, query)


def test_errors_point_at_the_place() -> None:
    query = "SELECT 1\nFROM  quantites q"
    assert mark(query, "quantites") == "\nline 2: FROM  quantites q\n              ^^^^^^^^^"
    assert mark(query, "nothing") == ""


def test_bars_are_drawn_to_scale_from_zero() -> None:
    day = date(2026, 3, 9)
    rows = [(day, 10), (day, 5.0), ("a long label that is cut off somewhere", None), (None, -5)]
    head, first, second, third, fourth = to_bars(["day", "n"], rows, 70).splitlines()
    assert head.split() == ["day", "n"]
    assert first.startswith("2026-03-09")
    full, half = first.count("█"), second.count("█")
    assert abs(full - 2 * half) <= 1
    assert first.index("█") == second.index("█") > fourth.index("█")
    assert third.strip().endswith("…")
    assert fourth.endswith("-5")
    assert max(map(len, (first, second, third, fourth))) <= 70
    assert "two columns" in to_bars(["a"], [(1,)])
    assert "two columns" in to_bars(["a", "b"], [(1, "x")])


def test_arrow_is_written_with_its_types(
    session: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    import pyarrow as pa

    write_answer(session, "SELECT 1::BIGINT AS n, ['a'] AS l", "arrow", tmp_path / "a.arrow")
    with pa.ipc.open_file(tmp_path / "a.arrow") as reader:
        assert reader.read_all().to_pylist() == [{"n": 1, "l": ["a"]}]


def complete(completer: SqlCompleter, before: str, after: str = "") -> list[str]:
    document = Document(before + after, len(before))
    return [c.text for c in completer.get_completions(document, CompleteEvent())]


def test_completion_knows_where_it_is(session: duckdb.DuckDBPyConnection) -> None:
    completer = SqlCompleter(find_names(session))
    assert complete(completer, "SELECT * FROM quan") == ["quantities", "quantity_facts"]
    assert complete(completer, "FROM casu") == ["casualties("]
    assert complete(completer, "SELECT val", " FROM quantities")[0] == "value"
    assert "speaker_name" not in complete(completer, "SELECT sp", " FROM quantities")
    assert complete(completer, "SELECT * FROM quotes q WHERE q.speaker_n") == ["q.speaker_name"]
    assert complete(completer, "SEL") == ["SELECT"]
    assert ".schema" in complete(completer, ".sc")
    assert complete(completer, ".schema quote_f") == ["quote_facts"]


def test_the_dot_commands_describe(
    session: duckdb.DuckDBPyConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(
        [".tables", ".schema quotes", ".examples wire", ".mode csv", "SELECT 1 AS n;", ".timer off",
         "SELECT x FROM runs;", ".example stories", ".schema storys", ".example quotes_off",
         ".nonsense", ".quit"]
    )  # fmt: skip
    Prompt(session, find_names(session), lambda _: next(lines)).loop()
    said = capsys.readouterr().out
    assert re.search(r"^  casualties\(place, from_, to_\) +Killed, wounded", said, re.M)
    assert re.search(r"^  cue_class +VARCHAR +what the cue does", said, re.M)
    assert "-- stories: stories that several outlets ran" in said
    assert "n\n1\n" in said
    assert re.search(r"^\d\.\d\d s$", said, re.M)
    assert "no column x here" in said
    assert "headline,agency,outlets,copies,sources" in said
    assert "no table, view or macro storys: did you mean stories" in said
    assert "no example quotes_off: did you mean quotes_of" in said
    assert ".help" in said


def test_a_session_at_the_terminal(lake: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        connect(lake) as connection,
        create_pipe_input() as keys,
        create_app_session(input=keys, output=DummyOutput()),
    ):
        # Enter within a statement makes a new line; Tab completes
        keys.send_text("SELECT 42 AS answer\rFROM range(1);\r.quit\r")
        open_prompt(connection, lake.root)
    assert "answer" in capsys.readouterr().out
    history = (lake.root / HISTORY).read_text(encoding="utf-8")
    assert "+SELECT 42 AS answer\n+FROM range(1);" in history


@pytest.mark.parametrize(
    ("text", "complete"), [("SELECT 1", False), ("a\nb; ", True), (".t", True)]
)
def test_a_statement_ends_with_a_semicolon(text: str, complete: bool) -> None:
    assert is_complete(text) == complete
