"""The language of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.article.language import find_language, to_code

ENGLISH = "Some four hundred commuters waited for buses that came late in the evening. " * 2
GERMAN = "Die Fähren über den Fluss fuhren am Montag nicht mehr. " * 3
DANISH = "Færgerne sejlede ikke mandag, og passagererne ventede på busserne i regnen. " * 2
NORWEGIAN = "Fergene gikk ikke mandag, og passasjerene ventet på bussene i regnet. " * 2


def test_the_text_decides() -> None:
    assert find_language(ENGLISH) == "en"
    assert find_language(GERMAN, ["en-US"]) == "de"
    assert find_language("Short.") is None
    assert find_language("Short.", ["", "*", "en-GB"]) == "en"


def test_a_declared_language_counts_among_close_ones() -> None:
    assert find_language(DANISH, ["da-DK"]) == "da"
    assert find_language(NORWEGIAN, ["nb-NO"]) == "no"
    ambiguous = "Det er en stor dag for byen, og alle er glade for det. "
    assert {find_language(ambiguous, [tag]) for tag in ("da", "nb_NO")} == {"da", "no"}
    # a language that the text does not look like at all is the template's
    assert find_language(DANISH, ["en"]) == "da"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("フェリーは月曜日に止まった。市長は何も言わなかった。", "ja"),
        ("페리는 월요일에 멈췄다. 시장은 아무 말도 하지 않았다.", "ko"),
        ("渡轮星期一停驶。市长什么也没说，乘客在雨中等待公共汽车。", "zh"),
        ("Τα πλοία σταμάτησαν τη Δευτέρα και ο δήμαρχος δεν είπε τίποτα.", "el"),
        ("המעבורות עצרו ביום שני וראש העיר לא אמר דבר על כך.", "he"),
    ],
)
def test_a_script_that_one_language_writes(text: str, language: str) -> None:
    assert find_language(text * 2, ["en"]) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-GB", "en"), ("nb_NO", "no"), ("de", "de"), ("iw", "he"), ("English", None), ("", None)],
)
def test_tags(tag: str, code: str | None) -> None:
    assert to_code(tag) == code


@given(st.text(max_size=300), st.lists(st.text(max_size=8) | st.just("sv-SE"), max_size=2))
def test_any_text_gives_a_code_or_none(text: str, declared: list[str]) -> None:
    found = find_language(text, declared)
    assert found is None or (found.isalpha() and found.islower() and len(found) in (2, 3))
