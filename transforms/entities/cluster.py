"""Forms of one name in a document, gathered under the fullest."""

from __future__ import annotations


def cluster_names(names: list[tuple[str, str]], aliases: dict[str, str]) -> list[str]:
    """The fullest form of each name, in the same order.

    A person's surname stands for the full name that ends in it, if only one does; two people of
    one surname keep it ambiguous, so it stays alone.

    Args:
        names: surface and mention type, in order of position.
        aliases: acronym to the name it stands for.
    """
    full: dict[str, set[str]] = {}
    for surface, kind in names:
        words = surface.split()
        if kind == "PERSON" and len(words) > 1:
            full.setdefault(words[-1].casefold(), set()).add(" ".join(words))
    found = []
    for surface, kind in names:
        plain = " ".join(surface.split())
        people = full.get(plain.casefold(), ())
        if kind == "PERSON" and len(people) == 1:
            plain = next(iter(people))
        elif kind == "ORG":
            plain = " ".join(aliases.get(plain, plain).split())
        found.append(plain)
    return found
