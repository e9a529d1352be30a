from __future__ import annotations

import pytest

from flows.demo.article import load_articles, parse_article

SOURCE = """+++
outlet = "gazette"
headline = "Old"
section = "World"
published = 2026-03-01T10:00:00Z
[correction]
published = 2026-03-02T10:00:00Z
headline = "New"
note = "Correction: it was six."
[[correction.replace]]
old = "five"
new = "six"
+++
There were five
of them.

## Later

They left.
"""


def test_paragraphs_and_headings_are_read() -> None:
    article = parse_article("a", SOURCE)
    assert article.text == "There were five of them.\nLater\nThey left."
    assert [block.heading for block in article.blocks] == [False, True, False]
    assert article.modified == article.published


def test_a_correction_changes_text_headline_and_date() -> None:
    corrected = parse_article("a", SOURCE).corrected()
    assert corrected.text.startswith("There were six of them.")
    assert corrected.headline == "New"
    assert corrected.modified.day == 2
    assert corrected.published.day == 1
    assert corrected.note == "Correction: it was six."


def test_without_front_matter_the_file_is_refused() -> None:
    with pytest.raises(ValueError, match="front matter"):
        parse_article("a", "Just text.")


def test_every_article_of_the_site_is_fit_to_print() -> None:
    articles = load_articles()
    assert len({article.slug for article in articles}) == len(articles) >= 12
    assert {article.outlet for article in articles} == {"gazette", "harbour-post"}
    assert {article.language for article in articles} == {"en", "de"}
    for article in articles:
        words = len(article.text.split())
        assert article.members or 150 <= words <= 500, article.slug
        assert article.published.tzinfo is not None
        assert article.authors or article.agency


def test_each_replacement_of_a_correction_is_found() -> None:
    for article in load_articles():
        for old, new in article.correction.replace if article.correction else ():
            assert old in article.text
            assert new in article.corrected().text
