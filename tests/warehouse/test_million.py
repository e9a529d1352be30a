"""The generated warehouse of the benchmarks, small: every question of them is answered."""

from __future__ import annotations

from pathlib import Path

from benchmarks import million, questions
from warehouse.lake import Warehouse, connect


def test_each_question_is_answered_and_few_texts_are_read(tmp_path: Path) -> None:
    warehouse = Warehouse(tmp_path / "w")
    million.make(warehouse, articles=200, entities=1_000)
    rows = {name: count for name, count, _ in million.measure(warehouse)}
    assert rows["article_versions"] == 200
    assert sum(rows[n] for n in ("mentions", "quantities", "times", "quotes")) > 20 * 200
    with connect(warehouse) as connection:
        asked = [title for title, *_ in questions.ask(connection, runs=1)]
        assert asked == list(questions.QUESTIONS)
        name, row = questions.subjects(connection)
        wrong = connection.execute(
            f"SELECT row_id FROM trace('{row}') WHERE sentence_text IS NULL OR row_id <> '{row}'"
        ).fetchall()
        assert wrong == []
        plan = connection.execute(
            "EXPLAIN " + questions.QUESTIONS["all mentions of a person"].format(name=name)
        ).fetchall()[0][1]
        assert "article_versions" not in plan
