"""What a document says its names are: offices, trades, kinds of bodies, men and women."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from transforms.entities.cues import load_cues, read_rows
from transforms.entities.places import fold_name
from transforms.entities.references.said import Entity, entity_of
from transforms.language.document import Document
from warehouse.tables import Mention

_LINKS = frozenset(("of", "for", "to", "at", "on", "in", "and", ","))
_PLACED_BEFORE = frozenset(("compound", "nmod", "amod"))


class Trait(NamedTuple):
    """A noun said of a name, the words that go with it, and the token where it is said."""

    noun: str
    words: frozenset[str]
    token: int


@cache
def load_sexes() -> dict[str, str]:
    """f or m by folded first name, for names that nearly only women or men bear."""
    return {name: sex for name, sex in read_rows("sexes.tsv")}  # noqa: C416


def find_traits(
    document: Document, mentions: Sequence[Mention], heads: Sequence[int]
) -> dict[Entity, list[Trait]]:
    """The nouns said of each entity, in order of position.

    They come from offices ("Norwegian envoy Mira Okafor"), from nouns before and beside a name
    ("the carrier Nordwind", "Nordwind, a carrier,") and from sentences ("Nordwind is a carrier").

    Args:
        document: the parsed text.
        mentions: its names, in order of position.
        heads: the head token of each.
    """
    found: dict[Entity, list[Trait]] = {}
    for mention, head in zip(mentions, heads, strict=True):
        traits = found.setdefault(entity_of(mention), [])
        if mention.title is not None:
            traits.append(_titled(mention.title, head))
        for noun in _nouns(document, mention, head):
            words = {document.lowers[c] for c in document.subtree(noun) if c < noun}
            traits.append(Trait(document.lowers[noun], frozenset(words), noun))
    return found


def _titled(title: str, token: int) -> Trait:
    """The trait that an office gives: "envoy" of "U.S. special envoy for Afghanistan"."""
    words = title.lower().split()
    end = next((i for i, w in enumerate(words) if i and w.strip(",") in _LINKS), len(words))
    noun = words[end - 1].strip(".,")
    return Trait(noun, frozenset(words[: end - 1] + words[end:]), token)


def _nouns(document: Document, mention: Mention, head: int) -> list[int]:
    """Tokens of the nouns that are said of a name."""
    found = [
        child
        for child in document.children(head)
        if document.pos[child] == "NOUN"
        and (
            (document.deps[child] == "appos" and child > head)
            or (document.deps[child] in _PLACED_BEFORE and document.ends[child] < mention.start)
        )
    ]
    above = document.heads[head]
    if document.deps[head] == "appos" and document.pos[above] == "NOUN":
        found.append(above)
    if document.deps[head] == "nsubj" and document.lemmas[above] == "be":
        found += [
            c
            for c in document.children(above)
            if document.deps[c] == "attr" and document.tags[c] == "NN"
        ]
    return found


def find_sexes(
    document: Document, mentions: Sequence[Mention], traits: dict[Entity, list[Trait]]
) -> dict[Entity, str]:
    """m or f for the people of whom it is clear: by title, by trade, else by first name."""
    cues, first_names = load_cues(), load_sexes()
    votes: dict[Entity, set[str]] = {}
    for mention in mentions:
        if mention.type != "PERSON":
            continue
        voted = votes.setdefault(entity_of(mention), set())
        before = document.token_at(max(0, mention.start - 1))
        if document.starts[before] < mention.start:
            voted.update(_sex_of(document.lowers[before].strip("."), cues))
    for entity, said in traits.items():
        if entity.kind == "PERSON":
            for trait in said:
                votes.setdefault(entity, set()).update(_sex_of(trait.noun, cues))
    found = {}
    for entity, sexes in votes.items():
        words = fold_name(entity.name).split()
        by_name = first_names.get(words[0]) if len(words) > 1 else None
        if len(sexes) == 1:
            found[entity] = next(iter(sexes))
        elif not sexes and by_name is not None:
            found[entity] = by_name
    return found


def _sex_of(word: str, cues: dict[str, frozenset[str]]) -> set[str]:
    if word in cues["man"]:
        return {"m"}
    return {"f"} if word in cues["woman"] else set()
