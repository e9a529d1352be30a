"""What stands for a name, what does not, and one answer for any span."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.entities.find import find_mentions
from transforms.entities.references.find import Reference, find_references
from transforms.entities.references.referents import Referents
from transforms.entities.references.rows import to_rows
from transforms.language.pipeline import SpacyPipeline
from transforms.text import Text
from warehouse.tables import Mention


def read(language: SpacyPipeline, text: str) -> tuple[list[Mention], list[Reference]]:
    (document,) = language.parse([text])
    mentions = find_mentions(Text("a", "v", text), document)
    return mentions, find_references(document, mentions)


def meant(language: SpacyPipeline, text: str) -> dict[str, str]:
    """The words of the clear references with the names they stand for."""
    found = read(language, text)[1]
    return {text[r.start : r.end]: r.mention.canonical_name for r in found if r.is_clear}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Ruth Aberg leads the inquiry. She began in May.", {"She": "Ruth Aberg"}),
        ("Ruth Aberg met Ann Moe in Bergen. She was late.", {}),
        ("Ruth Aberg met Ole Moe in Bergen. He was late.", {"He": "Ole Moe"}),
        ("Ole Moe met him in Bergen.", {}),
        ("Since his election, Ole Moe has fallen ill.", {"his": "Ole Moe"}),
        ("Ole Moe, a biologist, is ill. The biologist is 40.", {"The biologist": "Ole Moe"}),
        ("Ole Moe, a biologist, counts eels. The biologist from Oslo found 900.", {}),
        ("Ole Moe and Karl Dahl, both biologists, met. The biologist was late.", {}),
        ("Biologist Ole Moe counts eels. Another biologist doubts it. The biologist is cross.", {}),
        ("Nordwind Airlines cut its fares.", {"its": "Nordwind Airlines"}),
        ("Nordwind Airlines bought a ferry and its crew.", {}),
        ("Nordwind Airlines said it was raining.", {}),
        ("Storms hit Zambia on Sunday. The country is poor.", {"The country": "Zambia"}),
    ],
)  # fmt: skip
def test_what_words_stand_for(language: SpacyPipeline, text: str, wanted: dict[str, str]) -> None:
    assert meant(language, text) == wanted


def test_a_doubtful_guess_is_no_row_but_an_answer(language: SpacyPipeline) -> None:
    text = "Ruth Aberg met Ann Moe in Bergen. She was late."
    mentions, references = read(language, text)
    assert to_rows(Text("a", "v", text), references) == []
    (guess,) = references
    referent = Referents(mentions, references).of(guess.start, guess.end)
    assert referent is not None
    assert (referent.form, referent.name, referent.is_clear) == ("pronoun", "Ruth Aberg", False)


def test_one_answer_for_names_and_what_stands_for_them(language: SpacyPipeline) -> None:
    text = "Ole Moe, a biologist, counts eels. The biologist said he was tired."
    referents = Referents(*read(language, text))
    for words, form in (("Ole Moe", "name"), ("The biologist", "description"), ("he", "pronoun")):
        start = text.rindex(words)
        referent = referents.of(start, start + len(words))
        assert referent is not None
        assert (referent.form, referent.name) == (form, "Ole Moe")
        assert referents.at(start + 1) == referent
    assert referents.of(0, 3) is None
    assert referents.at(text.index("eels")) is None


WORDS = st.sampled_from(
    ["Ole", "Moe", "Ruth", "Nordwind", "Ltd", "he", "she", "his", "it", "its", "they", "the",
     "company", "biologist", "said", "met", ",", ".", '"', "and", "in", "Oslo"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=40))
def test_any_text_is_read_and_rows_are_apart(language: SpacyPipeline, words: list[str]) -> None:
    text = " ".join(words)
    mentions, references = read(language, text)
    rows = to_rows(Text("a", "v", text), references)
    assert [r.start for r in rows] == sorted({r.start for r in rows})
    spans = {(m.start, m.end) for m in mentions}
    assert all((r.start, r.end) not in spans for r in references)
    assert all(r.mention in mentions for r in references)
