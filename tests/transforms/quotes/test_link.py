"""Speakers joined to the mentions inside their words."""

from __future__ import annotations

import pandas as pd

from transforms.quotes.link import link_speakers


def _mentions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": ["a", "a", "b"],
            "start": [0, 20, 20],
            "end": [8, 30, 30],
            "type": ["ORG", "PERSON", "PERSON"],
            "canonical_name": ["Pentagon", "Anna Weber", "Other Name"],
            "entity_id": ["e1", "e2", "e3"],
        }
    )


def _quotes(**columns: list[object]) -> pd.DataFrame:
    base: dict[str, list[object]] = {
        "article_id": ["a"],
        "speaker_start": [0],
        "speaker_end": [30],
        "speaker_name": [None],
        "speaker_entity_id": [None],
    }
    return pd.DataFrame({**base, **columns})


def test_a_person_comes_before_the_organisation_in_the_same_words() -> None:
    row = link_speakers(_quotes(), _mentions()).iloc[0]
    assert (row.speaker_name, row.speaker_entity_id) == ("Anna Weber", "e2")


def test_a_name_already_resolved_gets_its_entity() -> None:
    quotes = _quotes(speaker_start=[50], speaker_end=[53], speaker_name=["Pentagon"])
    row = link_speakers(quotes, _mentions()).iloc[0]
    assert (row.speaker_name, row.speaker_entity_id) == ("Pentagon", "e1")


def test_an_unknown_speaker_stays_null() -> None:
    quotes = _quotes(speaker_start=[None], speaker_end=[None])
    row = link_speakers(quotes, _mentions()).iloc[0]
    assert row.speaker_name is None
    assert row.speaker_entity_id is None


def test_no_quotes_or_mentions_change_nothing() -> None:
    assert link_speakers(_quotes().iloc[:0], _mentions()).empty
    assert len(link_speakers(_quotes(), _mentions().iloc[:0])) == 1
