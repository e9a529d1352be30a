"""Names by GLiNER, which is asked for kinds of names in plain words: a spaCy component.

Needs the extra `gliner`. The model is a folder with a model's files, or the name of one on the
Hugging Face hub, which is then loaded over the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc

LABELS = ("person", "organization", "political party", "armed group", "country", "city",
          "location", "facility", "nationality", "event", "product", "law")  # fmt: skip
"""What the model is asked for unless told otherwise; labels.tsv says what each stands for."""
BATCH = 16
"""Sentences that the model reads at a time."""


class Finder(Protocol):
    """What is asked of a GLiNER model."""

    def inference(
        self,
        texts: list[str],
        labels: list[str],
        *,
        flat_ner: bool,
        threshold: float,
        batch_size: int,
    ) -> list[list[dict[str, Any]]]:
        """The names of each text: dicts with start, end and label, not overlapping."""
        ...  # fmt: skip


@Language.factory(
    "dateline_gliner",
    assigns=["doc.ents"],
    default_config={"model": "", "labels": list(LABELS), "threshold": 0.5},
)
def make_namer(
    nlp: Language, name: str, model: str, labels: list[str], threshold: float
) -> GlinerNamer:
    """The component that an engine file's [pipe] asks for.

    Raises:
        ValueError: GLiNER is not installed, no model or label was named, or there is no such model.
    """
    if not model:
        raise ValueError("`config` wants `model`, a folder or a name on the hub")
    if not labels:
        raise ValueError("`config` wants at least one of `labels`")
    try:
        gliner = import_module("gliner")
    except ImportError as error:
        raise ValueError("GLiNER is missing: pip install 'dateline[gliner]'") from error
    try:
        finder = gliner.GLiNER.from_pretrained(model)
    except (OSError, ValueError, RuntimeError) as error:  # no such model, or files of another kind
        raise ValueError(f"no GLiNER model can be loaded from {model!r}: {error}") from error
    return GlinerNamer(finder, labels, threshold)


class GlinerNamer:
    """Gives a document the names that a model finds in its sentences."""

    def __init__(self, finder: Finder, labels: Sequence[str], threshold: float) -> None:
        self.finder = finder
        self.labels = list(labels)
        self.threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        """The document with its names; a model reads only some hundred words at a time."""
        from spacy.util import filter_spans

        sentences = list(doc.sents)
        answers = self.finder.inference(
            [sentence.text for sentence in sentences],
            self.labels,
            flat_ner=True,
            threshold=self.threshold,
            batch_size=BATCH,
        )
        spans = [
            doc.char_span(
                sentence.start_char + found["start"],
                sentence.start_char + found["end"],
                label=found["label"],
                alignment_mode="expand",
            )
            for sentence, names in zip(sentences, answers, strict=True)
            for found in names
        ]
        doc.set_ents(filter_spans(span for span in spans if span is not None))
        return doc
