"""The lexemes of a text, read from its characters alone and with the help of its tokens."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from transforms.language.document import Document
from transforms.times.lexicon import find_lexemes

PIECES = (
    "May", "may", "Monday", "the", "last", "two", "years", "ago", "Jan.", "a.m.", "o'clock", "3",
    "2026", "'98", "1990s", "12:30", "2026-03-01", "1/2", "$5", "10", "%", "can't", "mid-June",
    "ferry", "Ferry", "St.", "No", ",", ".", "’s", "“", "”", "(", ")", "-", "…", "half", "past",
    "New", "Year", "Ⅷ", "é", "_", "Christmas", "Eve",
)  # fmt: skip
SPACES = ("", " ", "  ", "\n", "\n\n", " \n \n")


def tokenized(text: str, tokens: list[tuple[int, int]]) -> Document:
    words = [text[a:b] for a, b in tokens]
    count = len(words)
    return Document(
        text=text, words=words, starts=[a for a, _ in tokens], ends=[b for _, b in tokens],
        lowers=[w.lower() for w in words], lemmas=words, tags=[""] * count, pos=[""] * count,
        deps=[""] * count, heads=list(range(count)), sentences=[(0, count)] if count else [],
        names=[],
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(SPACES)), max_size=25),
    st.sets(st.integers(0, 200)),
)
def test_tokens_change_nothing(pieces: list[tuple[str, str]], cuts: set[int]) -> None:
    text = "".join(word + space for word, space in pieces)
    tokens = []
    for match in re.finditer(r"\S+", text):
        # wherever a tokenizer parts words
        places = sorted({*match.span(), *(c for c in cuts if match.start() < c < match.end())})
        tokens += list(pairwise(places))
    assert find_lexemes(text, tokenized(text, tokens)) == find_lexemes(text)
