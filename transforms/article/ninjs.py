"""An IPTC ninjs document, of version 1, 2 or 3, to an article.

Source of the names: the ninjs schemas 1.8, 2.4 and 3.3 of the IPTC (CC BY 4.0). Version 3 writes
``versionCreated`` where 2 writes ``versioncreated`` and 1 ``body_text`` where both have a list of
``bodies``: names are compared without case and the parts that moved are looked for in both places.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from transforms.article.address import canonical_url
from transforms.article.authors import choose_byline, split_authors
from transforms.article.corrections import find_corrections
from transforms.article.credits import find_credit_lines, find_credits, to_agencies
from transforms.article.dateline import find_dateline
from transforms.article.dates import choose_published, judge_dates, parse_date
from transforms.article.decode import decode
from transforms.article.language import find_language
from transforms.article.markup import read_paragraphs
from transforms.article.model import DateCandidate, Extracted, RawPage, Rejected

_TEXTUAL = frozenset({"text", "composite", "component"})
_SILENT = {
    "withheld": "its publisher withholds it",
    "canceled": "its publisher has cancelled it",
    "cancelled": "its publisher has cancelled it",
}
_KNOWN = frozenset({"uri", "bodies", "headlines", "headline"})
_DATES = ("firstcreated", "versioncreated", "contentcreated")
_SPACE = re.compile(r"\s+")
_MARKED = re.compile(r"<[A-Za-z/!]|&#?\w+;")
_MARKUP = re.compile(r"html|xml|nitf", re.I)
_SURROGATE = re.compile("[\ud800-\udfff]")


def extract_ninjs(raw: RawPage) -> Extracted:
    """The article of one ninjs document.

    The body is its marked-up rendition where there is one, since only that tells paragraphs apart;
    a first line that repeats the headline is left out. What was published when is the creation of
    the first version, else of this one, else of the content.

    Raises:
        Rejected: ``empty``, ``binary``, ``encoding``, ``json``, ``not_an_object``, ``not_ninjs``,
            ``wrong_type``, ``not_text`` (a picture, a film...), ``withheld``, ``embargoed``,
            ``bad_date`` or ``no_text``.
    """
    item = _item(raw)
    headline = _prose(_best(item, "headlines", "headline", raw)) or _string(item, "title", raw)
    text = _text(item, headline, raw)
    bylines = [b for b in (_string(item, name, raw) for name in ("by", "byline")) if b]
    holder = _string(item, "copyrightholder", raw)
    sources = [*_named(item, "infosources"), *_named(item, "infosource")]
    holders = [*bylines, *sources, *([holder] if holder else [])]
    dates = [DateCandidate(f"ninjs:{n}", v) for n in _DATES if (v := _string(item, n, raw))]
    candidates = (*raw.dates, *dates)
    published_at, method = choose_published(candidates, raw.fetched_at)
    modified_at, modified_method = choose_published(
        [d for d in dates if d.method == "ninjs:versioncreated"], raw.fetched_at
    )
    language = _string(item, "language", raw)
    return Extracted(
        url=raw.url if raw.url.startswith("http") else None,
        canonical_url=_identity(item, raw),
        text=text,
        headline=headline,
        byline=choose_byline(bylines),
        authors=split_authors(bylines),
        dateline=find_dateline(text) or _string(item, "located", raw),
        credits=tuple(dict.fromkeys([*find_credits(text), *to_agencies(", ".join(holders))])),
        credit_lines=find_credit_lines(text.split("\n")),
        corrections=find_corrections(text.split("\n")),
        language=find_language(text, [language] if language else []),
        published_at=published_at,
        published_method=method,
        published_candidates=judge_dates(candidates, raw.fetched_at),
        modified_at=modified_at,
        modified_method=modified_method,
        reservations=tuple(_reservations(item, raw)),
    )


def _item(raw: RawPage) -> dict[str, Any]:
    """The document, its names without case; refused where it is no text to publish now."""
    try:
        found = json.loads(decode(raw.body, raw.content_type, where=raw.url))
    except (ValueError, RecursionError) as error:
        raise Rejected("json", f"{raw.url} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Rejected("not_an_object", f"{raw.url} is no ninjs document but a list or a value")
    item: dict[str, Any] = _folded(found)
    if not any(n in _KNOWN or n.startswith("body_") for n in item):
        raise Rejected("not_ninjs", f"{raw.url} has no uri, headline or body: is it ninjs?")
    kind = (_string(item, "type", raw) or "text").lower()
    if kind not in _TEXTUAL:
        raise Rejected("not_text", f"{raw.url} is of type {kind!r}: only texts become articles")
    status = (_string(item, "pubstatus", raw) or "usable").lower()
    if status in _SILENT:
        raise Rejected("withheld", f"{raw.url} is not for publication: {_SILENT[status]}")
    stated = _string(item, "embargoed", raw)
    embargo = parse_date(stated) if stated else None
    if stated and embargo is None:
        raise Rejected("bad_date", f"{raw.url}: 'embargoed' is {stated!r}: give ISO 8601")
    if embargo is not None and embargo > raw.fetched_at:
        raise Rejected("embargoed", f"{raw.url} is embargoed until {embargo.isoformat()}")
    return item


def _folded(value: Any, depth: int = 0) -> Any:
    """`value` with the names of its outer objects in lower case."""
    if isinstance(value, dict) and depth < 4:
        return {str(name).lower(): _folded(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list) and depth < 4:
        return [_folded(part, depth + 1) for part in value]
    return value


def _string(item: dict[str, Any], name: str, raw: RawPage) -> str | None:
    value = item.get(name)
    if value is not None and not isinstance(value, str):
        raise Rejected("wrong_type", f"{raw.url}: {name!r} is {type(value).__name__}, not a string")
    if value is not None and _SURROGATE.search(value):
        raise Rejected("encoding", f"{raw.url}: {name!r} holds half a surrogate pair")
    return _SPACE.sub(" ", value).strip() or None if value is not None else None


def _values(item: dict[str, Any], name: str, raw: RawPage) -> Iterator[tuple[str, str, str]]:
    """Role, content type and text of each rendition in the list `name`."""
    entries = item.get(name) or []
    if not isinstance(entries, list):
        raise Rejected("wrong_type", f"{raw.url}: {name!r} is no list")
    for entry in entries:
        value = entry.get("value") if isinstance(entry, dict) else None
        if isinstance(value, str) and value.strip():
            if _SURROGATE.search(value):
                raise Rejected("encoding", f"{raw.url}: {name!r} holds half a surrogate pair")
            role = str(entry.get("role") or "")
            yield role, str(entry.get("contenttype") or role), value


def _best(item: dict[str, Any], plural: str, singular: str, raw: RawPage) -> str | None:
    """The main one of several headlines; that of version 1, which has one."""
    found = list(_values(item, plural, raw))
    main = [value for role, _, value in found if role.lower() == "main"]
    return next(iter([*main, *(value for _, _, value in found)]), _string(item, singular, raw))


def _prose(value: str | None) -> str | None:
    """`value` as one line, without markup."""
    if value and _MARKED.search(value):
        value = " ".join(read_paragraphs(value))
    return _SPACE.sub(" ", value or "").strip() or None


def _text(item: dict[str, Any], headline: str | None, raw: RawPage) -> str:
    bodies = list(_values(item, "bodies", raw))
    # of version 1: body_text, body_xhtml, body_nitf...
    for name in sorted(n for n in item if n.startswith("body_")):
        value = item[name]
        if isinstance(value, str) and value.strip() and not _SURROGATE.search(value):
            bodies.append(("", name, value))
    for _, kind, value in sorted(bodies, key=_preference):
        marked = bool(_MARKUP.search(kind)) or (not kind and value.lstrip().startswith("<"))
        lines = read_paragraphs(value) if marked else _lines(value)
        if lines and headline and _bare(lines[0]) == _bare(headline):
            lines = lines[1:]
        if lines:
            return "\n".join(lines)
    raise Rejected("no_text", f"{raw.url} has no body with text in it")


def _preference(body: tuple[str, str, str]) -> tuple[bool, int]:
    """Main bodies first; of them XHTML and HTML, which have paragraphs, then text, then others."""
    role, kind, value = body[0].lower(), body[1].lower(), body[2]
    if "html" in kind or (not kind and value.lstrip().startswith("<")):
        order = 0 if re.search(r"<(?:p|br|div)\b", value, re.I) else 1
    else:
        order = 3 if _MARKUP.search(kind) else 1 if "plain" in kind or "text" in kind else 2
    return "caption" in role or "summary" in role, order


def _lines(text: str) -> list[str]:
    return [line for part in text.splitlines() if (line := _SPACE.sub(" ", part).strip())]


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _named(item: dict[str, Any], name: str) -> list[str]:
    found = item.get(name)
    entries = found if isinstance(found, list) else []
    named = (e.get("name") for e in entries if isinstance(e, dict))
    return [name for name in named if isinstance(name, str)]


def _identity(item: dict[str, Any], raw: RawPage) -> str | None:
    """What tells the item from others in all its versions: its URI, which need not be a URL."""
    uri = _string(item, "uri", raw)
    if uri is None:
        return canonical_url(None, raw.url)
    # the item names itself, wherever it was delivered from
    return canonical_url(uri, "") or uri


def _reservations(item: dict[str, Any], raw: RawPage) -> Iterator[str]:
    terms = _string(item, "usageterms", raw)
    if terms:
        yield f"usageterms:{terms}"
    rights = item.get("rightsinfo")
    for entry in rights if isinstance(rights, list) else [rights]:
        linked = entry.get("linkedrights") if isinstance(entry, dict) else None
        if isinstance(linked, str):
            yield f"rightsinfo:{linked}"
