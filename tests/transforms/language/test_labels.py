"""Pipelines with other labels than the default one's."""

from __future__ import annotations

import pytest

from transforms.entities.find import find_mentions
from transforms.entities.modelled import TYPES
from transforms.language.labels import load_labels, to_ontonotes
from transforms.language.pipeline import SpacyPipeline, load_language
from transforms.text import Text


@pytest.mark.parametrize(
    ("label", "wanted"),
    [("PER", "PERSON"), ("B-LOC", "LOC"), ("Political Party", "ORG"), ("GPE", "GPE"),
     ("MISC", "MISC"), ("CARDINAL", "CARDINAL")],
)  # fmt: skip
def test_labels_of_other_schemes(label: str, wanted: str) -> None:
    assert to_ontonotes(label) == wanted


def test_every_label_leads_to_a_type_of_mention() -> None:
    assert set(load_labels().values()) <= TYPES.keys()


def test_a_pipeline_with_other_labels_gives_mentions() -> None:
    nlp = load_language().nlp
    nlp.disable_pipe("ner")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [{"label": "political party", "pattern": "Zelena Lista"},
         {"label": "PER", "pattern": "Brank Dolin"}]
    )  # fmt: skip
    text = "Brank Dolin of Zelena Lista lost."
    (document,) = SpacyPipeline(nlp, "other").parse([text])
    found = {text[m.start : m.end]: m.type for m in find_mentions(Text("a", "v", text), document)}
    assert found == {"Brank Dolin": "PERSON", "Zelena Lista": "ORG"}
