"""Offices said with names, and places that act."""

from __future__ import annotations

import pytest

from transforms.entities.find import find_mentions
from transforms.language.pipeline import SpacyPipeline
from transforms.text import Text
from warehouse.tables import Mention


def mentions_of(language: SpacyPipeline, text: str) -> dict[str, Mention]:
    (document,) = language.parse([text])
    return {text[m.start : m.end]: m for m in find_mentions(Text("a", "v", text), document)}


@pytest.mark.parametrize(
    ("text", "name", "title", "served"),
    [
        (
            "Norwegian Foreign Minister Mira Okafor arrived on Monday.",
            "Mira Okafor", "Norwegian Foreign Minister", "Norwegian",
        ),
        (
            "Mira Okafor, the chairman of Northern Ferries Ltd, resigned on Monday.",
            "Mira Okafor", "chairman of Northern Ferries Ltd", "Northern Ferries Ltd",
        ),
        ("The strike ended, economist Jens Berg said.", "Jens Berg", "economist", None),
        ("Jens Berg walked home in the rain.", "Jens Berg", None, None),
    ],
)  # fmt: skip
def test_an_office_and_whom_it_serves(
    language: SpacyPipeline, text: str, name: str, title: str | None, served: str | None
) -> None:
    row = mentions_of(language, text)[name]
    assert (row.title, row.title_of) == (title, served)


def test_a_capital_that_speaks_is_a_government(language: SpacyPipeline) -> None:
    rows = mentions_of(language, "Moscow rejected the offer. Snow fell in Paris all day.")
    assert rows["Moscow"].role == "actor"
    assert rows["Paris"].role == "place"
