"""Ages: "44 years old", "aged 3 to 5", "Anna Kern, 44,"."""

from __future__ import annotations

import re
from collections.abc import Container

from transforms.language.document import Document
from transforms.quantities.concept.noun import Phrase, phrase
from transforms.quantities.item import Item
from transforms.quantities.lexicon import word_list
from transforms.quantities.units.table import Unit

_AFTER = re.compile(
    r"[ ]?-?[ ]?(year|yr|month|week|day|hour)s?\.?[ -]{1,3}olds?\b"
    r"|[ ](year|month|week|day)s?[ ]of[ ]age\b"
    r"|[ -]?(?:y\.?o\.?|y/o)(?![\w])|[ ]?-year-olds?\b",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"\b(?:aged|ages|age(?:[ ]limit)?)"
    r"(?:[ ](?:of|between|from|about|around|under|over|is|was|at|to|be))*[ ]$",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:people|those|anyone|everyone|children|women|men|girls|boys|youths|them|whom|adults"
    r"|patients|kids|teens|teenagers|voters|drivers|residents|pensioners|adult|child)[ ]"
    r"(?:(?:who|is|are|was|were|aged)[ ]){0,2}(?:under|over|below|above)[ ]$",
    re.IGNORECASE,
)
_AT = re.compile(
    r"\b(?:dies|died|dead|death)[ ](?:at|aged)[ ]$|\bas[ ](?:young|old)[ ]as[ ]$"
    r"|\b(?:child|boy|girl|baby|toddler|teenager|woman|man|lad|youth)[ ]of[ ]"
    r"(?:about[ ]|just[ ])?$",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\b(?:over|under)-$", re.IGNORECASE)
_IS = re.compile(
    r"\b(?:(?:he|she|who|i|daughter|son|mother|father|child|baby|boy|girl|brother|sister|wife|husband|man"
    r"|woman|victim|suspect|teenager)[ ](?:is|was|am)|turned|turns|turning|will[ ]turn"
    r"|(?:twins|triplets|sons|daughters)[ ](?:are|were))[ ]"
    r"(?:only[ ]|just[ ]|now[ ]|about[ ])?$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[ ]*(?:[.,;!?)]|$)|[ ](?:when|and|at|years|but|in|by|on|last|this)\b")
_PERSON_NEXT = re.compile(r"[ ]*[,.;)]|[ ](?:of|from|has|have|was|is|who|and|had|on|said)\b")
_KIN = re.compile(
    r"\b(?:son|daughter|brother|sister|wife|husband|mother|father|boy|girl|man|woman|twins?|uncle"
    r"|aunt|cousin|niece|nephew|grand(?:son|daughter|mother|father)|partner|boyfriend|girlfriend"
    r"|neighbour|neighbor|friend)[ ]\($"
)
_OPENING = re.compile(r"(?:^|[.!?\"”\n][ ]?)At[ ](?:just[ ]|only[ ])?$")
_HERSELF = re.compile(r",?[ ](?:he|she|I)\b")
_SOMETHING = re.compile(r"[ -]something\b", re.IGNORECASE)
_CLOSED = re.compile(r"(?:,[ ]\d{1,2})*(?:,?[ ]and[ ]\d{1,2})?,(?:[ ]|$)")
_LIST = re.compile(r",?[ ](?:and[ ]|or[ ])?")
_TIMES = word_list("time_nouns") | word_list("months")
_LISTED = frozenset({"age.aged", "age.list", "age.apposition"})
_OLDEST = 120
_UNITS = {
    "year": Unit("year", "a", "age"), "yr": Unit("year", "a", "age"),
    "month": Unit("month", "mo", "age"), "week": Unit("week", "wk", "age"),
    "day": Unit("day", "d", "age"), "hour": Unit("hour", "h", "age"),
}  # fmt: skip


def read_age(text: str, item: Item) -> bool:
    """Whether "years old" or the like follows the numeral; if so, the item is made an age."""
    match = _AFTER.match(text, item.numeral.end)
    if not match and _read_something(text, item):
        return True
    if not match:
        return _read_group(text, item)
    item.unit = _UNITS[(match.group(1) or match.group(2) or "year").lower()]
    item.kind, item.end, item.rule = "age", match.end(), "age.old"
    return True


def _read_something(text: str, item: Item) -> bool:
    """Whether the numeral is a decade of age: "a 50-something driver"."""
    match = _SOMETHING.match(text, item.numeral.end)
    if not match or item.value is None or item.value % 10 or not 20 <= item.value < 100:
        return False
    item.low, item.high, item.value = item.value, item.value + 9.0, None
    item.unit, item.kind, item.end = _UNITS["year"], "age", match.end()
    item.rule, item.joined = "age.decade", True
    return True


def _read_group(text: str, item: Item) -> bool:
    """Whether the numeral names people by age: "the over-65s"."""
    end = item.numeral.end
    if text[end : end + 1] != "s" or text[end + 1 : end + 2].isalnum():
        return False
    if not _GROUP.search(text[max(0, item.start - 6) : item.start]):
        return False
    item.unit, item.kind, item.end, item.rule = _UNITS["year"], "age", end + 1, "age.group"
    return True


def find_age(
    document: Document, item: Item, persons: Container[int], previous: Item | None = None
) -> None:
    """Makes an item an age where the words around it say so.

    Args:
        document: the parsed text.
        item: a number with no unit, or with one of time.
        persons: where the names of persons end; a number after one is an age ("Kern, 44,").
        previous: the quantity before, whose age a list carries on ("aged 3, 5 and 8").
    """
    if item.kind or item.numeral.form not in ("digits", "words"):
        return
    if item.unit is not None and (item.unit.kind != "duration" or item.unit.name not in _UNITS):
        return
    top = item.high if item.joined else item.value
    if top is None or not 0 < top <= _OLDEST:
        return
    rule = _rule(document, item, persons, top)
    if not rule and previous is not None and previous.rule in _LISTED and item.unit is None:
        between = document.text[previous.end : item.start]
        rule = "age.list" if _LIST.fullmatch(between) else ""
    if rule:
        item.unit = _UNITS[item.unit.name if item.unit else "year"]
        item.kind, item.rule = "age", rule


def _rule(document: Document, item: Item, persons: Container[int], top: float) -> str:
    """The rule by which the words around make the item an age, or an empty string."""
    text = document.text
    before = text[max(0, item.start - 24) : item.start]
    if _AGED.search(before):
        return "age.aged"
    if item.unit is not None or item.joined or item.value != int(top):
        return ""
    head = document.heads[item.last]
    counted = head > item.last and document.deps[item.last] == "nummod"
    if not counted and _AT.search(before):
        return "age.at"
    if not counted and _PEOPLE.search(before):
        return "age.bound"
    after = text[item.end : item.end + 12]
    if _KIN.search(before) and after.startswith(")"):
        return "age.person"
    if not counted and _OPENING.search(before) and _HERSELF.match(after):
        return "age.at"
    if _follows_person(text, item, persons, before, after, counted=counted):
        return "age.person"
    if _is_apposed(document, item, before, after):
        return "age.apposition"
    if not counted and _IS.search(before) and _CLAUSE_END.match(after):
        return "age.is"
    return ""


def _follows_person(
    text: str, item: Item, persons: Container[int], before: str, after: str, *, counted: bool
) -> bool:
    gap = 0
    while gap < 3 and item.start - gap > 0 and text[item.start - gap - 1] in ", (":
        gap += 1
    if not gap or item.start - gap not in persons or not text[item.start].isdigit():
        return False
    return bool(_PERSON_NEXT.match(after)) and not (counted and "," not in before[-2:])


def _is_apposed(document: Document, item: Item, before: str, after: str) -> bool:
    """Whether the number stands between commas after a noun: "the minister, 44, said"."""
    if not (before.endswith(", ") and document.text[item.start].isdigit()):
        return False
    if not _CLOSED.match(after) or item.first < 2:
        return False
    noun = item.first - 2
    if document.words[noun][0].isupper() and document.words[noun].isalpha():
        return document.lowers[noun] not in _TIMES
    return document.tags[noun] in ("NNP", "NN", "NNS") and document.pos[noun] in ("NOUN", "PROPN")


def find_aged(document: Document, item: Item, taken: Container[int]) -> Phrase | None:
    """Tokens of the person or thing before the comma or bracket of an age, or null."""
    at = item.first - 1
    while at > 0 and (document.pos[at] in ("PUNCT", "ADP", "AUX") or document.lowers[at] == "who"):
        at -= 1
    if at < 0 or document.pos[at] not in ("NOUN", "PROPN"):
        return None
    return phrase(document, at, 0, taken)
