"""Places inside the names of organisations."""

from __future__ import annotations

import pandas as pd

from transforms.annotate import annotate
from transforms.language.pipeline import SpacyPipeline
from transforms.text import Text


def rows_of(language: SpacyPipeline, text: str) -> dict[str, pd.DataFrame]:
    return annotate([Text("a", "v", text)], list(language.parse([text])))


def test_the_place_has_a_row_and_no_mention(language: SpacyPipeline) -> None:
    text = "The Salzburg Police Department searched the University of Leeds on Monday."
    frames = rows_of(language, text)
    inner = frames["inner_places"]
    assert inner["surface"].tolist() == ["Salzburg", "Leeds"]
    assert inner["country_code"].tolist() == ["AT", "GB"]
    assert [text[s:e] for s, e in zip(inner["start"], inner["end"], strict=True)] == [
        "Salzburg", "Leeds"
    ]  # fmt: skip
    outer = frames["mentions"].set_index("mention_id").loc[inner["mention_id"]]
    assert outer["surface"].tolist() == [
        "Salzburg Police Department", "University of Leeds"
    ]  # fmt: skip
    assert set(frames["mentions"]["type"]) == {"ORG"}


def test_a_short_form_without_the_place_has_no_row(language: SpacyPipeline) -> None:
    text = "The Leeds City Council met on Monday. Nordwind Ltd did not."
    frames = rows_of(language, text)
    assert len(frames["inner_places"]) == 1
    assert frames["inner_places"]["latitude"].notna().all()
