"""A text as a string of word classes, one character a lexeme, which the grammar's rules match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transforms.language.document import Document

DATA = Path(__file__).parents[1] / "data" / "times"

_LEXEME = re.compile(
    # most lexemes are words that no other alternative could begin
    r"(?P<plain>[^\W\d_]++(?![\w.'’]))"
    r"|(?P<iso>\b[0-9]{4}-[0-9][0-9]-[0-9][0-9]\b)"
    r"|(?P<slash>\b[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9][0-9])\b)"
    r"|(?P<clock>\b[0-9]{1,2}:[0-9][0-9](?::[0-9][0-9])?(?![0-9:])"
    r"|\b[0-9]{1,2}\.[0-9][0-9](?=\s?[apAP]\.?[mM]\b))"
    r"|(?P<quarter>\b(?:Q[1-4]|[1-4]Q)\b)"
    r"|(?P<short>(?<![\w'’])['’][0-9]{2}\b(?!['’]?s|['’\"”]))"
    r"|(?P<decade>(?:(?<!\w)['’])?\b[0-9]?[0-9]?[0-9]0['’]?s\b)"
    r"|(?P<ordinal>\b[0-9]{1,2}(?:st|nd|rd|th)\b)"
    r"|(?P<number>[$£€]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?:[ -][0-9]/[0-9])?"
    r"(?=(?P<percent>\s?%))?)"
    r"|(?P<word>o['’]clock|[apAP]\.[mM]\.?|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon"
    r"|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\.|[^\W\d_]+)"
    r"|(?P<quote>['’]s?\b)"
    r"|(?P<break>\s*\n\s*\n\s*)"
    r"|(?P<other>[^\s\w]|_)"
)
_UNKNOWN = ("_", "")
_PROPER = frozenset("MWHu")
"""Classes of months, weekdays and holidays, which begin with a capital."""
_ALONE = frozenset(",.")
_BEHIND = frozenset(',;:)!?"”')
_FRACTIONS = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "1/3": 1 / 3, "2/3": 2 / 3}


@dataclass(frozen=True, slots=True)
class Lexemes:
    """Classes and, item by item, values and code point offsets of a text's lexemes."""

    classes: str
    values: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]


@cache
def load_words() -> tuple[dict[str, tuple[str, str]], dict[str, re.Pattern[str]]]:
    """Class and value of each word or phrase, and by first word the pattern of its phrases."""
    words: dict[str, tuple[str, str]] = {}
    for line in (DATA / "words.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, value, forms = line.split("\t")
            words.update((form.replace("_", " "), (kind, value)) for form in forms.split())
    for line in (DATA / "holidays.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            rule, forms = line.split("\t")
            words.update((form.replace("_", " "), ("H", rule)) for form in forms.split())
    phrases: dict[str, list[str]] = {}
    for form in words:
        first = re.match(r"[^\W\d_]+", form)
        if first and (" " in form):
            phrases.setdefault(first[0], []).append(form)
    patterns = {
        first: re.compile(
            "(?:"
            + "|".join(
                re.escape(form).replace(r"\ ", r"[ \n]").replace("'", "['’]")
                for form in sorted(forms, key=len, reverse=True)
            )
            + r")(?!\w)",
            re.IGNORECASE,
        )
        for first, forms in phrases.items()
    }
    return words, patterns


def find_lexemes(text: str, document: Document | None = None) -> Lexemes:
    """The text's lexemes; words that no rule knows have the class `_`.

    With its `document` the same comes faster: most words of a text are of no interest, and where
    they lie is known already.
    """
    words, phrases = load_words()
    found: list[tuple[str, str, int, int]] = []
    add, position = found.append, 0
    if document is not None:
        limits = [*document.starts, len(text)][1:]
        tokens = zip(document.lowers, document.starts, document.ends, limits, strict=True)
        for lower, start, end, limit in tokens:
            # a word with a space before and nothing behind that could belong to it is just itself
            if (
                position <= start <= position + 1
                and (limit == end + 1 or lower in _ALONE or text[end : end + 1] in _BEHIND)
                and lower not in phrases
                and (lower.isalpha() or lower in _ALONE)
            ):
                name, value = words.get(lower, _UNKNOWN) if lower not in _ALONE else (lower, lower)
                if name in _PROPER and not text[start].isupper():
                    name = "_"
                add((name, value or lower, start, end))
                position = end
            elif position < end:
                position = _scan(text, position, end, found)
    _scan(text, position, len(text), found)
    classes, values, starts, ends = zip(*found, strict=True) if found else ((), (), (), ())
    return Lexemes("".join(classes), values, starts, ends)


def _scan(text: str, position: int, until: int, found: list[tuple[str, str, int, int]]) -> int:
    """Add the lexemes from `position` on that begin before `until`; where the last of them ends."""
    words, phrases = load_words()
    while position < until and (match := _LEXEME.search(text, position)):
        (start, end), kind, surface = match.span(), match.lastgroup, match[0]
        if start >= until:
            break
        position = end
        if kind in ("plain", "word"):
            lower = surface.lower()
            pattern = phrases.get(lower)
            if pattern and (phrase := pattern.match(text, start)):
                position = phrase.end()
                lower = re.sub(r"\s", " ", phrase[0].lower()).replace("’", "'")
            name, value = words.get(lower, ("_", lower))
            if name in _PROPER and not surface[0].isupper():
                name = "_"
        elif kind == "number":
            name, value = ("_", surface) if match["percent"] else _number(surface)
        else:
            name, value = _symbol(str(kind), surface)
        found.append((name, value, start, position))
    return position


def _number(surface: str) -> tuple[str, str]:
    if surface[0] in "$£€" or len(surface) > 15:
        return "_", surface
    whole, _, fraction = surface.replace("-", " ").partition(" ")
    value = float(whole.replace(",", "")) + _FRACTIONS.get(fraction, 0)
    if value != int(value) or fraction:
        return "N", str(value)
    plain = whole.isascii() and whole.isdigit()
    if plain and len(whole) <= 2 and 1 <= value <= 31:
        return "n", str(int(value))
    if plain and len(whole) == 4 and 1000 <= value < 2100:
        return "Y", whole
    return "N", str(int(value)) if value < 1e12 else "0"


def _symbol(kind: str, surface: str) -> tuple[str, str]:
    match kind:
        case "iso":
            return "8", surface
        case "slash":
            return "9", surface
        case "clock":
            return "C", surface.replace(".", ":")
        case "quarter":
            return "7", surface.strip("Q")
        case "short":
            # two digits are this century's up to the thirties
            year = int(surface[1:])
            return "Y", str(year + (2000 if year < 40 else 1900))
        case "decade":
            digits = re.sub(r"\D", "", surface)
            # "the 30s" without an apostrophe are ages and degrees more often than years
            short = len(digits) == 2 and (surface[0] in "'’" or digits >= "60")
            full = digits if len(digits) == 4 else "19" + digits if short else ""
            return ("X", full) if full else ("_", surface)
        case "ordinal":
            number = int(surface[:-2])
            return ("o", str(number)) if number else ("_", surface)
        case "quote":
            return "s", surface
        case "break":
            return "|", surface
    if surface in "-‐‑–":
        return "-", surface
    return (surface, surface) if surface in ",()/" else (".", surface)
