"""What the words beside a name, and the publisher's address, say of the place meant."""

from __future__ import annotations

import re
from functools import lru_cache

from transforms.entities.readings import find_readings

_AFTER = re.compile(
    r"['\u2019]?s? ?(?:(?P<county>count(?:y|ies)|parish|township|district|borough|Count(?:y|ies)"
    r"|Parish|Sheriff|sheriff)"
    r"|(?P<state>state|province|region|oblast|area|republic|governorate|prefecture|territory"
    r"|Governor|governor|Gov\.|State|Province|Region|Oblast|legislature|Legislature|lawmakers)"
    r"|(?P<border>border|state line)"
    r"|(?P<city>city|town|village|mayor|Mayor|airport|Airport|suburb|Police Department"
    r"|City Council|port|harbor))\b"
)
_BEFORE = re.compile(
    r"(?:(?P<county>\b[Cc]ounty(?: of)?|parish of|district of)"
    r"|(?P<state>\b(?:state|province|region|republic|governor|territory|State|Province|Governor"
    r"|governorate|prefecture|island) of(?: the)?)"
    r"|(?P<city>\b(?:city|town|village|port|mayor|City|Town|Village|Mayor|capital|suburb|streets"
    r"|outskirts) of(?: the)?|\b(?:city|town|village|capital|port|downtown|Downtown)))\s$"
)
_LEFT = 24
_OUTLET = re.compile(
    r"https?://(?:[^/?#]*\.)?([a-z0-9-]+)\.(?:com|net|org|co\.\w\w|\w\w)(?=[:/?#]|$)"
)
_PAPER = re.compile(
    r"^(?:the|my|i|daily)|(?:the|daily|evening|morning|sunday|weekly|online|news|newspapers?|paper"
    r"|times|post|herald|journal|tribune|gazette|press|star|sun|record|today|leader|ledger|courier"
    r"|dispatch|enterprise|examiner|independent|mercury|messenger|observer|register|reporter"
    r"|republican|sentinel|standard|telegraph|telegram|union|world|chronicle|citizen|argus|advocate"
    r"|banner|beacon|bulletin|echo|free|mail|live|state|local|city|eagle|voice|tv|radio|pi|hub)+$"
)
_HOST = re.compile(r"https?://[^/?#]*\.([A-Za-z]+)(?=[:/?#]|$)")
_AMERICAN = re.compile(
    r"[A-Z]\w+ (?P<county>County|Parish)\b(?! (?:Council|Cricket|Court\b|FC|Championship|Church))"
    r"|\b(?:(?P<sheriff>[Ss]heriff['\u2019]s)"
    r"|(?P<school>School (?:District|Board)|Board of Education|[A-Z]\w+ High School"
    r"|Middle School|Elementary)"
    r"|(?P<court>(?:Superior|Circuit) Court|District Attorney|[Gg]rand jury)"
    r"|(?P<police>Police Department|[Ff]ire [Dd]epartment|State Police|Highway Patrol)"
    r"|(?P<road>Interstate|I-\d|(?:U\.S\.|US|State) (?:Highway|Route)|U\.S\. \d)"
    r"|(?P<party>[Ss]tate (?:Sen|Rep)\.|(?:D|R)-[A-Z])|(?P<town>aldermen|[Tt]ownship)"
    r"|(?P<phone>\(\d{3}\) \d{3}-\d{4}|(?<![\d-])\d{3}-\d{4}\b))"
)
"""What local news of the United States names, by kind."""
_ENOUGH = 2
"""Kinds from which a text is surely local news of that country."""
_PLURAL = re.compile(r"(?= (?:counties|parishes|states)\b)")
_LIST = re.compile(r"(?:, (?:and |or )?|,? and |,? or )[A-Z]\w+(?: [A-Z]\w+)?")
_KINDS = {
    "county": frozenset({"admin2"}),
    "state": frozenset({"admin1"}),
    "border": frozenset({"admin1", "country"}),
    "city": frozenset({"city"}),
}
_TOP = {
    "uk": "GB", "ie": "IE", "au": "AU", "nz": "NZ", "ca": "CA", "in": "IN", "za": "ZA",
    "pk": "PK", "ng": "NG", "ke": "KE", "il": "IL", "sg": "SG", "my": "MY", "ph": "PH",
    "us": "US", "gov": "US", "mil": "US", "jm": "JM", "gh": "GH", "lk": "LK", "bd": "BD",
    "np": "NP", "ug": "UG", "tz": "TZ", "zw": "ZW", "ae": "AE", "hk": "HK", "de": "DE",
    "fr": "FR", "it": "IT", "es": "ES", "ru": "RU", "cn": "CN", "jp": "JP", "kr": "KR",
}  # fmt: skip
"""Top-level domain to country; those sold as words (tv, me, co) say nothing."""


def find_described(text: str, start: int, end: int) -> frozenset[str]:
    """Kinds of place that the words beside a name say it is; empty where they do not.

    In a list the word that closes it holds for all: "Cook, Grayson and Love counties".
    """
    at = end
    while (following := _LIST.match(text, at)) is not None:
        at = following.end()
    after = at if at > end and _PLURAL.match(text, at) else end
    before = _BEFORE.search(text, max(0, start - _LEFT), start)
    for match in (_AFTER.match(text, after), before):
        if match is not None and match.lastgroup is not None:
            return _KINDS[match.lastgroup]
    return frozenset()


@lru_cache(maxsize=1_000)
def find_home(url: str | None) -> dict[str, float]:
    """How likely the publisher is of each country, by its address."""
    host = _HOST.match(url or "")
    country = _TOP.get(host[1].casefold()) if host is not None else None
    return {country: 1.0} if country else {}


def find_setting(text: str) -> dict[str, float]:
    """How likely a text is local news of each country, by the offices and things it names."""
    kinds = {match.lastgroup for match in _AMERICAN.finditer(text)}
    return {"US": min(1.0, len(kinds) / _ENOUGH)} if kinds else {}


@lru_cache(maxsize=1_000)
def find_outlet(url: str | None) -> str | None:
    """The town in a publisher's address: "leedsherald.com"; null where none is."""
    host = _OUTLET.match(url or "")
    if host is None:
        return None
    label = host[1].replace("-", "")
    while (shorter := _PAPER.sub("", label)) != label:
        label = shorter
    is_town = len(label) > 3 and label != host[1] and bool(find_readings(label))
    return label if is_town else None
