"""Claims and events of single sentences, and what must hold of any text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.claims.find import find_claims
from transforms.entities.find import find_mentions
from transforms.language.pipeline import SpacyPipeline
from transforms.quantities.find import find_quantities
from transforms.quantities.policy import DEFAULT, load_policy
from transforms.quotes.find import find_quotes
from transforms.text import Text
from transforms.times.find import find_times
from warehouse.tables import Claim, Event

PUBLISHED = datetime(2026, 4, 9, 8, tzinfo=UTC)


def told(language: SpacyPipeline, words: str) -> tuple[list[Claim], list[Event], str]:
    text = Text("a", "v", words, published_at=PUBLISHED)
    (document,) = language.parse([words])
    times = find_times(text, document)
    mentions = find_mentions(text, document)
    quantities = find_quantities(text, document, times, mentions, load_policy(DEFAULT))
    quotes = find_quotes(text, document, mentions)
    return *find_claims(text, document, mentions, quantities, times, quotes), words


COUNTS = [
    ("Flash floods killed 17 villagers near Kisumu.", "killed", 17, "civilian"),
    ("Twelve miners were rescued after a night below ground.", "rescued", 12, "worker"),
    ("Some 4,000 people have fled the town.", "displaced", 4000, "person"),
    ("Two hikers are missing in the Tatra mountains.", "missing", 2, None),
    ("The blast left 40 families homeless.", "displaced", 40, "person"),
    ("The police made 15 arrests on Sunday.", "detained", 15, None),
    ("No casualties were reported in Lusaka.", "casualty", 0, "person"),
    ("No sailor was hurt.", "wounded", 0, "soldier"),
    ("The fund pledged $30 million to the refugees.", "pledged", 30e6, "money"),
    ("Kenya has recorded 45 cases of cholera.", "infected", 45, "patient"),
    ("The crash left three dead.", "killed", 3, "person"),
    ("The lawyer has won four cases in court.", None, None, None),
    ("The navy lost 9 sailors in the storm.", "killed", 9, "soldier"),
    ("The company lost $9 million last year.", "lost", 9e6, "money"),
    ("The airline laid off 350 pilots.", "dismissed", 350, None),
    ("Rebels took 22 hostages in the north.", "kidnapped", 22, "prisoner"),
    ("The death toll rose to 88 on Thursday.", "killed", 88, None),
    ("The village lies 12 kilometres from Kisumu and has 900 residents.", None, None, None),
    ("If the dam breaks, 3,000 people will be killed.", None, None, None),
    ("Tests showed that 35 sailors were infected.", "infected", 35, "soldier"),
]


@pytest.mark.parametrize(("words", "happening", "value", "kind"), COUNTS)
def test_a_count_says_what_happened_to_whom(
    language: SpacyPipeline, words: str, happening: str | None, value: float, kind: str | None
) -> None:
    claims, _, _ = told(language, words)
    if happening is None:
        assert claims == []
        return
    (claim,) = claims
    assert (claim.happening, claim.value) == (happening, value)
    if kind is not None:
        assert claim.counted_class == kind


def test_others_are_of_the_class_counted_before(language: SpacyPipeline) -> None:
    claims, _, _ = told(language, "The Northern Front killed 9 civilians and wounded 14 others.")
    assert [(c.happening, c.counted_class) for c in claims] == [
        ("killed", "civilian"),
        ("wounded", "civilian"),
    ]


def test_a_part_suffers_what_the_whole_suffered(language: SpacyPipeline) -> None:
    claims, _, _ = told(language, "A landslide killed 30 people, including six children.")
    assert [(c.happening, c.value, c.counted_class) for c in claims] == [
        ("killed", 30, "person"),
        ("killed", 6, "child"),
    ]


def test_two_parties_and_a_denial_that_points_to_what_it_answers(language: SpacyPipeline) -> None:
    claims, _, text = told(
        language,
        "The army said on Monday that it had killed 60 rebels. The Northern Front said that only"
        " four of its fighters had died. Colonel Bram Osei called the figure a lie.",
    )
    army, front, denial = claims
    assert (army.value, army.counted_class, army.asserter_surface) == (60, "militant", "The army")
    assert (front.value, front.asserter_surface) == (4, "The Northern Front")
    assert denial.stance == "deny"
    assert denial.asserter_name == "Bram Osei"
    assert text[denial.start : denial.end].startswith("the figure")
    assert denial.value is None
    assert denial.answers_id is not None


STANCES = [
    ("The ministry denied that 14 prisoners had been killed.", "deny"),
    ("The ministry confirmed that 14 prisoners had been killed.", "confirm"),
    ("The ministry said that 14 prisoners had been killed.", "assert"),
    ("The ministry fears that 14 prisoners were killed.", "hedge"),
    ("The ministry said that 14 prisoners may have been killed.", "hedge"),
    ("The ministry could not confirm that 14 prisoners had been killed.", "hedge"),
    ("Fourteen prisoners were reportedly killed.", "hedge"),
    ("Fourteen prisoners are feared dead.", "hedge"),
    ("Fourteen prisoners were killed.", "assert"),
]


@pytest.mark.parametrize(("words", "stance"), STANCES)
def test_stance(language: SpacyPipeline, words: str, stance: str) -> None:
    (claim,) = told(language, words)[0]
    assert claim.stance == stance
    assert (claim.asserter_type == "outlet") == words.startswith("Fourteen")


def test_place_and_time_are_those_of_the_clause(language: SpacyPipeline) -> None:
    claims, _, text = told(
        language,
        "Nine people died in Gulu on Tuesday, a spokesman said in Kampala on Thursday. Earlier,"
        " 20 people were injured.",
    )
    first, second = claims
    assert first.time_from == "clause"
    assert first.happened_from == datetime(2026, 4, 7)
    assert first.place_mention_id is not None
    assert second.place_mention_id is None
    assert second.time_from == "publication"
    assert second.happened_from == datetime(2026, 4, 9)
    assert text[first.trigger_start : first.trigger_end] == "died"


def test_what_lies_ahead_is_planned(language: SpacyPipeline) -> None:
    (claim,) = told(language, "The governor said that 800 troops would be sent to Garissa.")[0]
    assert (claim.happening, claim.planned) == ("deployed", True)


def test_a_storm_commits_no_assault(language: SpacyPipeline) -> None:
    (storm,) = told(language, "A storm killed 12 people in Beira.")[0]
    (bomb,) = told(language, "A bomb killed 12 people in Beira.")[0]
    assert (storm.event_type, bomb.event_type) == (None, "ASSAULT")


@pytest.mark.parametrize(
    ("words", "happening", "value", "counted", "kind"),
    [
        ("Guards seized 40 kilos of heroin in Osh.", "captured", 40, "heroin", "drug"),
        ("The mayor put the number of burnt houses at 17.", "destroyed", 17, "houses", "building"),
        ("Nine miners died, bringing the total to 21.", "killed", 21, "miners", "worker"),
        ("Police held six cooks. Lawyers put the number at 11.", "detained", 11, "cooks", "worker"),
        ("About 80 guests fell ill after the feast.", "infected", 80, "guests", "person"),
        ("Thousands marched in Lome.", "protested", None, "Thousands", "person"),
    ],
)
def test_measures_and_totals_are_counted(
    language: SpacyPipeline,
    words: str,
    happening: str,
    value: float | None,
    counted: str,
    kind: str,
) -> None:
    claim = told(language, words)[0][-1]
    assert (claim.happening, claim.value) == (happening, value)
    assert (claim.counted, claim.counted_class) == (counted, kind)


def test_a_measure_of_what_nothing_happens_to_is_no_claim(language: SpacyPipeline) -> None:
    assert told(language, "The camp lies 12 kilometres from the border.")[0] == []


@pytest.mark.parametrize(
    ("words", "places", "when"),
    [
        ("One man died and six were hurt in a fire in Lome on Monday.", [True, True], True),
        ("Two are missing and 30 were treated for burns in Lome.", [False, True], False),
        ("Gangs fought in Lome on Monday; 14 people were killed.", [True], True),
        ("Six people died in Lome on Monday, raising the death toll to 40.", [True, False], False),
    ],
)
def test_joined_clauses_share_where_and_when_only_of_one_occasion(
    language: SpacyPipeline, words: str, places: list[bool], when: bool
) -> None:
    claims = told(language, words)[0]
    assert [c.place_mention_id is not None for c in claims] == places
    assert (claims[-1].time_from == "clause") is when


@pytest.mark.parametrize(
    ("words", "origins"),
    [
        ("A bomb killed six in Lome. Another 14 people were hurt.", ["clause", "scene"]),
        ("A bomb killed six in Lome.\n\nAnother 14 people were hurt.", ["clause", None]),
        ("A bomb killed six in Lome. In 2019, 14 people were hurt.", ["clause", None]),
        ("A bomb killed six in Lome. The state paid 14 million euros.", ["clause", None]),
        ("Nine were treated in hospital in Lome. Another 14 people died.", ["clause", None]),
    ],
)
def test_what_goes_on_has_the_place_of_its_scene_marked_as_such(
    language: SpacyPipeline, words: str, origins: list[str | None]
) -> None:
    claims = told(language, words)[0]
    assert [c.place_from for c in claims] == origins


EVENTS = [
    ("Chad accused Sudan of arming rebels.", "accused", "ACCUSE", "Chad", "Sudan"),
    ("Premier Edda Holm visited Tallinn on Friday.", "visited", "CONSULT", "Edda Holm", "Tallinn"),
    ("The court released two editors on Monday.", "released", "RETREAT", "The court", "editors"),
    ("Peru and Chile signed a treaty in Arica.", "signed", "SUPPORT", "Peru", "treaty"),
    ("Rebels attacked an army base near Kidal.", "attacked", "ASSAULT", "Rebels", "base"),
    ("The two sides agreed to exchange prisoners.", "agreed", "AGREE", "The two sides", None),
    ("Amnesty called on Lagos to free the men.", "demanded", "REQUEST", "Amnesty", "Lagos"),
]


@pytest.mark.parametrize(("words", "happening", "kind", "actor", "target"), EVENTS)
def test_events_have_their_parties(
    language: SpacyPipeline, words: str, happening: str, kind: str, actor: str, target: str | None
) -> None:
    events = [e for e in told(language, words)[1] if e.happening == happening]
    (event,) = events
    assert event.event_type == kind
    assert actor in (event.actor_surface or "")
    assert (event.target_surface is None) if target is None else target in event.target_surface


@pytest.mark.parametrize(
    "words",
    [
        "She could barely make ends meet.",
        "About a third of readers agree that the tax is fair.",
        "The label released the album in May.",
        "The rebels did not attack the base.",
        "His calm manner held the group together.",
        "If the army attacks the base, the talks will end.",
    ],
)
def test_figures_of_speech_and_conditions_are_no_events(
    language: SpacyPipeline, words: str
) -> None:
    assert [e for e in told(language, words)[1] if e.happening != "released"] == []


WORDS = (
    '12 soldiers killed and wounded were by the army said that no dead , . " on Monday in Mali'
    " denied claim false the 40 of them who died leaving"
)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.sampled_from(WORDS.split()),
        max_size=25,
    )
)
def test_any_words_give_rows_that_stand_in_the_text(
    language: SpacyPipeline, words: list[str]
) -> None:
    claims, events, text = told(language, " ".join(words))
    for row in (*claims, *events):
        assert 0 <= row.start <= row.trigger_start < row.trigger_end <= len(text)
        assert row.start < row.end <= len(text)
        if row.actor_start is not None:
            assert text[row.actor_start : row.actor_end] == row.actor_surface
