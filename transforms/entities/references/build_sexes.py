"""Builds sexes.tsv, first names with the sex nearly all their bearers have, from open data.

``python -m transforms.entities.references.build_sexes`` needs the packages names 0.3.0 (census of
the United States, 1990) and Faker 37.4.0 (first names of some seventy countries).
"""

from __future__ import annotations

import pkgutil
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from transforms.entities.cues import DATA
from transforms.entities.places import fold_name

_SURE = 20.0
"""How many times as often a first name must be of one sex in the census to be called its own."""
_MOST = 8
"""How many times as many countries must list it so; lists have errors."""
_BOTH = frozenset(
    {"alexis", "andrea", "ariel", "dominique", "gabriele", "jan", "jean", "joan", "kari", "kim",
     "laurence", "luca", "mika", "michele", "misha", "nicola", "nikita", "noa", "robin", "sasha",
     "simone", "vanja"}
)  # fmt: skip
"""First names that whole countries give to the other sex."""
_TABLES = {"f": "first_names_female", "m": "first_names_male"}


def main() -> None:
    """Write the table; a name that is of the other sex in another country is left out."""
    found: dict[str, Counter[str]] = {}
    for name, sex in (*_census(), *_abroad()):
        found.setdefault(name, Counter()).update(sex)
    lines = []
    for name, votes in sorted(found.items()):
        (sex, most), *_ = votes.most_common()
        if name not in _BOTH and most >= _MOST * (votes.total() - most):
            lines.append(f"{name}\t{sex}")
    head = (
        "# first name\tsex (f, m) of nearly all who bear it: census of the United States of 1990"
        " (U.S. Census Bureau, public domain) by way of names 0.3.0 (MIT), and Faker 37.4.0 (MIT)."
        " Made by build_sexes."
    )
    (DATA / "sexes.tsv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")


def _census() -> Iterator[tuple[str, str]]:
    """Names of the census in small letters, with f, m or both."""
    folder = Path(str(import_module("names").__file__)).parent
    shares: dict[str, dict[str, float]] = {}
    for sex, part in (("f", "female"), ("m", "male")):
        for line in (folder / f"dist.{part}.first").read_text(encoding="utf-8").splitlines():
            name, share, *_ = line.split()
            shares.setdefault(name.casefold(), {"f": 0.0, "m": 0.0})[sex] = float(share)
    for name, by in shares.items():
        sure = [sex for sex, other in ("fm", "mf") if by[sex] > by[other] * _SURE]
        yield name, sure[0] if sure else "fm"


def _abroad() -> Iterator[tuple[str, str]]:
    """Names of other countries, without accents, with f or m."""
    package = import_module("faker.providers.person")
    for module in pkgutil.iter_modules(package.__path__, "faker.providers.person."):
        if module.name.endswith((".en_US", ".en")):
            continue
        provider = import_module(module.name).Provider
        for sex, table in _TABLES.items():
            for name in getattr(provider, table, ()):
                folded = fold_name(name)
                if folded.isascii() and folded.isalpha() and len(folded) > 2:
                    yield folded, sex


if __name__ == "__main__":
    main()
