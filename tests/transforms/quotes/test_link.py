"""Speakers joined to the entities of their names."""

from __future__ import annotations

import pandas as pd

from transforms.quotes.link import link_speakers


def _mentions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "article_id": ["a", "a", "a", "b"],
            "start": [0, 10, 20, 20],
            "type": ["ORG", "ORG", "PERSON", "PERSON"],
            "canonical_name": ["Pentagon", "Anna Weber", "Anna Weber", "Other Name"],
            "entity_id": ["e1", "e2", "e3", "e4"],
        }
    )


def _quotes(**columns: list[object]) -> pd.DataFrame:
    base: dict[str, list[object]] = {
        "article_id": ["a"],
        "speaker_name": [None],
        "speaker_entity_id": [None],
    }
    return pd.DataFrame({**base, **columns})


def test_a_name_gets_its_entity_and_a_person_comes_before_a_body_of_the_name() -> None:
    row = link_speakers(_quotes(speaker_name=["Pentagon"]), _mentions()).iloc[0]
    assert row.speaker_entity_id == "e1"
    row = link_speakers(_quotes(speaker_name=["Anna Weber"]), _mentions()).iloc[0]
    assert row.speaker_entity_id == "e3"


def test_the_names_of_other_articles_do_not_count() -> None:
    row = link_speakers(_quotes(speaker_name=["Other Name"]), _mentions()).iloc[0]
    assert row.speaker_entity_id is None


def test_an_entity_already_known_stays_and_an_unknown_speaker_stays_null() -> None:
    known = _quotes(speaker_name=["Pentagon"], speaker_entity_id=["e9"])
    assert link_speakers(known, _mentions()).iloc[0].speaker_entity_id == "e9"
    row = link_speakers(_quotes(), _mentions()).iloc[0]
    assert row.speaker_name is None
    assert row.speaker_entity_id is None


def test_no_quotes_or_mentions_change_nothing() -> None:
    assert link_speakers(_quotes().iloc[:0], _mentions()).empty
    assert len(link_speakers(_quotes(), _mentions().iloc[:0])) == 1
