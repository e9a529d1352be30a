"""Bylines split into people; sections, agencies and addresses are not people."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from transforms.article.credits import is_agency
from transforms.article.linked import fold

_LEAD = re.compile(
    r"^\W*(?:(?:written|reported|words|text|story|posted|published|verfasst|geschrieben|escrito|"
    r"scritto|geschreven)\s+)?(?:by|von|par|por|door|di|de(?= [A-Z])|av|af|text|words|reporter|"
    r"author|autor|autora|auteur|autore)\b[:\s]\s*",
    re.I,
)
# where a byline goes on to the place, day or section
_AFTER = re.compile(
    r"\s+(?:in|on|at|from|for|aus|über|im|am|para|pour|dans|à)\s+(?=[^\s]).*|\s*(?:published|updated|posted|"
    r"last updated|veröffentlicht|aktualisiert|\d{1,2}[.:/]\d{2}|\d{1,2}\.? [A-Z][a-z]{2,}|"
    r"[A-Z][a-z]{2,8}\.? \d{1,2}\b).*",
    re.S,
)
_SPLIT = re.compile(
    r"\s*(?:[,;|/&+•·]|\b(?:and|und|et|y|e|og|och|en|with|mit)\b|\ba(?= [A-ZÁ-Ž]))\s*",
    re.I,
)
_NOISE = re.compile(
    r"https?:|www\.|@|\d|\b(?:staff|newsroom|editors?|editorial|desk|team|correspondents?|reporters?|"
    r"reuters|associated press|agence france|afp|ap|dpa|bloomberg|press association|pa media|"
    r"news agency|news service|agencies|agency|admin|administrator|contributors?|redaktion\w*|"
    r"redaction|redacción|redazione|redação|redactie|rédaction|wire|services?|news|magazine|times|post|"
    r"media|online|published|updated|updates?|minutes?|follow|image|photos?|getty|writer|column|"
    r"columnist|opinion|world|sports?|business|politics|health|culture|unknown|none|null|authors?|"
    r"twitter|facebook|instagram|whatsapp|linkedin|e-?mail|comments?|view|profile|subscribe|"
    r"read more|herald|gazette|tribune|chronicle|guardian|telegraph|journal|daily|weekly|today|"
    r"zeitung|nachrichten|verlag|presse|agentur|anonymous|press release|special|exclusive|"
    r"sponsored|advertorial|chief|director|manager|producer|freelance\w*|analyst|professor|bureau|network|"
    r"radio|tv|television|channel|club|university|institute|foundation|committee|ministry|"
    r"haber|haberleri|ajansı|noticias|notícias|notizie|nouvelles|nyheter)\b|"
    # newspapers, agencies and offices of East Asia
    r"(?:報|报|新聞|新闻|通信|通訊社|通讯社|網|网|編集部|신문|뉴스|일보)$",
    re.I,
)
# words of sites and pages that are surnames too; only a statement for machines is believed
_ALSO_SURNAMES = re.compile(r"(?:senior|guest|share|print)\b", re.I)
_ADDRESS = re.compile(r"https?:|www\.|\S@\S", re.I)
_TITLES = re.compile(r"^(?:dr|prof|mr|mrs|ms|sir|dame|lord|rev|fr)\.? (?=\w+ \w)", re.I)
_REPORTER = re.compile(r"\s*\(?(?:기자|記者|记者|특파원)\)?$|^(?:記者|文／|撰文)\s*[:：]?")
# names without a space: Chinese, Japanese and Korean
_UNSPACED = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,5}")
_NAME = re.compile(r"[^\W\d_][\w'’.\-‑]*(?: [^\W\d_][\w'’.\-‑]*){0,5}")
_LONGEST = 200


def split_authors(bylines: Iterable[str]) -> tuple[str, ...]:
    """The people of the first byline that names any, in order and each once."""
    for byline in bylines:
        people = _people(byline)
        if people:
            return people
    return ()


def merge_authors(
    bylines: Sequence[str], structured: Sequence[str], *, names: Collection[str] = ()
) -> tuple[str, ...]:
    """All people of structured bylines, which give one author each; else of the first byline.

    What is one of the `names` of the site, as `fold` gives them, is nobody, also where it looks
    like a name.
    """
    named = [p for byline in structured for p in _people(byline, stated=True)]
    for people in (named, *map(_people, bylines)):
        own = tuple(dict.fromkeys(p for p in people if fold(p) not in names))
        if own:
            return own
    return ()


def choose_byline(
    bylines: Iterable[str], names: Collection[str] = (), people: Collection[str] = ()
) -> str | None:
    """The first byline that names one of `people`, else that is more than an address.

    One of the site's own `names` is taken only where there is nothing else.
    """
    found = [b for b in bylines if b and not _ADDRESS.search(b)]
    naming = (b for b in found if any(name in b for name in people))
    others = (b for b in found if fold(_LEAD.sub("", b)) not in names)
    return next((b for bs in (naming, others, found) for b in bs), None)


def _people(byline: str, *, stated: bool = False) -> tuple[str, ...]:
    text = _LEAD.sub("", " ".join(byline.split()))
    if len(text) > _LONGEST or is_agency(text):
        return ()
    parts = (_tidy(part) for part in _SPLIT.split(text))
    return tuple(dict.fromkeys(p for p in parts if _is_person(p, stated=stated)))


def _tidy(part: str) -> str:
    bare = _LEAD.sub("", part.strip(" .,:-–—()[]*"))
    return _REPORTER.sub("", _AFTER.sub("", bare)).strip(" .,:-–—()[]*")


def _is_person(part: str, *, stated: bool) -> bool:
    words = part.split()
    if not words or is_agency(part) or _NOISE.search(part):
        return False
    if _ALSO_SURNAMES.search(part) and not (stated and 2 <= len(words) <= 3):
        return False
    return _UNSPACED.fullmatch(part) is not None or (
        1 < len(words) <= 6
        and _NAME.fullmatch(part) is not None
        and (words[0][0].isupper() or not words[0].isascii())
    )
