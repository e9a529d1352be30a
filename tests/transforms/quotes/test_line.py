"""Lines that name their speaker before a colon."""

from __future__ import annotations

from transforms.language.pipeline import SpacyPipeline
from transforms.quotes.find import find_quotes
from transforms.text import Text
from warehouse.tables import Mention, Quote


def _find(language: SpacyPipeline, text: str, names: tuple[str, ...] = ()) -> list[Quote]:
    (document,) = language.parse([text])
    mentions = [
        Mention(start=at, end=at + len(n), rule="t", type="PERSON", canonical_name=n)
        for n in names
        for at in [text.index(n)]
    ]
    return find_quotes(Text("a", "v", text), document, mentions)


def test_the_turns_of_a_transcript_have_their_speakers(language: SpacyPipeline) -> None:
    text = (
        "Carla Roy was asked about the port.\n\n"
        "HOST: Will the port open in June?\n\n"
        "ROY: It will. The last crane comes on Monday.\n\n"
        "And the harbour master agrees.\n\n"
        "(LAUGHTER)\n\n"
        "HOST: Who pays for it?\n\n"
        "Roy left the studio at noon."
    )
    rows = [r for r in _find(language, text, ("Carla Roy",)) if r.rule == "turn"]
    assert [(r.speaker_surface, r.speaker_name) for r in rows] == [
        ("HOST", None),
        ("ROY", "Carla Roy"),
        ("HOST", None),
    ]
    assert text[rows[1].start : rows[1].end].endswith("master agrees.")
    assert text[rows[2].start : rows[2].end] == "Who pays for it?"


def test_one_label_makes_no_transcript(language: SpacyPipeline) -> None:
    text = "The ferry left at noon.\n\nUPDATE: The ferry is back.\n\nUPDATE: It left again."
    assert [r for r in _find(language, text) if r.rule == "turn"] == []


def test_a_heading_names_who_says_it(language: SpacyPipeline) -> None:
    text = "Minister: the port will open in June\n\nThe harbour was calm on Monday."
    (row,) = _find(language, text)
    assert (text[row.start : row.end], row.speaker_surface) == (
        "the port will open in June",
        "Minister",
    )
    assert row.rule == "heading"
