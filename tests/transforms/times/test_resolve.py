"""Values by the tense that governs the expression."""

from datetime import datetime

import pytest

from transforms.times.grammar import find_matches
from transforms.times.lexicon import find_lexemes
from transforms.times.reading import Setting
from transforms.times.resolve import resolve


@pytest.mark.parametrize(
    ("words", "published", "tense", "value"),
    [
        ("the summer", datetime(2021, 12, 3), 1, "2022-SU"),
        ("the summer", datetime(2021, 12, 3), -1, "2021-SU"),
        ("the fall", datetime(2021, 5, 3), 1, "2021-FA"),
        ("the fall", datetime(2021, 5, 3), -1, "2020-FA"),
        ("Easter", datetime(2021, 3, 30), -1, "2021-04-04"),
        ("Easter", datetime(2021, 3, 1), -1, "2020-04-12"),
        ("June", datetime(2021, 5, 3), -2, "2020-06"),
        ("June", datetime(2021, 5, 3), -1, "2021-06"),
        ("June", datetime(2021, 5, 3), 1, "2021-06"),
        ("the first Monday in June", datetime(2021, 5, 3), 1, "2021-06-07"),
        ("the first Monday in March", datetime(2021, 5, 3), 1, "2022-03-07"),
        ("the first Monday in March", datetime(2021, 5, 3), -1, "2021-03-01"),
    ],
)
def test_the_tense_says_which_year(words: str, published: datetime, tense: int, value: str) -> None:
    lexemes = find_lexemes(words)
    (match,) = find_matches(lexemes.classes)
    found = resolve(match, lexemes, Setting(published, (), None, "in ", "", lambda: tense))
    assert found is not None
    assert found.value == value
