"""Names that are sure somewhere, found wherever the document says them again."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.entities.found import Found
from transforms.language.document import Document

_UNSURE = frozenset({"MONEY", "LAW", "WORK_OF_ART"})


def spread_names(document: Document, found: Sequence[Found]) -> list[Found]:
    """The further places in a text of names that are sure somewhere in it.

    A person's surname stands for the person; capitals stand for small letters, as in headlines.
    """
    types = _sure(document.text, found)
    by_word: dict[str, list[str]] = {}
    for surface in sorted(types, key=len, reverse=True):
        by_word.setdefault(surface.split()[0], []).append(surface)
    text, more = document.text, []
    for word, start in zip(document.words, document.starts, strict=True):
        for surface in by_word.get(word, ()):
            end = start + len(surface)
            if text.startswith(surface, start) and not text[end : end + 1].isalnum():
                more.append(Found(start, end, types[surface], "spread"))
                break
    return more


def _sure(text: str, found: Sequence[Found]) -> dict[str, str]:
    """Surfaces worth looking for, and the type of each."""
    types: dict[str, str] = {}
    for name in found:
        if name.rule not in _UNSURE:
            types.setdefault(text[name.start : name.end], name.kind)
    for surname in _surnames(types):
        types.setdefault(surname, "PERSON")
    # one short word may be a word of the language as well
    sure = {s: kind for s, kind in types.items() if s[0].isupper() and len(s) > 2 + s.istitle()}
    loud = {s.upper(): kind for s, kind in sure.items() if not s.isupper() and len(s) > 3}
    return loud | sure


def _surnames(types: dict[str, str]) -> set[str]:
    """Last words of full names that are not a word of anything else's name."""
    found: set[str] = set()
    other: set[str] = set()
    for surface, kind in types.items():
        words = surface.split()
        if len(words) < 2:
            continue
        if kind == "PERSON" and words[-1][0].isupper() and len(words[-1]) > 3:
            found.add(words[-1])
        else:
            other.update(words)
    return found - other
