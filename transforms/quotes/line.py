"""Lines of a text that name their speaker before a colon: transcripts and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from transforms.language.document import Document
from transforms.quotes.beside import FIRST, find_beside
from transforms.quotes.content import Content, token_span
from transforms.quotes.row import to_row
from transforms.quotes.speakers import Speakers
from warehouse.tables import Mention, Quote

_LINE = re.compile(r"[^\n]+")
_LABEL = re.compile(
    r"(?P<who>(?:[A-Z][A-Z.'’-]*\s){0,4}[A-Z][A-Z'’-]*)\s?(?:\([^)\n]{1,60}\))?:\s+(?P<what>\S.*)"
)
_STAGE = re.compile(r"[(\[][A-Z][^a-z\n]*[)\]]\.?")
_UNNAMED = frozenset(("QUESTION", "ANSWER", "REPORTER", "MODERATOR", "HOST", "CALLER"))
_TURNS = 3
"""Labels that make a transcript, of two speakers at least."""
_HEADING = 150
"""Code points of a heading at most."""


def find_lines(
    document: Document, mentions: Sequence[Mention], speakers: Speakers, rows: Sequence[Quote]
) -> Iterator[Quote]:
    """The turns of a transcript, and the headings that name who says them.

    Args:
        document: the parsed text.
        mentions: its names.
        speakers: whom they name.
        rows: what is found already; a heading that has a speaker there gives none.
    """
    turns = list(_turns(document.text))
    for who, what in turns:
        yield _turn(document, mentions, speakers, who, what)
    if turns:
        return
    for line in _headings(document.text):
        spoken = (r.speaker_start for r in rows if line[0] <= r.start < line[1])
        if all(start is None for start in spoken):
            beside = find_beside(document, mentions, line, (FIRST,))
            if beside is not None:
                yield replace(beside, rule="heading")


def _headings(text: str) -> Iterator[tuple[int, int]]:
    """Short lines that are paragraphs of their own and no sentence more than one."""
    for match in _LINE.finditer(text):
        start, end = match.span()
        words = match.group().rstrip()
        alone = text[end : end + 1] in ("", "\n") and text[max(0, start - 1) : start] in ("", "\n")
        if alone and len(words) <= _HEADING and ": " in words and ". " not in words:
            yield start, start + len(words.rstrip("."))


def _turns(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Spans of the speaker and of the words of each turn of a transcript.

    A turn goes on over the lines before the next label; the last one ends with its own line.
    """
    lines = [m.span() for m in _LINE.finditer(text) if m.group().strip()]
    labels = [_LABEL.fullmatch(text, *line) for line in lines]
    # "Q" and "A" name nobody
    labels = [m if m is not None and len(m.group("who")) > 1 else None for m in labels]
    found = [m for m in labels if m is not None]
    names = {m.group("who") for m in found}
    if len(found) < _TURNS or len(names) < 2:
        return
    at = [n for n, m in enumerate(labels) if m is not None]
    for n, following in zip(at, [*at[1:], at[-1] + 1], strict=True):
        match = labels[n]
        assert match is not None
        end = match.end("what")
        for line in lines[n + 1 : following]:
            if _STAGE.fullmatch(text, *line):
                break
            end = line[1]
        yield match.span("who"), (match.start("what"), end)


def _turn(
    document: Document,
    mentions: Sequence[Mention],
    speakers: Speakers,
    who: tuple[int, int],
    what: tuple[int, int],
) -> Quote:
    """The row of a turn; the speaker has the name that ends in the label's last word."""
    _, last = token_span(document, *who)
    head = max(0, last - 1)
    row = to_row(document, speakers, Content((), -1, head, "turn"), *what, "direct")
    label = document.text[who[0] : who[1]]
    word = label.split()[-1].casefold()
    known = (m for m in mentions if m.type == "PERSON")
    named = next((m for m in known if m.canonical_name.split()[-1].casefold() == word), None)
    return replace(
        row,
        speaker_surface=label,
        speaker_start=who[0],
        speaker_end=who[1],
        speaker_name=named.canonical_name if named else None,
        speaker_entity_id=named.entity_id if named else None,
        speaker_type="unnamed" if label in _UNNAMED else "person",
    )
