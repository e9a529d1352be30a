"""Names in a text: the model's, corrected, and those that rules are sure of."""

from __future__ import annotations

from transforms.entities.agree import agree_types
from transforms.entities.capitals import find_capitals, find_datelines, find_loud_lines
from transforms.entities.cluster import cluster_names
from transforms.entities.context import read_context
from transforms.entities.events import find_events
from transforms.entities.extend import extend_people
from transforms.entities.found import Found, keep_apart
from transforms.entities.known import find_acronyms, find_bracketed, find_known
from transforms.entities.modelled import TYPES, find_modelled
from transforms.entities.offices import find_office
from transforms.entities.peoples import find_peoples
from transforms.entities.placed import find_countries, find_placed, find_roads, find_seats
from transforms.entities.results import find_results
from transforms.entities.roles import find_role
from transforms.entities.spread import spread_names
from transforms.entities.wide import find_wide
from transforms.language.document import Document
from transforms.text import Text
from warehouse.tables import Mention

VERSION = "6"


def find_mentions(text: Text, document: Document) -> list[Mention]:
    """Names in order of position, not overlapping, each with its fullest form in the document.

    Args:
        text: the article version the document was parsed from.
        document: its parse.
    """
    kept = find_names(document)
    aliases = find_acronyms(document.text, kept)
    surfaces = [(document.text[name.start : name.end], name.kind) for name in kept]
    names = cluster_names(surfaces, aliases)
    offices = [_office(document, kept, names, at) for at in range(len(kept))]
    return [
        Mention(
            start=name.start,
            end=name.end,
            rule=name.rule,
            type=name.kind,
            canonical_name=full,
            role=find_role(document, name),
            title=title,
            title_of=title_of,
        )
        for name, full, (title, title_of) in zip(kept, names, offices, strict=True)
    ]


def _office(
    document: Document, found: list[Found], names: list[str], at: int
) -> tuple[str | None, str | None]:
    """The office said with a name, and the canonical name of whom it serves."""
    office = find_office(document, found, at)
    if office is None:
        return None, None
    title = " ".join(document.text[office.start : office.end].split())
    return title, names[office.served] if office.served is not None else None


def find_names(document: Document) -> list[Found]:
    """Names with the types that the whole document agrees on, in order of position."""
    text = document.text
    context = read_context(document)
    taken = bytearray(len(text))
    modelled = find_modelled(document)
    known = find_known(text)
    # a longer name of the model's is another name: "Associated Press Managing Editors"
    kept = keep_apart(find_results(text, context.is_sport), taken)
    kept += keep_apart([n for n in known if not _is_inside(n, modelled)], taken)
    kept += keep_apart(find_datelines(text), taken)
    kept += keep_apart(find_seats(text), taken)
    kept += keep_apart(find_roads(text), taken)
    kept += keep_apart(find_events(text), taken)
    peoples = find_peoples(document)
    said = {(n.start, n.end) for n in peoples}
    kept += keep_apart([n for n in modelled if (n.start, n.end) not in said], taken)
    kept += keep_apart(find_bracketed(text, modelled), taken)
    kept += keep_apart(find_wide(document, taken), taken)
    kept += keep_apart(peoples, taken)
    kept += keep_apart(find_capitals(text), taken)
    kept += keep_apart(find_countries(document, taken), taken)
    kept += keep_apart(find_placed(document, taken), taken)
    kept.sort()
    kept = extend_people(document, agree_types(context, kept))
    kept = _without_noise(text, kept)
    taken = bytearray(len(text))
    kept = keep_apart(kept, taken)
    kept += keep_apart(spread_names(document, kept), taken)
    kept.sort()
    kept = extend_people(document, kept)
    return agree_types(context, kept)


def _without_noise(text: str, found: list[Found]) -> list[Found]:
    """Without the model's names in lines that are all capitals, unless said elsewhere too."""
    loud = find_loud_lines(text)
    if not loud:
        return found
    inside = [any(s <= n.start < e for s, e in loud) for n in found]
    plain = {text[n.start : n.end].upper() for n, i in zip(found, inside, strict=True) if not i}
    return [
        n
        for n, is_loud in zip(found, inside, strict=True)
        if not is_loud or n.rule not in TYPES or text[n.start : n.end].upper() in plain
    ]


def _is_inside(name: Found, wider: list[Found]) -> bool:
    return any(
        w.start <= name.start and name.end <= w.end and w.end - w.start > name.end - name.start
        for w in wider
    )
