"""`dateline annotate` streams JSONL and survives what is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import annotate as annotating
from flows.cli import main
from transforms.text import Text
from warehouse.tables import FACTS, arrow_schema

GOOD = {
    "id": "b-1",
    "title": "Valencia fire spread from a kitchen: mayor",
    "text": "Mayor Ana Ruiz said on Monday that at least 12 houses burned in Valencia.",
    "published_at": "2026-03-12",
    "language": "en",
}


def annotate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: bytes) -> tuple[int, Path]:
    source = tmp_path / "docs.jsonl"
    source.write_bytes(body)
    out = tmp_path / "out"
    arguments = ["dateline", "annotate", str(source), "--out", str(out), "--workers", "1"]
    monkeypatch.setattr("sys.argv", arguments)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0), out


def test_every_table_is_written_with_the_declared_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out = annotate(tmp_path, monkeypatch, json.dumps(GOOD).encode())
    assert code == 0
    for table in FACTS:
        stored = pq.read_table(out / f"{table.name}.parquet")
        assert stored.schema.names == arrow_schema(table.columns).names
        assert stored.num_rows > 0 or table.name in (
            "inner_places",
            "coreferences",
            "quotes",
            "nested_quotes",
            "claims",
            "events",
        )
        for row in stored.to_pylist():
            assert row["article_id"] == "b-1"
            words = GOOD["title"] if table.spans == "headline" else GOOD["text"]
            assert row["surface"] == words[row["start"] : row["end"]]
    assert not (out / "rejected.jsonl").exists()


def test_bad_lines_are_kept_with_their_reason_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        b"garbage in the middle",
        b'{"id": "no-text"}',
        b'{"id": "\xff", "text": "broken encoding"}',
        b'{"id": "d", "text": "x", "published_at": "the other day"}',
        b"[1, 2]",
    ]
    good = json.dumps(GOOD).encode()
    code, out = annotate(tmp_path, monkeypatch, b"\n".join([good, *bad, b"", good]))
    assert code == 4
    rejected = [json.loads(line) for line in (out / "rejected.jsonl").read_text().splitlines()]
    assert [r["rule"] for r in rejected] == [
        "json", "missing_field", "encoding", "bad_date", "not_an_object",
    ]  # fmt: skip
    assert [r["where"].rsplit(":", 1)[1] for r in rejected] == ["2", "3", "4", "5", "6"]
    assert rejected[0]["line"] == "garbage in the middle"
    assert pq.read_table(out / "times.parquet").num_rows == 2
    assert "docs.jsonl:3" in capsys.readouterr().err


def test_other_languages_are_skipped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"id": "g", "text": "Am Montag brannten zwölf Häuser.", "language": "de"}
    code, out = annotate(tmp_path, monkeypatch, json.dumps(line).encode())
    assert code == 0
    assert pq.read_table(out / "times.parquet").num_rows == 0
    assert "1 in other languages" in capsys.readouterr().out


def test_without_a_date_relative_times_stay_unresolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"id": "u", "text": "The council met on July 25.", "language": "en"}
    _, out = annotate(tmp_path, monkeypatch, json.dumps(line).encode())
    (row,) = pq.read_table(out / "times.parquet").to_pylist()
    assert (row["timex_value"], row["start_at"]) == ("XXXX-07-25", None)


def test_an_empty_file_gives_empty_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out = annotate(tmp_path, monkeypatch, b"")
    assert code == 0
    assert pq.read_table(out / "mentions.parquet").num_rows == 0


def test_the_policy_for_vague_words_reaches_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_VAGUE_POLICY", "low")
    line = {"id": "v", "text": "Dozens of sheep escaped.", "language": "en"}
    _, out = annotate(tmp_path, monkeypatch, json.dumps(line).encode())
    (row,) = pq.read_table(out / "quantities.parquet").to_pylist()
    assert (row["value"], row["rule"]) == (12, "count.vague-low")


def test_a_text_that_we_fail_on_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = annotating.annotate

    def fails(texts: Sequence[Text], *more: Any) -> Any:
        if any(text.article_id == "b-2" for text in texts):
            raise IndexError("list index out of range")
        return real(texts, *more)

    monkeypatch.setattr(annotating, "annotate", fails)
    lines = [json.dumps(GOOD | {"id": f"b-{n}"}) for n in range(1, 6)]
    code, out = annotate(tmp_path, monkeypatch, "\n".join(lines).encode())
    assert code == 4
    quantities = pq.read_table(out / "quantities.parquet").to_pylist()
    assert [row["article_id"] for row in quantities] == ["b-1", "b-3", "b-4", "b-5"]
    (reject,) = map(json.loads, (out / "rejected.jsonl").read_text().splitlines())
    assert (reject["rule"], reject["line"]) == ("fault", lines[1])
    assert "IndexError: list index out of range" in reject["reason"]
    assert "IndexError" in capsys.readouterr().err
