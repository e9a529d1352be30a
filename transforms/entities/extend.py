"""Full names of people where only a part was found."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from transforms.entities.cues import load_cues
from transforms.entities.found import Found
from transforms.entities.modelled import GIVEN
from transforms.language.document import Document

_PARTICLES = frozenset(
    {"de", "da", "do", "dos", "di", "del", "della", "la", "le", "van", "von", "der", "den", "ter",
     "ten", "al", "el", "bin", "ibn", "bint", "abu", "ben"}
)  # fmt: skip
_GAPS = {False: (" ",), True: (" ", "")}
"""What may stand between the words of a name; an initial may touch what follows."""
_MOST = 0.7
_NO_NAME = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january",
     "february", "march", "april", "may", "june", "july", "august", "september", "october",
     "november", "december", "feb", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
     "nov", "dec", "mr", "mrs", "ms"}
)  # fmt: skip


def extend_people(document: Document, found: Sequence[Found]) -> list[Found]:
    """The same names, each person's with the capitalised words that belong to it.

    Two people side by side are one: no comma, no word is between them.
    """
    text = document.text
    kept: list[Found] = []
    for at, name in enumerate(found):
        fixed = name.kind != "PERSON" or name.rule in ("known", "result")
        if fixed or _is_headline(document, name):
            kept.append(name)
            continue
        floor = kept[-1].end if kept else 0
        start = _start(document, name, floor)
        before = kept[-1] if kept else None
        if before is not None and before.kind == "PERSON" and text[before.end : start] == " ":
            start = kept.pop().start
        ceiling = found[at + 1].start if at + 1 < len(found) else len(text)
        kept.append(name._replace(start=start, end=_end(document, name, ceiling)))
    return kept


def _is_headline(document: Document, name: Found) -> bool:
    """Whether a name stands in a sentence with capitals for most words, where they say nothing."""
    first, last = document.sentences[document.sentence_of(name.start)]
    long = [word for word in document.words[first:last] if len(word) > 3 and word.isalpha()]
    return len(long) > 4 and sum(word[0].isupper() for word in long) >= _MOST * len(long)


def _start(document: Document, name: Found, floor: int) -> int:
    """Where the name begins: particles belong to it where a name stands before them."""
    token = bisect_right(document.starts, name.start) - 1
    start = reached = name.start
    while token > 0 and document.starts[token - 1] >= floor:
        token -= 1
        word = document.words[token]
        if document.text[document.ends[token] : reached] not in _GAPS[word.endswith(".")]:
            break
        reached = document.starts[token]
        if _is_name(document, token) and (token == 0 or document.lowers[token - 1] != "of"):
            start = reached
        elif word not in _PARTICLES:
            break
    return start


def _end(document: Document, name: Found, ceiling: int) -> int:
    token = bisect_left(document.starts, name.end)
    end = name.end
    while token < len(document.words) and document.ends[token] <= ceiling:
        gap = document.text[end : document.starts[token]]
        if gap != " " or not _is_name(document, token) or document.words[token].isupper():
            break
        end = document.ends[token]
        token += 1
    given = GIVEN.match(document.text, end)
    if given is not None and given.end() <= ceiling and " " in document.text[name.start : end]:
        end = given.end()  # "Kim In" + "-so"
    return end


def _is_name(document: Document, token: int) -> bool:
    """Whether a word can be part of a person's name: a capitalised proper noun, no title."""
    word, lower = document.words[token], document.lowers[token]
    cues = load_cues()
    initial = len(word) == 2 and word[1] == "." and word[0].isupper()
    return initial or (
        document.tags[token] == "NNP"
        and word[0].isupper()
        and len(word) > 1
        and word.replace("-", "").replace("'", "").isalpha()
        and lower not in _NO_NAME
        and lower not in cues["title"]
        and lower not in cues["role"]
    )
