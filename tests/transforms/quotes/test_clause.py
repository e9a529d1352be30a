"""What verbs, nouns and adjectives ascribe without quotation marks."""

from __future__ import annotations

import pytest

from transforms.language.pipeline import SpacyPipeline
from transforms.quotes.find import find_quotes
from transforms.text import Text


def _contents(language: SpacyPipeline, text: str) -> list[tuple[str, str | None]]:
    (document,) = language.parse([text])
    rows = find_quotes(Text("a", "v", text), document, [])
    return [(text[r.start : r.end], r.speaker_surface) for r in rows]


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("The union opposed raising the fares.", "raising the fares", "The union"),
        (
            "The mayor called for the state to pay for the bridge.",
            "for the state to pay for the bridge",
            "The mayor",
        ),
        ("The council called the plan a waste.", "the plan a waste", "The council"),
        ("The nurse described it as a miracle.", "as a miracle", "The nurse"),
        ("The judge ruled that the lease was void.", "that the lease was void", "The judge"),
        (
            "The minister repeated her criticism of the new tax.",
            "of the new tax",
            "her",
        ),
        (
            "The coach made the case that the team needed rest.",
            "that the team needed rest",
            "The coach",
        ),
        ("Farmers voiced opposition to the dam.", "to the dam", "Farmers"),
        (
            "The pilot was confident that the plane would land.",
            "that the plane would land",
            "The pilot",
        ),
        ("Teachers are wary of the new exam.", "of the new exam", "Teachers"),
        ("The old dam seems safe.", "The old dam seems safe", None),
        ("The tunnel is believed to leak.", "The tunnel is believed to leak", None),
        ("The fee was criticized by Ana Weber.", "The fee", "Ana Weber"),
        (
            "The league backed Otto Reed, who had led the club to two titles in the past decade.",
            "Otto Reed",
            "The league",
        ),
    ],
)
def test_words_and_attitudes_have_their_content_and_owner(
    language: SpacyPipeline, text: str, content: str, speaker: str
) -> None:
    assert (content, speaker) in _contents(language, text)


@pytest.mark.parametrize(
    "text",
    [
        "The crowd cast ballots until dusk.",
        "The ferry passed a question mark painted on the pier.",
    ],
)
def test_what_only_looks_like_a_cue_ascribes_nothing(language: SpacyPipeline, text: str) -> None:
    assert _contents(language, text) == []


def test_a_clause_of_the_sentence_before_is_not_what_the_next_cue_says(
    language: SpacyPipeline,
) -> None:
    text = (
        "“We have waited for years,” she said. “Nothing has moved.”\n\n"
        "Ana Weber said the road was closed."
    )
    assert ("the road was closed", "Ana Weber") in _contents(language, text)
