"""Markup as it comes, XML or nearly, as a stream of tags and texts in time linear to its length.

Feeds are ill-formed in more ways than a strict parser forgives, and some are made to harm. So
nothing here builds a tree, nothing is loaded, and a declared entity is replaced once, within a
budget, and never inside another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Protocol

START, END, TEXT = 0, 1, 2
Event = tuple[int, str, str]
"""START: lower-case name with prefix, raw attributes, which end in a slash where the element is
empty. END: lower-case name. TEXT: the text, decoded."""

MAX_EXPANSION = 1_000_000
"""Characters that declared entities may bring in."""
MAX_ENTITY = 2_000
_DOCTYPE_READ = 100_000

_NAME = r"[A-Za-z_:\x80-\U0010ffff][^\s<>/=\"'&]*+"
# possessive: a tag is matched or not, without trying again; a value holds no "<", as in XML
_TAG = re.compile(rf"<(/?)({_NAME})((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_SIGN = re.compile(r"<(?=[/!?A-Za-z_:\x80-\U0010ffff])")
_TORN_TAG = re.compile(rf"<(/?)({_NAME})([^<>]*+)>?")
_ATTRIBUTE = re.compile(r"([^\s=<>/\"']++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s<>\"']++))")
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9._-]{0,39});")
_ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z][\w.-]{0,39})\s+(?:\"([^\"]*)\"|'([^']*)')\s*>")
_C1 = bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without the characters that XML forbids, NUL and half surrogate pairs among them."""
    return _INVALID.sub("", text)


class Entities:
    """The entities that a document declares itself, and how much they may still bring in."""

    def __init__(self) -> None:
        self._declared: dict[str, str] = {}
        self._budget = MAX_EXPANSION

    def declare(self, doctype: str) -> None:
        """Take in the declarations of an internal subset; external ones are not followed."""
        for name, quoted, single in _ENTITY.findall(doctype):
            self._declared.setdefault(name, (quoted or single)[:MAX_ENTITY])

    def decode(self, text: str) -> str:
        """The text with its references replaced once; unknown ones stay as written."""
        return _REFERENCE.sub(self._replace, text) if "&" in text else text

    def _replace(self, match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("#"):
            return _character(name)
        declared = self._declared.get(name)
        if declared is None or f"{name};" in ("lt;", "gt;", "amp;", "quot;", "apos;"):
            return html5.get(f"{name};", match[0])
        self._budget -= len(declared)
        if self._budget < 0:
            return ""
        # what an entity itself refers to is decoded only where it is a single character
        return _REFERENCE.sub(lambda m: m[0] if m[1] in self._declared else _known(m), declared)


def _known(match: re.Match[str]) -> str:
    return _character(match[1]) if match[1][0] == "#" else html5.get(f"{match[1]};", match[0])


def _character(reference: str) -> str:
    code = int(reference[2:], 16) if reference[1] in "xX" else int(reference[1:])
    if 0x80 <= code < 0xA0:
        return _C1[code - 0x80]  # Windows-1252 is meant, as browsers have it (HTML 13.2.5.80)
    return clean(chr(code)) if code < 0x110000 else ""


def attributes(raw: str, entities: Entities) -> dict[str, str]:
    """Attributes by lower-case name; the first of a name counts, quotes may be missing."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        value = double or single or bare
        found.setdefault(name.lower(), entities.decode(value) if "&" in value else value)
    return found


def read_markup(text: str, entities: Entities) -> Iterator[Event]:
    """The tags and texts of a document in order; comments and instructions are left out.

    Args:
        text: cleaned.
        entities: takes in what the document declares.
    """
    at, size = 0, len(text)
    no_comment_end = no_cdata_end = False
    while at < size:
        sign = _SIGN.search(text, at)
        here = sign.start() if sign else size
        if here > at:
            yield TEXT, entities.decode(text[at:here]), ""
        if here == size:
            return
        tag = _TAG.match(text, here)
        if tag is None and text.startswith("<!--", here):
            end = -1 if no_comment_end else text.find("-->", here + 4)
            no_comment_end = end < 0
            at = end + 3 if end >= 0 else _past(text, here)
            continue
        if tag is None and text.startswith("<![CDATA[", here):
            end = -1 if no_cdata_end else text.find("]]>", here + 9)
            no_cdata_end = end < 0
            # without an end it lasts until the next tag: a torn file keeps what follows
            stop = end if end >= 0 else _next_tag(text, here + 9)
            yield TEXT, text[here + 9 : stop], ""
            at = end + 3 if end >= 0 else stop
            continue
        if tag is None and text.startswith("<!", here):
            at = _doctype(text, here, entities)
            continue
        if tag is None and text.startswith("<?", here):
            end = text.find("?>", here, here + 20_000)
            at = end + 2 if end >= 0 else _past(text, here)
            continue
        tag = tag or _TORN_TAG.match(text, here)
        if tag is None:
            yield TEXT, "<", ""
            at = here + 1
            continue
        yield (END if tag[1] else START), tag[2].lower(), tag[3]
        at = tag.end()


def _past(text: str, here: int) -> int:
    """After the next ``>``, or the end."""
    end = text.find(">", here)
    return end + 1 if end >= 0 else len(text)


def _next_tag(text: str, at: int) -> int:
    sign = _SIGN.search(text, at)
    return sign.start() if sign else len(text)


def _doctype(text: str, here: int, entities: Entities) -> int:
    """The position after a declaration, its internal subset taken in."""
    close = _past(text, here)
    opened = text.find("[", here, close)
    if opened < 0:
        return close
    # the subset ends at the bracket that a ">" follows
    match = re.compile(r"\]\s*>").search(text, opened, here + _DOCTYPE_READ)
    if match is None:
        return close
    entities.declare(text[opened : match.start()])
    return match.end()


class Reader(Protocol):
    """What takes in tags and texts, until it is full."""

    @property
    def full(self) -> bool:
        """Whether it wants no more."""
        ...

    def start(self, tag: str, raw: str) -> None:
        """An element begins; `raw` is its tag as written."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, value: str) -> None:
        """Text between tags."""


def give_markup(text: str, entities: Entities, reader: Reader) -> None:
    """Give `reader` the tags and texts of `text`, in order."""
    for kind, value, raw in read_markup(text, entities):
        if kind == TEXT:
            reader.text(value)
        elif kind == START:
            reader.start(value, raw)
            if raw.endswith("/"):
                reader.end(value)
        elif kind == END:
            reader.end(value)
        if reader.full:
            return
