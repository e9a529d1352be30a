"""The open elements of a document under way: names, namespaces, bases; ill-formed ones too."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urljoin

from flows.sources.markup import Entities, attributes
from flows.sources.vocabulary import CORE, MAX_PREFIXES, OTHER, find_prefixed, find_vocabulary

MAX_DEPTH = 5_000
"""Elements within one another; beyond, no feed is meant."""


@dataclass(slots=True)
class Element:
    """An open element.

    Attributes:
        tag: lower-case name as written.
        name: lower-case local name.
        vocabulary: see vocabulary.py.
        raw: attributes as written.
        prefixes: vocabularies of the prefixes in scope.
        base: address that links in it are relative to.
        masked: it is, or stands in, an element whose children do not speak of the entry.
    """

    tag: str
    name: str
    vocabulary: str
    raw: str
    prefixes: dict[str, str]
    base: str
    masked: bool = False


class Elements:
    """The stack of open elements; every step is constant time over the whole document."""

    def __init__(self, base: str, entities: Entities) -> None:
        self.stack: list[Element] = []
        self._open: Counter[str] = Counter()
        self.base = base
        self._entities = entities
        self._home: str | None = None

    def __len__(self) -> int:
        return len(self.stack)

    def attributes(self, element: Element) -> dict[str, str]:
        """The element's attributes by lower-case name."""
        return attributes(element.raw, self._entities) if "=" in element.raw else {}

    def make(self, tag: str, raw: str) -> Element:
        """The element that a start tag opens here, not yet open."""
        parent = self.stack[-1] if self.stack else None
        prefixes = parent.prefixes if parent else {}
        base = parent.base if parent else self.base
        if "xmlns" in raw or "xml:base" in raw:
            found = attributes(raw, self._entities)
            prefixes = self._declare(prefixes, found)
            base = _join(base, found.get("xml:base", ""))
        prefix, _, name = tag.rpartition(":")
        vocabulary = prefixes.get(prefix)
        if vocabulary is None:
            vocabulary = find_prefixed(prefix) if prefix else CORE
        if parent is None and vocabulary == OTHER:
            # what the whole document is written in is its core, by whatever name
            vocabulary = CORE
            prefixes = prefixes | {prefix: CORE}
        masked = parent.masked if parent else False
        return Element(tag, name, vocabulary, raw, prefixes, base, masked)

    def push(self, element: Element) -> None:
        """Open an element."""
        self.stack.append(element)
        self._open[element.tag] += 1

    def pop(self) -> Element:
        """Close the innermost element."""
        element = self.stack.pop()
        self._open[element.tag] -= 1
        return element

    def is_open(self, tag: str) -> bool:
        """Whether an element written like this is open."""
        return self._open[tag] > 0

    def _declare(self, prefixes: dict[str, str], found: dict[str, str]) -> dict[str, str]:
        declared = {
            name[6:]: address
            for name, address in found.items()
            if name == "xmlns" or name.startswith("xmlns:")
        }
        if not declared or len(prefixes) > MAX_PREFIXES:
            return prefixes
        if self._home is None:
            self._home = declared.get("")
        return prefixes | {
            prefix: find_vocabulary(address, prefix, self._home)
            for prefix, address in list(declared.items())[:MAX_PREFIXES]
        }


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link.strip())[:2_000] if link else base
    except ValueError:
        return base
