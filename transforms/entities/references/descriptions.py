"""The name that a description stands for: "the envoy", "the carrier", "the country"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from transforms.entities.peoples import place_of_people
from transforms.entities.readings import find_readings
from transforms.entities.references.lexicon import Noun, load_closed, load_nouns
from transforms.entities.references.people import Candidate
from transforms.entities.references.said import Entity
from transforms.entities.references.traits import Trait
from transforms.language.document import Document

_WITHIN = frozenset(("relcl", "acl", "prep", "appos", "conj", "cc", "poss", "nummod"))
_NOT_PARTIES = frozenset(("attr", "appos", "oprd", "compound", "amod", "nmod", "npadvmod"))
_NEUTRAL = frozenset(
    ("former", "ex", "then", "outgoing", "new", "late", "veteran", "longtime", "long-time", "same",
     "young", "old", "current", "-", "controversial", "powerful", "embattled", "troubled", "ailing",
     "state-owned", "privately", "giant", "listed", "owned", "held", "tiny", "war-torn", "whole",
     "entire", "landlocked")
)  # fmt: skip
_PARTS = {True: frozenset({"as", "of", "in"}), False: frozenset({"as"})}
"""After which words a noun is of another sense: "top of the group"; by whether it is "group"."""
_NEAR = 3
"""Sentences back in which a name of an open kind may be meant."""
_FAR = 8
"""The same for a name that the text says to be of that kind."""
_KINDS = {
    "country": frozenset({"country"}), "nation": frozenset({"country"}),
    "kingdom": frozenset({"country"}), "republic": frozenset({"country"}),
    "city": frozenset({"city"}), "town": frozenset({"city"}), "village": frozenset({"city"}),
    "province": frozenset({"admin1"}), "island": frozenset(),
}  # fmt: skip
"""Kinds of places in the gazetteer that a noun stands for."""
_LARGE = 6.0
"""Powers of ten of inhabitants from which a division is what its name may well stand for."""
_ADJECTIVE = re.compile(r"(?:ian|an|ish|ese|ic|ni|s)$")


def find_described(document: Document, covered: Sequence[bool]) -> list[int]:
    """Head tokens of the descriptions that can stand for a name, in order of position.

    Such a one is "the", perhaps adjectives, and a noun of the lexicon in the singular; what is
    told apart by what follows ("the company that", "the head of") says of itself whom it means.
    """
    nouns = load_nouns()
    found = []
    for token, word in enumerate(document.lowers):
        if word not in nouns or covered[token] or document.tags[token] not in ("NN", "NNP"):
            continue
        if document.deps[token] in _NOT_PARTIES:
            continue
        below = document.children(token)
        if not any(document.lowers[c] == "the" and c < token for c in below):
            continue
        if any(document.deps[c] in _WITHIN and _is_close(document, token, c) for c in below):
            continue
        above = document.heads[token]
        if document.deps[token] == "pobj" and document.lowers[above] in _PARTS[word == "group"]:
            continue
        found.append(token)
    return found


def _is_close(document: Document, token: int, child: int) -> bool:
    """Whether what depends on a noun belongs to it; a phrase in commas does not tell it apart."""
    return child < token or document.deps[child] != "prep" or child == token + 1


def find_rivals(
    document: Document, covered: Sequence[bool], described: Collection[int]
) -> list[int]:
    """Tokens of the lexicon's nouns that are of something else: "another company", "a bank"."""
    nouns = load_nouns()
    return [
        token
        for token, lemma in enumerate(document.lemmas)
        if lemma.lower() in nouns
        and document.pos[token] in ("NOUN", "PROPN")
        and document.tags[token] in ("NN", "NNP")
        and not covered[token]
        and token not in described
        and document.deps[token] not in _NOT_PARTIES
    ]


def resolve_description(
    document: Document,
    token: int,
    before: Sequence[Candidate],
    traits: Mapping[Entity, Sequence[Trait]],
    rivals: Sequence[int],
) -> Candidate | None:
    """The name a description stands for, where only one fits; else null.

    Args:
        document: the parsed text.
        token: the description's noun.
        before: what has been named before it, in order of position.
        traits: the nouns said of each entity.
        rivals: tokens before it that are of something else of its kind.
    """
    word = document.lowers[token]
    noun = load_nouns()[word]
    here = document.sentence_of(document.starts[token])
    words = _modifiers(document, token)
    if words is None:
        return None
    fitting: dict[Entity, Candidate] = {}
    for candidate in before:
        entity = candidate.entity
        if entity is not None and _is_of(noun, word, entity, traits.get(entity, ()), words, token):
            fitting[entity] = candidate
    reach = _FAR
    if not fitting and noun.is_open and not words:
        reach = _NEAR
        fitting = _open(noun, before, here)
    elif noun.is_open and len(fitting) == 1:
        (best,) = fitting.values()
        since = [c for c in before if c.said.token > best.said.token]
        if any(e != best.entity for e in _open(noun, since, here)):
            return None
    if noun.kind == "PLACE":
        reach = _NEAR
        fitting = {e: c for e, c in fitting.items() if here - c.said.sentence <= _NEAR}
    if len(fitting) != 1:
        return None
    (best,) = fitting.values()
    if here - best.said.sentence > reach:
        return None
    if noun.kind == "PERSON" and here != best.said.sentence and _is_shared(before, here, best):
        return None
    if any(best.said.token < r < token and _is_like(document, r, noun, word) for r in rivals):
        return None
    return best


def _is_shared(before: Sequence[Candidate], here: int, best: Candidate) -> bool:
    """Whether the sentence has named another person since, who may be meant as well."""
    for candidate in reversed(before):
        if candidate.said.sentence != here:
            break
        if candidate.entity is not None and candidate.entity.kind == "PERSON":
            return candidate.entity != best.entity
    return False


def _modifiers(document: Document, token: int) -> frozenset[str] | None:
    """The words between "the" and the noun that say which one; null where a number does."""
    found: set[str] = set()
    for child in document.children(token):
        if child > token or document.lowers[child] in ("the", '"', "``", "''"):
            continue
        if document.tags[child] in ("CD", "JJS", "PDT") or document.lowers[child] in (
            "other", "first", "second", "third", "last", "next", "only", "rival", "parent",
        ):  # fmt: skip
            return None
        if document.lowers[child] not in _NEUTRAL:
            found.update(document.lowers[t] for t in document.subtree(child))
    return frozenset(found - {"-"} - _NEUTRAL)


def _is_of(
    noun: Noun,
    word: str,
    entity: Entity,
    traits: Sequence[Trait],
    words: frozenset[str],
    token: int,
) -> bool:
    """Whether the text, or the name itself, says that an entity is what the noun says."""
    if noun.kind == "PLACE":
        return entity.kind == "PLACE" and not words and _is_kind(entity.name, word)
    if entity.kind != noun.kind and not (entity.kind == "GROUP" and word == "group"):
        return False
    for trait in traits:
        if (
            trait.token < token
            and trait.noun in noun.said | {word}
            and (words <= trait.words or _is_national(words, trait.words))
        ):
            return True
    if entity.kind == "PERSON":
        return False
    parts = entity.name.lower().split()
    return bool(noun.own.intersection(parts)) and words <= set(parts)


def _is_national(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a description's words are a people's whose country is in the trait: "the Thai"."""
    left = words - others
    if len(left) != 1:
        return False
    (one,) = left
    country = _country(one)
    return country is not None and any(country == _country(w) for w in others)


@lru_cache(maxsize=5_000)
def _country(word: str) -> str | None:
    place = place_of_people(word.title())
    if place is None:
        readings = [r for r in find_readings(word) if r.place.kind == "country"]
        place = readings[0].place if readings else None
    return place.country_code if place is not None else None


@lru_cache(maxsize=5_000)
def _is_kind(name: str, word: str) -> bool:
    kinds, readings = _KINDS[word], find_readings(name)
    if not readings or readings[0].place.kind not in kinds:
        return False
    # "Georgia" may be a country or a state, and the text's own reading is not known here
    return not any(r.place.kind == "admin1" and r.prior >= _LARGE for r in readings[1:])


def _open(noun: Noun, before: Sequence[Candidate], here: int) -> dict[Entity, Candidate]:
    """The bodies near before of which nothing else is known: who "the company" may be."""
    found: dict[Entity, Candidate] = {}
    for candidate in before:
        entity = candidate.entity
        if entity is None or here - candidate.said.sentence > _NEAR:
            continue
        if entity.kind == "ORG" or (entity.kind == "GROUP" and not _is_people(entity.name)):
            found[entity] = candidate
    if any(load_closed().intersection(e.name.lower().split()) for e in found):
        return {}
    if "company" in noun.said and "inc" in noun.own and any(e.kind == "GROUP" for e in found):
        return {}
    return found


def _is_people(name: str) -> bool:
    """Whether a group's name is a people's or a faith's, which is no body: "Thai", "Sunnis"."""
    return _ADJECTIVE.search(name) is not None or _country(name.lower()) is not None


def _is_like(document: Document, rival: int, noun: Noun, word: str) -> bool:
    """Whether another noun is of the description's kind, and so may be what it stands for."""
    lemma = document.lemmas[rival].lower()
    return lemma == word or lemma in noun.said
