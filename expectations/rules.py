"""The rules of every table: those of its declaration, then those of its domain."""

from __future__ import annotations

from functools import cache

from expectations.articles import ARTICLE_RULES, current_version_comes
from expectations.claims import CLAIM_RULES, EVENT_RULES, TOLD_RULES
from expectations.mentions import MENTION_RULES
from expectations.quantities import QUANTITY_RULES
from expectations.quotes import QUOTE_RULES
from expectations.references import reference_rules
from expectations.rule import Rule
from expectations.spans import FACT_RULES, version_known
from expectations.structure import structure_rules
from expectations.times import TIME_RULES
from warehouse.tables import BY_NAME

DOMAIN: dict[str, tuple[Rule, ...]] = {
    "article_versions": ARTICLE_RULES,
    "articles": (current_version_comes,),
    "readings": (version_known,),
    "duplicates": (version_known,),
    "mentions": (*FACT_RULES, *MENTION_RULES),
    "inner_places": FACT_RULES,
    "coreferences": FACT_RULES,
    "quantities": (*FACT_RULES, *QUANTITY_RULES),
    "times": (*FACT_RULES, *TIME_RULES),
    "quotes": (*FACT_RULES, *QUOTE_RULES),
    "nested_quotes": (*FACT_RULES, *QUOTE_RULES),
    "headline_quotes": (*FACT_RULES, *QUOTE_RULES),
    "claims": (*FACT_RULES, *TOLD_RULES, *CLAIM_RULES),
    "events": (*FACT_RULES, *TOLD_RULES, *EVENT_RULES),
}


@cache
def rules_of(table: str) -> tuple[Rule, ...]:
    """All rules of a declared table.

    Raises:
        KeyError: no such table is declared.
    """
    return (
        *structure_rules(BY_NAME[table]),
        *DOMAIN.get(table, ()),
        *reference_rules(table),
    )


def find_rule(table: str, rule_id: str) -> Rule | None:
    """The rule with this id; null for one that the code no longer has."""
    if table not in BY_NAME:
        return None
    return next((r for r in rules_of(table) if r.id == rule_id), None)
