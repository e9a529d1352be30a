"""Forms of one name in a document, gathered under the fullest."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "dr", "sir", "lord", "lady", "dame", "president", "minister",
        "senator", "sen", "rep", "gov", "governor", "gen", "general", "col", "colonel", "capt",
        "captain", "lt", "sgt", "prof", "professor", "rev", "judge", "justice", "king", "queen",
        "prince", "princess", "pope",
    }
)  # fmt: skip
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_BODIES = frozenset({"ORG", "EVENT", "OTHER"})
_NATIONAL = re.compile(r"(?:U\.S\.|US|UK|U\.K\.|U\.N\.|UN|[A-Z]\w+(?:ian|an|ish|ese)) ")
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "de", "la", "&"})


def cluster_names(names: list[tuple[str, str]], aliases: dict[str, str]) -> list[str]:
    """The fullest form of each name, in the same order.

    A surname stands for the full name that ends in it, if only one does; two people of one
    surname keep it ambiguous, so it stays alone. An acronym stands for the organisation that
    brackets or initials tie it to, the first words of an organisation for the whole, and
    capitals for the same name in small letters. The order of names does not matter.

    Args:
        names: surface and mention type, in order of position.
        aliases: acronym to the name it stands for.
    """
    plain = [(" ".join(surface.split()), kind) for surface, kind in names]
    written = _small_letters(plain)
    plain = [(written.get((name, kind), name), kind) for name, kind in plain]
    people = _people({name for name, kind in plain if kind == "PERSON"})
    bodies = _organisations({name for name, kind in plain if kind in _BODIES})
    found = []
    for name, kind in plain:
        if kind == "PERSON":
            name = people.get(name, name)
        elif kind in _BODIES:
            name = " ".join(aliases.get(name, bodies.get(name, name)).split())
        found.append(name)
    return found


def _small_letters(names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names in capitals as the document writes them elsewhere, if it writes them one way."""
    forms: dict[tuple[str, str], set[str]] = {}
    for name, kind in names:
        if not name.isupper():
            forms.setdefault((name.upper(), kind), set()).add(name)
    return {key: next(iter(form)) for key, form in forms.items() if len(form) == 1}


def plain_words(name: str) -> list[str]:
    """The words of a person's name in small letters, without titles and suffixes."""
    words = [word.strip(".,").casefold() for word in name.split()]
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return words


def _people(names: set[str]) -> dict[str, str]:
    """Short names of people and the only full name that holds each."""
    words = {name: plain_words(name) for name in sorted(names) if name}
    full = {name: parts for name, parts in words.items() if len(parts) > 1}
    by_word: dict[str, list[str]] = {}
    for name, parts in full.items():
        for part in {parts[0], parts[-1]}:
            by_word.setdefault(part, []).append(name)
    found = {}
    for name, parts in words.items():
        others = [o for o in by_word.get(parts[-1], ()) if o != name]
        if len(parts) == 1:
            # a surname before a first name: "Khan" is not "Khan Muhammad" while there is another
            last = [o for o in others if full[o][-1] == parts[0]]
            others = last or others
        else:
            others = [o for o in others if _shortens(parts, full[o])]
        longest = max(others, key=lambda o: (len(full[o]), len(o), o), default=None)
        if longest is not None and all(
            o == longest or _shortens(full[o], full[longest]) for o in others
        ):
            found[name] = longest
    return found


def _shortens(short: list[str], full: list[str]) -> bool:
    """Whether a name leaves words of a fuller one out, or has initials for them."""
    if len(short) > len(full) or short[-1] != full[-1] or short == full:
        return False
    rest = iter(full)
    return all(any(word == w or (len(word) == 1 and w[:1] == word) for w in rest) for word in short)


def _organisations(names: set[str]) -> dict[str, str]:
    """Acronyms and first words of organisations and the only longer name each fits."""
    fits: dict[str, set[str]] = {}
    for name in names:
        words = name.split()
        if len(words) < 2:
            continue
        big = [word for word in words if word.casefold() not in _SMALL]
        initials = {"".join(w[0] for w in big).upper(), "".join(w[0] for w in words).upper()}
        dotted = {".".join(i) + "." for i in initials}
        for short in initials | dotted:
            if len(short) > 2:
                fits.setdefault(short, set()).add(name)
        for count in range(1, len(words)):
            fits.setdefault(" ".join(words[:count]), set()).add(name)
        if (nation := _NATIONAL.match(name)) is not None:
            fits.setdefault(name[nation.end() :], set()).add(name)
    return {s: next(iter(full)) for s, full in fits.items() if s in names and len(full) == 1}
