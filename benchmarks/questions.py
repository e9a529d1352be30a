# ruff: noqa: E501 - SQL
"""Twelve questions to a warehouse of a million articles: seconds of each, warm.

`python -m benchmarks.million make FOLDER`, then `python -m benchmarks.questions FOLDER`. Beside the
wall time stand CPU seconds, which tell more where the machine has other work; with `--plans` the
plan of each question is printed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from warehouse.lake import Warehouse, connect

LIMIT = 1.0
"""Seconds on two cores."""
QUESTIONS = {
    "articles of a day by source": """
        SELECT source_id, count(*) AS articles FROM article_facts
        WHERE published_at >= '2025-03-05' AND published_at < '2025-03-06' GROUP BY ALL""",
    "stories that most outlets ran, of a week": """
        SELECT story_id, count(DISTINCT source_id) AS outlets, min(headline) FROM article_facts
        WHERE published_at >= '2025-03-03' AND published_at < '2025-03-10'
        GROUP BY ALL ORDER BY outlets DESC LIMIT 20""",
    "the dead and wounded in a country on a day": """
        SELECT happening, count(*), min(coalesce(value_low, value)), max(coalesce(value_high, value))
        FROM claims WHERE country_code = 'NE' AND happening IN ('killed', 'wounded')
        AND happened_from >= '2025-03-01' AND happened_from < '2025-03-02' GROUP BY ALL""",
    "all mentions of a person": "SELECT count(*), count(DISTINCT article_id) FROM mentions_of('{name}')",
    "the words of a person": "SELECT published_at, cue, surface FROM quotes_of('{name}')",
    "the claims of a person": "SELECT happening, low, high, sentence_text FROM claims_by('{name}')",
    "countries by mentions": """
        SELECT country_code, count(*) FROM mentions WHERE country_code IS NOT NULL GROUP BY ALL""",
    "sums of money by month": """
        SELECT date_trunc('month', recorded_at) AS month, count(*), median(value) FROM quantities
        WHERE kind = 'money' GROUP BY ALL ORDER BY month""",
    "where a number comes from": "SELECT surface, sentence_text, url FROM trace('{row}')",
    "what was known of a day's quantities at a time": """
        SELECT kind, count(*) FROM as_of('quantities', '2025-01-03 02:00:00+00') GROUP BY ALL""",
    "whom a person is named with": "SELECT * FROM co_mentions('{name}') LIMIT 20",
    "numbers said of a person over time": "SELECT * FROM number_series('{name}', 'ba')",
}


def ask(connection: duckdb.DuckDBPyConnection, runs: int = 3) -> Iterator[tuple[str, float, float]]:
    """Each question with its best wall time and CPU time, after a first, cold run."""
    name, row = subjects(connection)
    for title, query in QUESTIONS.items():
        query = query.format(name=name, row=row)
        connection.execute(query).fetchall()
        walls, cpus = [], []
        for _ in range(runs):
            wall, cpu = time.perf_counter(), time.process_time()
            connection.execute(query).fetchall()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        yield title, min(walls), min(cpus)


def subjects(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    """A person of middling fame, and a row in the middle."""
    found = connection.execute(
        "SELECT (SELECT name FROM entities WHERE type = 'PERSON' ORDER BY entity LIMIT 1 OFFSET 70),"
        " (SELECT quantity_id FROM quantities LIMIT 1 OFFSET (SELECT count(*) // 2 FROM quantities))"
    ).fetchone()
    assert found is not None
    return found[0], found[1]


if __name__ == "__main__":
    with connect(Warehouse(Path(sys.argv[1]).absolute())) as session:
        if "--plans" in sys.argv:
            subject, fact = subjects(session)
            for question, statement in QUESTIONS.items():
                print(f"\n{question}")
                (plan,) = session.execute(
                    "EXPLAIN " + statement.format(name=subject, row=fact)
                ).fetchall()
                print(plan[1])
        for question, seconds, cpu_seconds in ask(session):
            print(f"{seconds:6.2f} s  {cpu_seconds:6.2f} CPU s  {question}", flush=True)
