from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from transforms.article.prune import prune_page

STORY = "<p>" + "The ferry left at noon and came back at dusk with its nets full. " * 12 + "</p>"


def pruned(*parts: str) -> str:
    tree: HtmlElement = lxml.html.document_fromstring(
        f"<html><body><h1>Ferry</h1>{''.join(parts)}</body></html>"
    )
    prune_page(tree)
    return " ".join(tree.text_content().split())


@pytest.mark.parametrize(
    "aside",
    [
        '<div class="newsletter-box"><p>ASIDE</p></div>',
        '<section class="popular-articles"><h2>ASIDE</h2></section>',
        '<div id="author-bio"><p>ASIDE writes of the sea.</p></div>',
        "<figure><figcaption>ASIDE at the quay</figcaption></figure>",
        "<nav><ul><li>ASIDE</li></ul></nav>",
        '<p><strong><a href="/other">ASIDE IN CAPITALS</a></strong></p>',
        '<ul><li><a href="/one">ASIDE one</a></li><li><a href="/two">ASIDE two</a></li></ul>',
        '<ul><li>Sea: <a href="/1">ASIDE of it</a></li><li>Now: <a href="/2">ASIDE</a></li></ul>',
        '<a href="/card"><div><h3>ASIDE</h3><p>A card.</p></div></a>',
    ],
)
def test_what_stands_beside_the_story_goes(aside: str) -> None:
    text = pruned(STORY, aside, "<p>It was its last trip.</p>")
    assert "ASIDE" not in text
    assert "its nets full" in text
    assert "its last trip" in text


def test_a_link_within_a_sentence_stays() -> None:
    assert "the harbour office said" in pruned(
        STORY, '<p>It sank, <a href="/office">the harbour office said</a>.</p>'
    )


def test_text_after_an_aside_stays() -> None:
    assert "still here" in pruned(f'<div>{STORY}<div class="teaser">no</div> still here</div>')


@pytest.mark.parametrize("name", ["newsletter", "related", "popular", "post type-post tag-poll"])
def test_a_class_does_not_cost_the_story(name: str) -> None:
    assert "its nets full" in pruned(f'<div class="{name}">{STORY}</div>')


def test_a_class_of_the_body_stays_though_it_speaks_of_asides() -> None:
    short = '<div class="article-body subscribe-wall"><p>Short but all of it.</p></div>'
    assert "all of it" in pruned(STORY, short)


@given(
    st.lists(
        st.sampled_from(
            ["<div class=related>", "</div>", "<a href=x>", "</a>", "<p>", "</p>", "word ", "<li>",
             "<ul>", "</ul>", "<!-- c -->", "<?pi?>", "<script>x</script>", "<table><tr><td>"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_markup_is_survived(parts: list[str]) -> None:
    pruned(*parts)
