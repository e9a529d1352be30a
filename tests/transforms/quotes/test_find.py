"""Quotations found in parsed text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.language.document import Document
from transforms.language.pipeline import SpacyPipeline
from transforms.quotes.find import find_quotes
from transforms.text import Text, key_of
from warehouse.tables import Mention, NestedQuote, Quote


def _find(language: SpacyPipeline, text: str, names: tuple[str, ...] = ()) -> list[Quote]:
    (document,) = language.parse([text])
    mentions = [
        Mention(
            start=text.index(name),
            end=text.index(name) + len(name),
            rule="test",
            type="PERSON",
            canonical_name=name,
        )
        for name in names
    ]
    return find_quotes(Text("a", "v", text), document, mentions)


@pytest.mark.parametrize(
    ("text", "content", "kind", "speaker"),
    [
        ("“The bridge is safe,” the mayor said.", "The bridge is safe,", "direct", "mayor"),
        ('"The bridge is safe," said Anna Weber.', "The bridge is safe,", "direct", "Anna Weber"),
        (
            "The ministry said that the dam had failed.",
            "the dam had failed",
            "indirect",
            "ministry",
        ),
        (
            "According to police, two men robbed the bank.",
            "two men robbed the bank",
            "indirect",
            "police",
        ),
        (
            "The union warned that the plan would “ruin the harbour”.",
            "ruin the harbour",
            "mixed",
            "union",
        ),
    ],
)
def test_content_type_and_speaker(
    language: SpacyPipeline, text: str, content: str, kind: str, speaker: str
) -> None:
    (row,) = _find(language, text)
    assert content in text[row.start : row.end]
    assert row.quote_type == kind
    assert speaker in (row.speaker_surface or "")


def test_an_interrupted_quotation_gives_its_pieces(language: SpacyPipeline) -> None:
    text = "“We will rebuild the school,” Anna Weber said. “It will take about two years.”"
    rows = _find(language, text)
    assert [row.quote_type for row in rows] == ["direct", "direct"]
    assert {row.speaker_surface for row in rows} == {"Anna Weber"}


def test_words_in_marks_that_nobody_says_are_no_quotation(language: SpacyPipeline) -> None:
    assert _find(language, "The “smart” lamps light the old road at night.") == []


def test_a_pronoun_gets_the_name_before_it(language: SpacyPipeline) -> None:
    text = "Anna Weber opened the new bridge. She said that it was safe."
    (row,) = _find(language, text, ("Anna Weber",))
    assert (row.speaker_surface, row.speaker_name) == ("She", "Anna Weber")


def test_a_quoted_predicate_goes_to_who_spoke_before(language: SpacyPipeline) -> None:
    text = (
        "The envoy left for Geneva, the ministry said in a statement. In Geneva, he will "
        "“ask for the release of the crew.”"
    )
    assert _find(language, text)[-1].speaker_surface == "the ministry"


def test_a_quotation_runs_over_paragraphs(language: SpacyPipeline) -> None:
    text = (
        "“The bakery was never going to last,” Carla Roy said. “We told them in spring.\n\n"
        "“Nobody wanted to hear it. Now we are left with the bill.”"
    )
    rows = _find(language, text, ("Carla Roy",))
    assert len(rows) == 3
    assert {row.speaker_name for row in rows} == {"Carla Roy"}


def test_a_quotation_within_another_has_its_own_speaker(language: SpacyPipeline) -> None:
    text = "“The nurse looked up and said, ‘You must rest for a week,’ and left,” Otto Lind said."
    outer, inner = _find(language, text, ("Otto Lind",))
    assert (outer.speaker_name, outer.speaker_type) == ("Otto Lind", "person")
    assert text[inner.start : inner.end] == "You must rest for a week,"
    assert (inner.rule, inner.speaker_surface) == ("nested", "The nurse")
    assert [type(row) for row in (outer, inner)] == [Quote, NestedQuote]


def test_what_is_told_within_the_words_of_another_points_to_them(language: SpacyPipeline) -> None:
    text = "The council said that the mayor had admitted that the bridge was unsafe."
    outer, inner = _find(language, text)
    assert isinstance(inner, NestedQuote)
    assert not isinstance(outer, NestedQuote)
    assert inner.speaker_surface == "the mayor"
    assert inner.outer_quote_id == key_of("a", "v", "quotes", outer.start, outer.end, outer.rule)


def test_the_outermost_words_are_those_that_the_text_reports(language: SpacyPipeline) -> None:
    text = "Oxfam said that farmers claim that officials had promised that a well would be dug."
    outer, *inner = _find(language, text)
    key = key_of("a", "v", "quotes", outer.start, outer.end, outer.rule)
    assert len(inner) == 2
    assert {row.outer_quote_id for row in inner if isinstance(row, NestedQuote)} == {key}


@pytest.mark.parametrize(
    ("text", "kind", "does"),
    [
        ("Anna Weber denied that the bridge was closed.", "person", "deny"),
        ("The ministry confirmed that the bridge was closed.", "organisation", "confirm"),
        ("Witnesses said that the bridge was closed.", "unnamed", "say"),
        ("They warned that the bridge was closed.", "pronoun", "warn"),
        ("The bridge was closed, according to a nurse.", "unnamed", "say"),
    ],
)
def test_speakers_and_cues_have_their_kind(
    language: SpacyPipeline, text: str, kind: str, does: str
) -> None:
    names = tuple(name for name in ("Anna Weber",) if name in text)
    (row,) = _find(language, text, names)
    assert (row.speaker_type, row.cue_class) == (kind, does)


def test_nobody_says_the_dateline(language: SpacyPipeline) -> None:
    text = "GULU, Uganda - Two bridges were closed on Monday, the ministry said."
    (row,) = _find(language, text)
    assert text[row.start : row.end].startswith("Two bridges")


def test_it_stands_for_the_body_that_spoke_before(language: SpacyPipeline) -> None:
    text = "Oxfam said that the well was dry. A new one would be dug, it said."
    (document,) = language.parse([text])
    oxfam = Mention(start=0, end=5, rule="test", type="ORG", canonical_name="Oxfam")
    rows = find_quotes(Text("a", "v", text), document, [oxfam])
    assert [row.speaker_name for row in rows] == ["Oxfam", "Oxfam"]


def test_an_empty_document_has_none() -> None:
    empty = Document("", [], [], [], [], [], [], [], [], [], [], [])
    assert find_quotes(Text("a", "v", ""), empty, []) == []


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80) | st.text(alphabet="he said “”\"'that.\n", max_size=60))
def test_any_text_gives_spans_inside_it(language: SpacyPipeline, text: str) -> None:
    for row in _find(language, text):
        assert 0 <= row.start < row.end <= len(text)
        if row.speaker_start is not None and row.speaker_end is not None:
            assert text[row.speaker_start : row.speaker_end] == row.speaker_surface
        if row.cue_start is not None and row.cue_end is not None:
            assert text[row.cue_start : row.cue_end] == row.cue


@pytest.mark.parametrize(
    ("text", "speaker", "name", "kind"),
    [
        ("Kenya's ministry said that rates would fall.", "Kenya's ministry", None, "organisation"),
        ("Kenya said that it would send troops.", "Kenya", "Kenya", "organisation"),
        ("Kenya officials said that the talks had failed.", "Kenya officials", "Kenya", "unnamed"),
        (
            "A Kenya spokesman said that it would lend more.",
            "A Kenya spokesman",
            "Kenya",
            "unnamed",
        ),
        ("A report by Kenya says that growth slowed.", "A report by Kenya", "Kenya", "unnamed"),
        ("A villager in Kenya said that it had rained.", "A villager in Kenya", None, "unnamed"),
    ],
)
def test_a_name_stands_for_a_phrase_only_where_it_speaks(
    language: SpacyPipeline, text: str, speaker: str, name: str | None, kind: str
) -> None:
    (document,) = language.parse([text])
    start = text.index("Kenya")
    place = Mention(start=start, end=start + 5, rule="t", type="PLACE", canonical_name="Kenya")
    (row,) = find_quotes(Text("a", "v", text), document, [place])
    assert (row.speaker_surface, row.speaker_name, row.speaker_type) == (speaker, name, kind)


def test_a_second_saying_verb_ends_the_content_of_the_first(language: SpacyPipeline) -> None:
    text = "The pilot said that he was tired and added that the engine had failed twice."
    rows = _find(language, text)
    assert [text[r.start : r.end] for r in rows] == [
        "that he was tired",
        "that the engine had failed twice",
    ]


def test_according_to_at_the_end_holds_for_all_clauses_before_it(language: SpacyPipeline) -> None:
    text = (
        "The ferry left at noon and it reached the island at dusk, according to the harbour office."
    )
    (row,) = _find(language, text)
    assert text[row.start : row.end] == "The ferry left at noon and it reached the island at dusk"
