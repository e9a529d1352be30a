"""Every quantity of our sentences is found and said right, and none where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from transforms.entities.find import find_mentions
from transforms.language.pipeline import SpacyPipeline
from transforms.quantities.find import find_quantities
from transforms.text import Text
from transforms.times.find import find_times
from warehouse.tables import Quantity

CORPUS = Path(__file__).parent / "corpus"
Wanted = list[tuple[str, dict[str, str]]]


def lines(name: str) -> Iterator[str]:
    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def sentences() -> list[tuple[str, Wanted]]:
    """Each sentence with the surfaces of its quantities and what their rows say."""
    found: list[tuple[str, Wanted]] = []
    for line in lines("sentences.txt"):
        if line.startswith("\t"):
            _, surface, facts = line.split("\t")
            pairs = dict(fact.split("=", 1) for fact in facts.split(" "))
            found[-1][1].append((surface, pairs))
        else:
            found.append((line, []))
    return found


def rows_of(language: SpacyPipeline, body: str) -> list[Quantity]:
    (document,) = language.parse([body])
    text = Text(article_id="a", version="v", text=body)
    times, mentions = find_times(text, document), find_mentions(text, document)
    return find_quantities(text, document, times, mentions)


def said(body: str, row: Quantity, key: str) -> str | float | None:
    if key == "part_of":
        return None if row.part_of_start is None else body[row.part_of_start : row.part_of_end]
    value: str | float | None = getattr(row, key)
    return value


@pytest.mark.parametrize(("body", "wanted"), sentences(), ids=[b for b, _ in sentences()])
def test_every_quantity_of_a_sentence(language: SpacyPipeline, body: str, wanted: Wanted) -> None:
    rows = rows_of(language, body)
    assert [body[r.start : r.end] for r in rows] == [surface for surface, _ in wanted]
    for row, (_, facts) in zip(rows, wanted, strict=True):
        for key, want in facts.items():
            got = said(body, row, key)
            if isinstance(got, float):
                assert got == pytest.approx(float(want)), (key, row)
            else:
                assert str(got).replace(" ", "_") == want, (key, row)
        for key in ("modifier", "change", "negated", "part_of_start", "value_from"):
            plain = {"modifier": "exact", "change": "none", "negated": False}.get(key)
            if key.removesuffix("_start") not in facts:
                assert getattr(row, key) == plain, (key, row)


@pytest.mark.parametrize("body", list(lines("none.txt")))
def test_no_quantity_where_there_is_none(language: SpacyPipeline, body: str) -> None:
    assert [r for r in rows_of(language, body) if r.kind != "ordinal"] == []
