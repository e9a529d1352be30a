"""Denials and the claims they answer."""

from __future__ import annotations

import pytest

from tests.transforms.claims.test_find import told
from transforms.language.pipeline import SpacyPipeline
from warehouse.tables import Claim


def _pair(language: SpacyPipeline, words: str) -> tuple[Claim, Claim]:
    first, *_, last = [c for c in told(language, words)[0] if c.stance == "deny" or c.value]
    return first, last


@pytest.mark.parametrize(
    "words",
    [
        "Villagers said troops had killed 16 herders. The army said that was untrue.",
        "Villagers said troops had killed 16 herders. There was no truth to the claim, it said.",
        "Villagers said troops had killed 16 herders. The army called the report baseless.",
        "Villagers said troops had killed 16 herders. A colonel denied that anyone was killed.",
        "Nurses said 16 patients had died. The governor disputed the toll.",
    ],
)
def test_a_denial_answers_the_claim_before_it(language: SpacyPipeline, words: str) -> None:
    claim, denial = _pair(language, words)
    assert (claim.stance, denial.stance) == ("assert", "deny")
    assert denial.answers_id is not None
    assert denial.happening == claim.happening


@pytest.mark.parametrize(
    "words",
    [
        "Villagers said troops had killed 16 herders. The army said that was not untrue.",
        "The bank lost 9 million euros, a clerk said. The mayor disputed the toll.",
        "Nurses said 16 patients had died. It rained for a week. The mayor said that was a lie.",
    ],
)
def test_what_answers_nothing_is_no_denial(language: SpacyPipeline, words: str) -> None:
    assert [c for c in told(language, words)[0] if c.answers_id is not None] == []


def test_another_count_of_the_same_is_no_denial(language: SpacyPipeline) -> None:
    words = "Doctors said 31 people died in a fire in Lome. The governor put the toll at 24."
    first, second = told(language, words)[0]
    assert (second.value, second.stance, second.asserter_surface) == (24, "assert", "The governor")
    assert second.place_mention_id == first.place_mention_id
    assert (first.place_from, second.place_from) == ("clause", "scene")
    assert second.counted is None


def test_a_place_before_the_speaker_is_that_of_what_is_said(language: SpacyPipeline) -> None:
    words = "Police said two people were hurt in Accra. In Lome, doctors said 14 people were hurt."
    first, second = told(language, words)[0]
    assert second.place_from == "clause"
    assert second.place_mention_id != first.place_mention_id
