"""References as the rows they make, with the entities of the names they stand for."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transforms.entities.references.find import Reference
from transforms.text import Text, key_of
from warehouse.tables import MENTIONS, Coreference


def to_rows(text: Text, references: Sequence[Reference]) -> list[Coreference]:
    """The rows of the references that are clear, in order of position."""
    return [
        Coreference(
            start=found.start,
            end=found.end,
            rule=f"{found.form}.{found.mention.type.lower()}",
            form=found.form,
            type=found.mention.type,
            canonical_name=found.mention.canonical_name,
            mention_id=key_of(
                text.article_id,
                text.version,
                MENTIONS.name,
                found.mention.start,
                found.mention.end,
                found.mention.rule,
            ),
        )
        for found in references
        if found.is_clear
    ]


def link_references(references: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The references with the `entity_id` of their mentions, once those are linked."""
    known = dict(zip(mentions["mention_id"], mentions["entity_id"], strict=True))
    entities = [known.get(key) for key in references["mention_id"]]
    return references.assign(
        entity_id=pd.Series(entities, index=references.index, dtype=references["entity_id"].dtype)
    )
