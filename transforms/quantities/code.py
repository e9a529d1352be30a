"""Numbers that are codes: forms, laws, calibres, telephone and postal codes, places on a map."""

from __future__ import annotations

import re

from transforms.language.document import Document
from transforms.quantities.item import Item
from transforms.quantities.lexicon import labels, word_list

_IDIOMS = word_list("code_idioms")
_CALLS = word_list("call_verbs")
_TEXTS = re.compile(r"\btext(?:s|ed|ing)?\b[^.;]{1,30}[ ]to[ ]$", re.IGNORECASE)
_CODE_IS = re.compile(
    r"\b(?:(?:zip|post|postal|area|dialling|dialing|access|pin|bar|country|sort)[ -]?codes?"
    r"|postcode|(?:phone|telephone|mobile|fax|flight|case|serial|account|docket|reference|badge"
    r"|file|licen[cs]e|passport|model|part|tracking|registration)[ ]numbers?|password|hotline)"
    r"(?:[ ](?:is|was|of)|:)?[ ]$",
    re.IGNORECASE,
)
_PART_LETTERS = re.compile(r"-[A-Z]{1,3}\b(?!-)|\([a-zA-Z]{1,2}\)")
"""A letter of a form or of a clause: "Form 10-K", "a 401(k) plan"."""
_STATUTE = re.compile(r"[ ](?:U\.?S\.?C\.?|C\.?F\.?R\.?|F\.(?:2d|3d)|Stat\.)(?!\w)")
_ELEVEN = re.compile(r"[-‑]Eleven\b")
_CALIBRE = re.compile(r"[ -]calib(?:er|re)\b")
_WEAPON = re.compile(
    r"[ -](?:rifle|handgun|pistol|revolver|shotgun|magnum|gun|round|bullet)s?\b", re.I
)
_HYPHENED = re.compile(r"-(?:on-one|to-one|off|way|sided|sum|liner)\b|[ ]tolerance\b")
"""What makes a word of a number: "one-on-one", "two-way", "zero tolerance"."""
_GLUED = re.compile(r"[x×]\d")
_LISTED = re.compile(
    r"\b([A-Za-z]+)[ ]\d+(?:[ ]?[-–][ ]?\d+)?(?:,[ ]\d+)*(?:,?[ ](?:and|or|&|to|through)|,)[ ]$"
)
_EMERGENCY = frozenset({"911", "999", "112", "988"})
_RESOLUTION = re.compile(
    r"(?:480|720|1080|1440|2160)[pi]\b"
    r"|[248]K\b(?=[ -](?:video|film|footage|TV|screen|display|resolution|stream|camera"
    r"|movie|monitor))"
)
_SHORTEST = 5
"""Digits of the shortest code that a message goes to."""
_REACH = 48


def is_code(document: Document, item: Item) -> bool:
    """Whether the number is a code: "Form 10-K", a .45-calibre gun, 9/11, 18 U.S.C."""
    surface = document.text[item.start : item.end]
    if surface.lower().replace(" ", "_") in _IDIOMS or (
        item.value == 7 and _ELEVEN.match(document.text, item.end)
    ):
        return True
    text, end = document.text, item.end
    if surface.startswith(".") and _WEAPON.match(text, end):
        return True
    if _HYPHENED.match(text, end) and item.numeral.form == "words":
        return True
    if _CALIBRE.match(text, end) or _STATUTE.match(text, end) or _GLUED.match(text, end):
        return True
    if item.start > 1 and text[item.start - 1] in "x×" and text[item.start - 2].isdigit():
        return True
    return bool(_PART_LETTERS.match(text, end))


def is_called(document: Document, item: Item) -> bool:
    """Whether the number is one to call or a code that is told: "dial 911", "ZIP code 90210"."""
    surface = document.text[item.start : item.end]
    if not surface.isdigit():
        return False
    before = document.text[max(0, item.start - _REACH) : item.start]
    if _CODE_IS.search(before):
        return True
    if _TEXTS.search(before):
        return len(surface) >= _SHORTEST
    if document.heads[item.last] > item.last:
        return False  # "called 12345 voters"
    called = item.first > 0 and document.lemmas[item.first - 1].lower() in _CALLS
    return called and (surface in _EMERGENCY or len(surface) >= _SHORTEST)


def is_lettered_label(document: Document, item: Item) -> bool:
    """Whether a label has a letter that looks like a scale: "Apt. 5B", "Gate 12K"."""
    before = document.lowers[item.first - 1] if item.first else ""
    return len(item.numeral.suffix) == 1 and item.numeral.suffix.isupper() and before in labels()


def is_resolution(document: Document, item: Item) -> bool:
    """Whether the number says how fine a picture is: "4K video", "1080p"."""
    return bool(_RESOLUTION.match(document.text, item.start))


def is_listed_label(document: Document, item: Item) -> bool:
    """Whether the number goes on a list of labels: "Articles 5 and 6"."""
    match = _LISTED.search(document.text[max(0, item.start - _REACH) : item.start])
    if match is None or document.heads[item.last] > item.last:
        return False
    return match.group(1)[0].isupper() and is_label(match.group(1).lower())


def is_label(word: str) -> bool:
    """Whether a lower-case word, or its singular, makes a name of the number after it."""
    return word in labels() or (word.endswith("s") and word[:-1] in labels())
