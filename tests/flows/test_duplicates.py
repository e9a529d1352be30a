"""`dateline duplicates`."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows import duplicates
from flows.cli import app
from flows.duplicates import find_duplicates, pairs_path
from flows.progress import silent

STORY = " ".join(
    f"The {kind} ferry of the {n * 3} o'clock line left the {kind} quay with {n * 17} people."
    for n, kind in enumerate(["old", "new", "red", "blue", "fast", "slow", "last", "first"], 1)
)
LINES: list[dict[str, Any]] = [
    {"id": "c", "text": STORY + " More follows.", "published_at": "2026-03-04"},
    {"id": "a", "text": "OSLO (Reuters) - " + STORY, "published_at": "2026-03-03"},
    {"id": "b", "text": STORY.upper(), "published_at": "2026-03-05"},
    {"id": "d", "text": STORY, "published_at": "2026-03-06"},
    {"id": "e", "text": "Snow closed the pass for a week and the post went by sledge."},
]


def put(path: Path, lines: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_documents_and_pairs_are_written(tmp_path: Path) -> None:
    documents = put(tmp_path / "docs.jsonl", LINES)
    with documents.open("a", encoding="utf-8") as handle:
        handle.write("not JSON\n")
    out = tmp_path / "out" / "stories.parquet"
    ran = CliRunner().invoke(app, ["duplicates", str(documents), "--out", str(out)])
    assert ran.exit_code == 4
    assert "docs.jsonl:6" in ran.output
    rows = pq.read_table(out).to_pylist()
    assert [(r["article_id"], r["duplicate_cluster"], r["copies"]) for r in rows] == [
        ("c", "a", 4), ("a", "a", 4), ("b", "a", 4), ("d", "a", 4), ("e", "e", 1),
    ]  # fmt: skip
    assert rows[1]["agency"] == "Reuters"
    pairs = pq.read_table(pairs_path(out)).to_pylist()
    found = {(p["article_id"], p["other_article_id"]): p["similarity"] for p in pairs}
    assert set(found) == {(x, y) for x, y in ("ac", "ab", "ad", "cb", "cd", "bd")}
    assert found["b", "d"] == 1.0
    assert 0.8 < found["a", "c"] < 1.0


@pytest.mark.parametrize("processes", [1, 2])
def test_order_batches_and_processes_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    chance = random.Random(processes)
    lines = [{**line, "id": f"{line['id']}{n}"} for n in range(3) for line in LINES]
    find_duplicates(
        [put(tmp_path / "one", lines)], tmp_path / "one.parquet", processes=1, report=silent
    )
    chance.shuffle(lines)
    monkeypatch.setattr(duplicates, "BATCH", 4)
    find_duplicates(
        [put(tmp_path / "two", lines)], tmp_path / "two.parquet", processes=processes, report=silent
    )
    for name in ("{}.parquet", "{}.pairs.parquet"):
        one, two = (
            sorted(map(str, pq.read_table(tmp_path / name.format(which)).to_pylist()))
            for which in ("one", "two")
        )
        assert one == two


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    ran = CliRunner().invoke(
        app, ["duplicates", str(tmp_path / "no"), "--out", str(tmp_path / "o")]
    )
    assert ran.exit_code == 2
