"""The headline of a page, of the several it states, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from transforms.article.linked import fold

_TAIL = re.compile(r"^(.*\S)(?:\s+[-–—|·•»›:/]+\s+|\s*[|｜]\s*|\s*：)(\S.*)$", re.S)
_HEAD = re.compile(r"^(\S[^|｜]*?)\s*[|｜]\s*(\S.*)$", re.S)
_PIPED = re.compile(r"\s+\|\s+[^|]{2,40}$")
_DOMAIN = re.compile(r"\.[a-z]{2,10}(?:\.[a-z]{2})?$", re.I)
_LIMIT = 95
"""Characters to which headlines are cut for machines (a limit of 110 stood in Google's rules)."""


def choose_headline(
    stated: Sequence[str],
    shared: Sequence[str],
    headings: Sequence[str],
    title: str | None,
    names: Collection[str],
) -> str | None:
    """The article's headline.

    JSON-LD says best what the newsroom wrote. Where the heading on the page only repeats it and
    the headline for sharing is another and fuller one, that is taken: lines are shortened for
    search results. So is one that adds a kicker, where the heading shows it, or what was cut off.

    Args:
        stated: headlines of the page's JSON-LD.
        shared: those of OpenGraph and other previews, best first.
        headings: the texts of its ``h1``.
        title: the text of its ``title``.
        names: the names of the site, as `fold` gives them.
    """
    known = {fold(h) for h in (*stated, *headings)} - {""}
    headings = [h for h in headings if fold(h) and fold(h) not in names]
    own, for_sharing = (
        next((c for h in found if fold(c := without_site(h, names, known)) not in names), None)
        for found in (stated, shared)
    )
    if own and for_sharing:
        return _prefer(own, for_sharing, {fold(h) for h in headings})
    if own or for_sharing:
        return own or for_sharing
    page = without_site(title, names, known) if title else None
    told = [h for h in headings if page and fold(h) in fold(page)]
    return next(
        iter([*told, *([page] if page and fold(page) not in names else []), *headings]), None
    )


def _prefer(own: str, shared: str, headings: set[str]) -> str:
    one, other = fold(own), fold(shared)
    if one == other or one == "" or other in one:
        return own
    if one in other:
        cut = other.startswith(one) and (len(own) >= _LIMIT or own.rstrip().endswith(("…", "...")))
        return shared if cut or other in headings else own
    return shared if one in headings and len(shared) > len(own) else own


def without_site(headline: str, names: Collection[str], known: Collection[str]) -> str:
    """`headline` without the name of the site at either end, such as " | The Gazette".

    A tail is the site's where it is one of its `names`, or where what stands before it is one of
    the headlines `known` without; what is wholly known is left as it is.
    """
    headline = " ".join(headline.split())
    if fold(headline) in known and not _named_tail(headline, names):
        return headline
    while match := _TAIL.match(headline):
        if not (_is_name(match[2], names) or fold(match[1]) in known):
            break
        headline = match[1].strip()
    match = _HEAD.match(headline)
    if match and (_is_name(match[1], names) or fold(match[2]) in known):
        headline = match[2]
    return headline if fold(headline) in known else _PIPED.sub("", headline).strip()


def _named_tail(headline: str, names: Collection[str]) -> bool:
    match = _TAIL.match(headline)
    return match is not None and _is_name(match[2], names)


def _is_name(part: str, names: Collection[str]) -> bool:
    return fold(part) in names or fold(_DOMAIN.sub("", part.strip())) in names
