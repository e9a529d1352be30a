"""The data dictionary in docs/ says what the declaration says."""

from pathlib import Path

from warehouse.dictionary import sql_markdown, to_markdown
from warehouse.tables import TABLES


def test_docs_match_the_declaration() -> None:
    stored = Path(__file__).parents[2] / "docs" / "data-dictionary.md"
    assert stored.read_text(encoding="utf-8") == to_markdown(), "run `make dictionary`"


def test_docs_match_the_views_and_macros() -> None:
    stored = Path(__file__).parents[2] / "docs" / "sql.md"
    assert stored.read_text(encoding="utf-8") == sql_markdown(), "run `make dictionary`"


def test_every_column_is_described() -> None:
    for table in TABLES:
        assert table.description
        for column in table.published:
            assert column.description, f"{table.name}.{column.name}"
