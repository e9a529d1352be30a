"""The language model's names, with what does not belong to them cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transforms.entities.edges import is_number, mend_end
from transforms.entities.found import Found
from transforms.entities.known import load_names
from transforms.entities.places import fold_name, load_gazetteer
from transforms.entities.readings import find_readings
from transforms.language.document import Document

TYPES = {
    "PERSON": "PERSON",
    "ORG": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "FAC": "PLACE",
    "NORP": "GROUP",
    "LANGUAGE": "GROUP",
    "EVENT": "EVENT",
    "PRODUCT": "OTHER",
    "WORK_OF_ART": "OTHER",
    "LAW": "OTHER",
}
"""OntoNotes label to mention type; numbers and dates are no names."""

_CALLED = re.compile(
    r"(?:Owner|Rivals?|Operator|Maker|Carmaker|Automaker|Retailer|Lender|Insurer|Broadcaster"
    r"|Regulator|Publisher|Airline|Newspaper|Chipmaker|Brewer|Startup|Supermarket|Pollster"
    r"|Manufacturer|Drugmaker|Shipowner|Utility) (?=[A-Z])"
)
"""What a body at the head of a sentence is said to be."""
_RANKS = frozenset(
    {"brig", "gen", "lt", "col", "capt", "maj", "sgt", "cpl", "pvt", "rev", "sen", "rep", "gov",
     "prof", "adm", "dr", "mr", "mrs", "ms"}
)  # fmt: skip
_SIDES = frozenset(
    {"northern", "southern", "eastern", "northeastern", "northwestern", "southeastern",
     "southwestern", "central"}
)  # fmt: skip
"""Adjectives of a part of a country, which name nobody; "Western" names a side."""
_HOLDERS = frozenset({"minister", "secretary", "ministers", "secretaries"})
_CAPITALISED = frozenset({"PERSON", "ORG", "PLACE", "GROUP"})
_NUMBERLESS = frozenset({"PERSON", "ORG", "PLACE"})
_BREAK = re.compile(r"\s*\n\s*|\s+(?:-{1,3}|[\u2013\u2014|/])\s+|\s*;\s+|,[\"\u201d']+\s+")
_LIST = re.compile(r",\s+")
_AND = re.compile(r",?\s+and\s+")
_NOT_ALONE = re.compile(r"(?:inc|corp|ltd|llc|llp|l\.p|lp|plc|co|jr|sr|s\.a|n\.v|ii|iii)\.?$", re.I)
_HEAD = re.compile(
    r"(?:(?:the|a|an)\s+(?!Hague\b|Gambia\b)|(?:mr|mrs|ms|dr)\.?\s+|[^\w(\"'\u2018\u201c$@#&]+)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:['\u2019]s|['\u2019]|[\s,;:\"\u201d(\u2014\u2013-])+$")
_RANK = re.compile(
    r"(?:supt|det|insp|ins|sgt|pc|dc|ds|di|dci|dsu|cllr|lt|col|gen|capt|maj|brig|cpl|pvt|rev|fr|sen"
    r"|rep|gov|prof|hon|adm|cmdr|dep|asst)\.?\s+(?=[A-Z][\w.'-]+ [A-Z])",
    re.IGNORECASE,
)
_LINKED = re.compile(r"-[a-z\u00e0]{1,4}-[A-Z]\w+")
GIVEN = re.compile(r"-(?!(?:era|led|like|run|own|born|met|ally)\b)[a-z]{2,5}\b(?!-)")
_FEATURE = re.compile(
    r" (?:(?:National|State|Provincial) (?:Park|Forest|Monument)|Rivers?|Lakes?|Valley|Islands?"
    r"|Peninsula|Mountains|Province|Oblast|Governorate|Prefecture|Sea|Bay|Strait|Desert"
    r"|(?:International )?Airport)\b(?! [A-Z])"
)
"""What kind of place a name is said to be, right after it."""
_BEFORE = re.compile(
    r"(?<![\w.'\u2019-])(?!(?:The|In|At|From|For|On|But|And|With|Of|Near|While) )"
    r"[A-Z][\w'\u2019]*\.? $"
)
_AFTER = re.compile(r"[ -][A-Z][\w'\u2019]*(?![\w'\u2019])")
_REACH = 20
_NUMBER = re.compile(r"\s+\d{2,}[\d/-]*$|\s+\d+[/-]\d[\d/-]*$")
_ANY_NUMBER = re.compile(r"\s+\(?\d[\d/:.,-]*(?:st|nd|rd|th)?$")
_OWNERS = frozenset({"PERSON", "GPE"})
_OWNER = re.compile(r"([\w.-]+(?: [\w.-]+)?)['\u2019]s (?=[A-Z])")
_PARTICLES = frozenset(
    {"al", "el", "ul", "as", "ad", "de", "di", "da", "do", "dos", "del", "della", "der", "den",
     "van", "von", "bin", "ibn", "bint", "la", "le", "du", "ter", "ten", "of", "y", "e", "st"}
)  # fmt: skip
_LOWER_HEAD = re.compile(r"([a-z]+)[\s-]+")
_LOWER_TAIL = re.compile(r"\s+([a-z]+)$")


def find_modelled(document: Document) -> list[Found]:
    """Names of the model in order of position, whole words without articles, titles and numbers.

    A name that runs over a line's end, a dash or a list is several: each part keeps the label.
    """
    text = document.text
    found = []
    owners = {document.surface(n.first, n.last) for n in document.names if n.label in _OWNERS}
    for name in document.names:
        kind = TYPES.get(name.label)
        if kind is None:
            continue
        start, end = document.starts[name.first], document.ends[name.last - 1]
        word = document.lowers[name.first].strip(".") if name.last - name.first == 1 else ""
        if word in _RANKS or (word in _SIDES and name.label in ("NORP", "LOC")):
            continue
        if kind == "ORG" and _is_portfolio(document, name.first, name.last):
            continue
        for first, last in _parts(text, start, end, kind, owners):
            first, last = _trim(text, first, last, kind)
            first, last = _whole(text, first, last, kind)
            last, mended = mend_end(text, first, last, kind)
            if _is_name(text[first:last], kind):
                found.append(Found(first, last, mended, name.label))
    return found


def _is_portfolio(document: Document, first: int, last: int) -> bool:
    """Whether a word is what a minister is for: "Interior Minister", "Secretary of State"."""
    if last - first > 1:
        return False
    after = document.lowers[last] if last < len(document) else ""
    before = document.lowers[max(0, first - 2) : first]
    held = len(before) == 2 and before[0] in _HOLDERS and before[1] in ("of", "for")
    return after in _HOLDERS or held


def _is_name(surface: str, kind: str) -> bool:
    """Whether it can be a name at all: letters, and a capital where the type wants one."""
    if sum(c.isalpha() for c in surface) < 2 or is_number(surface):
        return False
    return kind not in _CAPITALISED or any(c.isupper() for c in surface)


def _parts(
    text: str, start: int, end: int, kind: str, owners: set[str]
) -> Iterator[tuple[int, int]]:
    """The names in what the model took for one."""
    owner = _OWNER.match(text, start, end)
    if owner is not None and owner[1] in owners:
        yield owner.span(1)
        start = owner.end()
    for first, last in _split(text, start, end, _BREAK):
        if kind == "ORG" and _are_two(text[first:last]):
            yield from _split(text, first, last, _AND)
        elif kind not in _NUMBERLESS or ", " not in text[first:last]:
            yield first, last
        elif kind != "ORG":
            yield from _split(text, first, last, _LIST)
        else:
            yield from _bodies(text, first, last)


def _bodies(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Organisations of a list; a comma within one name ("Smith, Jones & Co.") splits nothing."""
    parts = list(_split(text, start, end, _LIST))
    words = [text[first:last] for first, last in parts]
    plain = all(w[:1].isupper() and " and " not in w and "&" not in w for w in words)
    if plain and not any(_NOT_ALONE.match(w) for w in words):
        return parts
    return [(start, end)]


def _are_two(name: str) -> bool:
    """Whether "and" joins two organisations, of which a newsroom knows one."""
    halves = _AND.split(name)
    return len(halves) == 2 and any(load_names()[1].get(half) == "ORG" for half in halves)


def _split(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for gap in pattern.finditer(text, start, end):
        if gap.start() > at:
            yield at, gap.start()
        at = gap.end()
    if at < end:
        yield at, end


def _whole(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    """With what was cut off at a hyphen or a dot: "Stoke-on-Trent", "Kim Jong-un", "St. Ives"."""
    if kind not in _NUMBERLESS:
        return start, end
    hyphened = (GIVEN if kind == "PERSON" else _LINKED).match(text, end)
    if hyphened is not None and (kind != "PERSON" or " " in text[start:end]):
        end = hyphened.end()
    if kind == "ORG":
        return start, end
    feature = _FEATURE.match(text, end)
    if feature is not None:
        return start, feature.end()
    before, after = _BEFORE.search(text, max(0, start - _REACH), start), _AFTER.match(text, end)
    for first, last in (
        (start, after.end() if after is not None else end),
        (before.start() if before is not None else start, end),
    ):
        if (first, last) != (start, end) and _is_place(text[first:last]):
            return first, last
    return start, end


def _is_place(name: str) -> bool:
    """Whether a town, division or country of any size has the name, and not just as a byname."""
    if fold_name(name) not in load_gazetteer():
        return False
    return any(r.place.is_usual or not r.place.is_alternate for r in find_readings(name))


def _trim(text: str, start: int, end: int, kind: str) -> tuple[int, int]:
    while (head := _HEAD.match(text, start, end)) is not None and head.end() < end:
        start = head.end()
    if kind == "ORG" and (called := _CALLED.match(text, start, end)) is not None:
        start = called.end()
    if kind == "PERSON":
        while (rank := _RANK.match(text, start, end)) is not None:
            start = rank.end()
    if (tail := _TAIL.search(text[start:end])) is not None:
        end = start + tail.start()
    if kind in _NUMBERLESS:
        for _ in range(2):  # "Salem 40 miles": the words go, then the number
            number = (_ANY_NUMBER if kind == "PERSON" else _NUMBER).search(text[start:end])
            end = start + number.start() if number is not None else end
            start, end = _without_common(text, start, end)
    return start, end


def _without_common(text: str, start: int, end: int) -> tuple[int, int]:
    """Without words in small letters at either end: "eastern Nigeria", "the NLD party"."""
    if text[start:end].islower():
        return start, end
    while (head := _LOWER_HEAD.match(text, start, end)) and head[1] not in _PARTICLES:
        start = head.end()
    while (tail := _LOWER_TAIL.search(text[start:end])) is not None:
        end = start + tail.start()
    return start, end
