"""The direction in which a weekday lies."""

import pytest

from transforms.language.document import Document
from transforms.language.pipeline import SpacyPipeline
from transforms.times.tense import find_tense


def document(rows: list[tuple[str, str, str, str, int]]) -> Document:
    """A parsed sentence from (word, lemma, tag, dependency, head)."""
    words, lemmas, tags, deps, heads = (list(column) for column in zip(*rows, strict=True))
    text, starts = " ".join(words), []
    for index in range(len(words)):
        starts.append(sum(len(word) + 1 for word in words[:index]))
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    lowers = [word.lower() for word in words]
    return Document(
        text, words, starts, ends, lowers, lemmas, tags, tags, deps, heads, [(0, len(words))], []
    )


@pytest.mark.parametrize(
    ("verbs", "tense"),
    [
        ([("will", "will", "MD", "aux", 2), ("meet", "meet", "VB", "ROOT", 2)], 1),
        ([("really", "really", "RB", "advmod", 2), ("met", "meet", "VBD", "ROOT", 2)], -1),
        ([("have", "have", "VBP", "aux", 2), ("met", "meet", "VBN", "ROOT", 2)], -1),
        ([("often", "often", "RB", "advmod", 2), ("say", "say", "VBP", "ROOT", 2)], 0),
        ([("both", "both", "DT", "dep", 2), ("meet", "meet", "VBP", "ROOT", 2)], 1),
        ([("may", "may", "MD", "aux", 2), ("meet", "meet", "VB", "ROOT", 2)], 1),
    ],
)
def test_tense(verbs: list[tuple[str, str, str, str, int]], tense: int) -> None:
    parsed = document(
        [("They", "they", "PRP", "nsubj", 2), *verbs, ("Friday", "Friday", "NNP", "npadvmod", 2)]
    )
    assert find_tense(parsed, parsed.starts[3]) == tense


def test_what_is_planned_lies_ahead() -> None:
    parsed = document(
        [
            ("They", "they", "PRP", "nsubj", 1),
            ("agreed", "agree", "VBD", "ROOT", 1),
            ("to", "to", "TO", "aux", 3),
            ("meet", "meet", "VB", "xcomp", 1),
            ("Friday", "Friday", "NNP", "npadvmod", 3),
        ]
    )
    assert find_tense(parsed, parsed.starts[4]) == 1


def test_as_soon_as_looks_ahead() -> None:
    parsed = document(
        [
            ("It", "it", "PRP", "nsubj", 1),
            ("opened", "open", "VBD", "ROOT", 1),
            ("as", "as", "RB", "advmod", 3),
            ("soon", "soon", "RB", "advmod", 1),
            ("as", "as", "IN", "prep", 3),
            ("Friday", "Friday", "NNP", "pobj", 4),
        ]
    )
    assert find_tense(parsed, parsed.starts[5]) == 1


SENTENCES = [
    ("They will strike on Friday.", 1),
    ("They struck on Friday.", -1),
    ("The trial resumes Friday.", 1),
    ("She is speaking Friday in Kyiv.", 1),
    ("The doors are at noon Friday.", 1),
    ("They planned a rally in the square on Friday.", 1),
    ("The vote was postponed until Friday.", 1),
    ("They have been on strike since Friday.", -2),
    ("The deal could be signed as early as Friday.", 1),
    ("He is likely to win on Friday.", 1),
    ("If he wins on Friday, he stays.", 1),
    ("They will appeal Friday's ruling.", -1),
    ("It will air during Friday's final.", 1),
    ("Officials said on Friday that they will appeal.", -1),
    ("The law had been due to expire on Friday.", -1),
    ("That would have been on Friday.", -1),
]


@pytest.mark.parametrize(("sentence", "tense"), SENTENCES)
def test_tense_of_a_parsed_sentence(sentence: str, tense: int, language: SpacyPipeline) -> None:
    (parsed,) = language.parse([sentence])
    start = sentence.index("Friday")
    assert find_tense(parsed, start, start + len("Friday")) == tense


def test_an_attribute_of_a_noun_has_no_tense(language: SpacyPipeline) -> None:
    sentence = "The Nov. 8 election was seen as a test."
    (parsed,) = language.parse([sentence])
    assert find_tense(parsed, 4, 10) == 0


@pytest.mark.parametrize(("preposition", "tense"), [("on", -1), ("for", 1)])
def test_a_record_set_on_a_day_is_past_and_a_vote_set_for_one_ahead(
    preposition: str, tense: int
) -> None:
    parsed = document(
        [
            ("They", "they", "PRP", "nsubj", 1),
            ("passed", "pass", "VBD", "ROOT", 1),
            ("marks", "mark", "NNS", "dobj", 1),
            ("set", "set", "VBN", "acl", 2),
            (preposition, preposition, "IN", "prep", 3),
            ("Friday", "Friday", "NNP", "pobj", 4),
        ]
    )
    assert find_tense(parsed, parsed.starts[5]) == tense


def test_what_an_agreement_is_to_do_lies_ahead() -> None:
    parsed = document(
        [
            ("They", "they", "PRP", "nsubj", 1),
            ("signed", "sign", "VBD", "ROOT", 1),
            ("agreements", "agreement", "NNS", "dobj", 1),
            ("to", "to", "TO", "aux", 4),
            ("merge", "merge", "VB", "acl", 2),
            ("Friday", "Friday", "NNP", "npadvmod", 4),
        ]
    )
    assert find_tense(parsed, parsed.starts[5]) == 1


@pytest.mark.parametrize(("verb", "tense"), [("extend", 1), ("run", -1)])
def test_through_looks_ahead_where_something_is_put_off(verb: str, tense: int) -> None:
    parsed = document(
        [
            ("It", "it", "PRP", "nsubj", 2),
            ("has", "have", "VBZ", "aux", 2),
            ("worked", verb, "VBN", "ROOT", 2),
            ("through", "through", "IN", "prep", 2),
            ("Friday", "Friday", "NNP", "pobj", 3),
        ]
    )
    assert find_tense(parsed, parsed.starts[4]) == tense


@pytest.mark.parametrize(("preposition", "tense"), [("in", -2), ("of", -1)])
def test_the_past_of_the_very_time_is_told_apart(preposition: str, tense: int) -> None:
    parsed = document(
        [
            ("It", "it", "PRP", "nsubj", 1),
            ("began", "begin", "VBD", "ROOT", 1),
            (preposition, preposition, "IN", "prep", 1),
            ("June", "June", "NNP", "pobj", 2),
        ]
    )
    assert find_tense(parsed, parsed.starts[3]) == tense


@pytest.mark.parametrize(("word", "tense"), [("scheduled", 1), ("described", 0)])
def test_what_one_has_scheduled_lies_ahead(word: str, tense: int) -> None:
    parsed = document(
        [
            ("On", "on", "IN", "prep", 3),
            ("Friday", "Friday", "NNP", "pobj", 0),
            ("she", "she", "PRP", "nsubj", 3),
            ("has", "have", "VBZ", "ROOT", 3),
            ("talks", "talk", "NNS", "dobj", 3),
            (word, word[:-1], "VBN", "acl", 4),
        ]
    )
    assert find_tense(parsed, parsed.starts[1]) == tense


@pytest.mark.parametrize(("tag", "tense"), [("MD", 1), ("VBD", 0)])
def test_a_deadline_lies_ahead_of_what_must_come_before_it(tag: str, tense: int) -> None:
    verb = "VB" if tag == "MD" else "VBD"
    parsed = document(
        [
            ("They", "they", "PRP", "nsubj", 2),
            ("will", "will", tag, "aux", 2) if tag == "MD" else ("all", "all", "DT", "dep", 2),
            ("pay", "pay", verb, "ROOT", 2),
            ("before", "before", "IN", "prep", 2),
            ("Sunday", "Sunday", "NNP", "compound", 5),
            ("deadlines", "deadline", "NNS", "pobj", 3),
        ]
    )
    assert find_tense(parsed, parsed.starts[4]) == tense
