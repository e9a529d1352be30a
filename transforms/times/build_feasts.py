"""Builds feasts.tsv, the days of movable feasts, from the calendars of the package holidays.

Run ``python -m transforms.times.build_feasts`` with the extra ``calendars`` installed. The same
package gives the same file. Sightings of the moon move an Islamic feast by a day in some countries.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

from transforms.times.lexicon import DATA

YEARS = range(1925, 2101)
TABLES = {
    "islamic._IslamicLunar": (
        "hijri_new_year", "ashura", "mawlid", "ramadan_beginning", "eid_al_fitr", "eid_al_adha",
    ),
    "hebrew._HebrewLunisolar": (
        "purim", "passover", "shavuot", "rosh_hashanah", "yom_kippur", "sukkot", "hanukkah",
    ),
    "hindu._HinduLunisolar": ("diwali", "holi"),
    "chinese._ChineseLunisolar": ("lunar_new_year", "dragon_boat", "mid_autumn"),
}  # fmt: skip
HEADER = (
    "# Days of feasts of lunar and lunisolar calendars, {first} to {last}: name, days. Made by\n"
    "# transforms/times/build_feasts.py from the package holidays {version}"
    " (https://github.com/vacanza/holidays), MIT.\n"
)


def main() -> None:
    """Write the table."""
    version = import_module("holidays").__version__
    lines = [HEADER.format(first=YEARS.start, last=YEARS[-1], version=version)]
    for place, names in TABLES.items():
        module, _, calendar = place.partition(".")
        source = getattr(import_module(f"holidays.calendars.{module}"), calendar)
        for name in names:
            days = " ".join(
                day.isoformat() for day in _days(getattr(source, f"{name.upper()}_DATES"))
            )
            lines.append(f"{name}\t{days}\n")
    (DATA / "feasts.tsv").write_text("".join(lines), encoding="utf-8")


def _days(by_year: dict[int, Any]) -> Iterator[date]:
    """The days of a feast in order; a feast of a lunar year may fall twice into a civil one."""
    for year in YEARS:
        found = by_year.get(year, ())
        for month, day in (
            found if found and isinstance(found[0], tuple) else (found,) * bool(found)
        ):
            yield date(year, month, day)


if __name__ == "__main__":
    main()
