"""THE declaration: every table and column of the warehouse, once.

A table's rows are a frozen dataclass whose fields carry their description, unit, enumeration and
bounds; the Arrow schema, the DDL, the structural expectations, the data dictionary and the
converter between rows and frames are all derived from it. This module imports nothing of ours.

Conventions: times are UTC with microseconds; offsets count Unicode code points of
``article_versions.text``, in headline_quotes of the headline, and ``end`` is exclusive; a null
means *unknown*, never "none".
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column.

    Attributes:
        type: logical type: string, int64, double, bool, timestamp, list<string>.
        values: the closed enumeration of a string column.
        low, high: inclusive bounds of a numeric column.
        pattern: regular expression that a string matches in full.
        unit: unit of a numeric column (UCUM or a plain word).
    """

    name: str
    type: str
    nullable: bool
    description: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    pattern: str | None = None
    unit: str | None = None


def column(
    description: str,
    *,
    default: Any = dataclasses.MISSING,
    values: tuple[str, ...] = (),
    low: float | None = None,
    high: float | None = None,
    pattern: str | None = None,
    unit: str | None = None,
) -> Any:
    """A dataclass field that knows what its column means; a default makes it optional to give."""
    facts = {
        "description": description,
        "values": values,
        "low": low,
        "high": high,
        "pattern": pattern,
        "unit": unit,
    }
    return dataclasses.field(default=default, metadata=facts)


_T = typing.TypeVar("_T")


@typing.dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(column,))
def Row(cls: type[_T]) -> type[_T]:  # noqa: N802 - reads as a kind of class
    """The class as a frozen, slotted dataclass; typed so that checkers see its fields."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


# --------------------------------------------------------------------------- enumerations

MENTION_TYPES = ("PERSON", "ORG", "PLACE", "GROUP", "EVENT", "OTHER")
REFERENCE_FORMS = ("description", "pronoun")
PLACE_ROLES = ("place", "actor")
FEATURE_CLASSES = ("P", "A", "L", "H", "T")
PLACE_PRECISIONS = ("point", "city", "admin1", "country", "region", "around")
QUANTITY_KINDS = (
    "count", "percent", "money", "measure", "age", "duration", "ordinal", "fraction", "ratio",
    "range", "rank", "cardinal",
)  # fmt: skip
MODIFIERS = ("exact", "approx", "at_least", "at_most", "more_than", "less_than")
CHANGES = ("up", "down", "none")
TIMEX_TYPES = ("DATE", "TIME", "DURATION", "SET")
TIMEX_MODS = (
    "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER", "LESS_THAN", "MORE_THAN", "EQUAL_OR_LESS",
    "EQUAL_OR_MORE", "START", "MID", "END", "APPROX",
)  # fmt: skip
ANCHORS = ("publication", "document", "text", "none")
GRAINS = (
    "century", "decade", "year", "half", "quarter", "month", "week", "weekend", "day", "part",
    "hour", "minute", "second",
)  # fmt: skip
QUOTE_TYPES = ("direct", "indirect", "mixed")
SPEAKER_TYPES = ("person", "organisation", "unnamed", "pronoun")
CUE_CLASSES = (
    "say", "claim", "deny", "confirm", "warn", "demand", "promise", "announce", "report", "think",
    "want", "ask", "agree", "support", "praise", "criticize", "oppose", "label", "appear",
)  # fmt: skip
STANCES = ("assert", "deny", "confirm", "hedge")
ASSERTER_TYPES = (*SPEAKER_TYPES, "outlet")
PLOVER = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE",
    "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
CLAIMED = (
    "killed", "wounded", "casualty", "missing", "trapped", "infected", "hospitalised", "vaccinated",
    "rescued", "evacuated", "displaced", "returned", "destroyed", "damaged", "dismissed", "hired",
    "fined", "paid", "pledged", "lost", "kidnapped", "captured", "detained", "charged", "sentenced",
    "acquitted", "deported", "released", "pardoned", "surrendered", "deployed", "withdrawn",
    "protested",
)  # fmt: skip
HAPPENINGS = (
    *CLAIMED, "accused", "agreed", "signed", "visited", "met", "demanded", "rejected",
    "threatened", "attacked",
)  # fmt: skip
COUNTED_CLASSES = (
    "civilian", "soldier", "police", "militant", "child", "woman", "man", "worker", "journalist",
    "official", "migrant", "prisoner", "suspect", "protester", "passenger", "patient", "person",
    "building", "vehicle", "weapon", "animal", "drug", "goods", "job", "money",
)  # fmt: skip
SOURCE_KINDS = ("feed", "sitemap", "page", "site", "files", "ninjs", "warc")
ROBOTS = ("allowed", "disallowed", "unreachable", "not_applicable")
RUN_KINDS = ("ingest", "quarantine", "replay", "backfill", "promote", "rollback")
RUN_STATES = ("published", "unchanged", "stopped", "failed", "rolled_back")
SEVERITIES = ("critical", "warning", "info")
FORGOTTEN_KINDS = ("url", "article", "source", "person")
QUARANTINE_STATES = ("open", "replayed", "discarded")
DUPLICATE_RELATIONS = ("first", "identical", "near", "part", "version")
DECISIONS = ("merge", "split", "suggest", "undo")

KEY = r"[0-9a-f]{16}"

# --------------------------------------------------------------------------- facts


@Row
class Span:
    """What every finder gives: where in the text, and which rule made it."""

    start: int = column("first code point of the surface in the version's text", low=0)
    end: int = column("one past the last code point of the surface", low=1)
    rule: str = column("rule, or model label, that made the row")


@Row
class Mention(Span):
    """A name in a text."""

    type: str = column("what kind of thing is named", values=MENTION_TYPES)
    canonical_name: str = column("the fullest form of this name in the document")
    entity_id: str | None = column(
        "entity the name stands for, the same in all documents: geonames:<id> for a place and"
        " for the people of one, else a hash of type and normalised canonical name",
        default=None,
    )
    title: str | None = column("office or title said with the name", default=None)
    title_of: str | None = column(
        "canonical name of the organisation, country or people that the office serves",
        default=None,
    )
    role: str | None = column(
        "of a place: whether it is where something is, or acts as the body that sits there",
        default=None,
        values=PLACE_ROLES,
    )
    actor_id: str | None = column(
        "entity of the government or body that a place with the role actor stands for",
        default=None,
    )
    geonames_id: int | None = column(
        "GeoNames id of a place, of the place a people comes from, or of the one an organisation"
        " is named after",
        default=None,
        low=1,
    )
    country_code: str | None = column(
        "ISO 3166-1 alpha-2 of a place, of the country a demonym names, or of the place an"
        " organisation is named after",
        default=None,
        pattern="[A-Z]{2}",
    )
    admin1_code: str | None = column("GeoNames first-order division of a place", default=None)
    iso_3166_2: str | None = column(
        "ISO 3166-2 of a place that is a division", default=None, pattern="[A-Z]{2}-[A-Z0-9]{1,3}"
    )
    feature_class: str | None = column(
        "GeoNames feature class: populated, administrative, area, water, mountains",
        default=None,
        values=FEATURE_CLASSES,
    )
    latitude: float | None = column("WGS 84", default=None, low=-90, high=90, unit="deg")
    longitude: float | None = column("WGS 84", default=None, low=-180, high=180, unit="deg")
    precision: str | None = column(
        "what the coordinates stand for; around: of a place that no gazetteer has, the place it is"
        " in or the town its text is about",
        default=None,
        values=PLACE_PRECISIONS,
    )
    candidates: str | None = column(
        "the best readings of a place's name, as JSON [{geonames_id, name, country_code, score,"
        " shares}]: score is the probability, shares what each piece of evidence adds in powers"
        " of ten of inhabitants",
        default=None,
    )


@Row
class InnerPlace(Span):
    """A place named inside the name of an organisation: "Kabul" in "Kabul University"."""

    mention_id: str = column("mention of the organisation", pattern=KEY)
    canonical_name: str = column("the place's name in the fullest form of the organisation's")
    entity_id: str = column("entity of the place: geonames:<id>")
    geonames_id: int = column("GeoNames id", low=1)
    country_code: str | None = column("ISO 3166-1 alpha-2", default=None, pattern="[A-Z]{2}")
    admin1_code: str | None = column("GeoNames first-order division", default=None)
    feature_class: str | None = column(
        "GeoNames feature class", default=None, values=FEATURE_CLASSES
    )
    latitude: float | None = column("WGS 84", default=None, low=-90, high=90, unit="deg")
    longitude: float | None = column("WGS 84", default=None, low=-180, high=180, unit="deg")
    precision: str | None = column(
        "what the coordinates stand for; around: of a place that no gazetteer has, the place it is"
        " in or the town its text is about",
        default=None,
        values=PLACE_PRECISIONS,
    )


@Row
class Coreference(Span):
    """Words that stand for a name in a text: a description or a pronoun."""

    form: str = column("what the words are", values=REFERENCE_FORMS)
    type: str = column("what kind of thing is meant", values=MENTION_TYPES)
    canonical_name: str = column("the fullest form in the document of the name they stand for")
    mention_id: str = column(
        "mention of that name they refer to: one before them, rarely one after",
        pattern=KEY,
    )
    entity_id: str | None = column("entity of that mention", default=None)


@Row
class Quantity(Span):
    """A number with its meaning."""

    kind: str = column("what kind of quantity", values=QUANTITY_KINDS)
    value: float | None = column(
        "the number in the surface unit; 2 % has 2; null when only a range is known", default=None
    )
    value_low: float | None = column("lower end of a range, else null", default=None)
    value_high: float | None = column("upper end of a range, else null", default=None)
    modifier: str = column("bound or approximation", default="exact", values=MODIFIERS)
    change: str = column("direction of change the text states", default="none", values=CHANGES)
    value_from: float | None = column(
        "number before a change told with both ends (from 12 to 9: 12), else null", default=None
    )
    value_to: float | None = column("number after such a change, else null", default=None)
    negated: bool = column(
        "whether the text denies the quantity (not 12, did not pay 5)", default=False
    )
    unit: str | None = column("singular English name of the unit", default=None)
    unit_symbol: str | None = column("UCUM symbol, or ISO 4217 code for money", default=None)
    currency: str | None = column(
        "ISO 4217 code of money and its rates; null where the text leaves the country open",
        default=None,
        pattern="[A-Z]{3}",
    )
    value_si: float | None = column("value in unit_si; null for money and counts", default=None)
    value_low_si: float | None = column("value_low in unit_si", default=None)
    value_high_si: float | None = column("value_high in unit_si", default=None)
    unit_si: str | None = column("coherent SI unit (UCUM); 1 for percentages", default=None)
    concept: str | None = column("counted or measured noun phrase", default=None)
    concept_start: int | None = column("first code point of the concept", default=None, low=0)
    concept_end: int | None = column("one past the concept", default=None, low=1)
    part_of_start: int | None = column(
        "start of the quantity this one is a part of (12 people, three of them children)",
        default=None,
        low=0,
    )
    part_of_end: int | None = column("end of that quantity", default=None, low=1)


@Row
class Time(Span):
    """A temporal expression (TimeML TIMEX3)."""

    timex_type: str = column("TIMEX3 type", values=TIMEX_TYPES)
    timex_value: str | None = column("TIMEX3 value; XXXX stands for unknown parts", default=None)
    modifier: str | None = column("TIMEX3 mod", default=None, values=TIMEX_MODS)
    start_at: datetime | None = column("first instant, inclusive; null where open", default=None)
    end_at: datetime | None = column("end, exclusive; null where open", default=None)
    grain: str | None = column(
        "unit the interval is exact to; part is a part of the day", default=None, values=GRAINS
    )
    edtf: str | None = column("the value or interval in EDTF (ISO 8601-2)", default=None)
    anchor: str = column("what a relative value was reckoned from", default="none", values=ANCHORS)
    anchor_value: str | None = column("the anchor's own TIMEX3 value", default=None)
    zone: str | None = column(
        "zone of a clock time, with which start_at and end_at are UTC: an offset or IANA name;"
        " null where neither the text nor the source's settings name one",
        default=None,
    )
    zone_from: str | None = column(
        "who named the zone: text, or source where it is assumed from its settings",
        default=None,
        values=("text", "source"),
    )


@Row
class Quote(Span):
    """Words ascribed to someone; the span is the content."""

    quote_type: str = column("how the words are given", values=QUOTE_TYPES)
    cue: str | None = column("the verb or phrase that ascribes", default=None)
    cue_start: int | None = column("first code point of the cue", default=None, low=0)
    cue_end: int | None = column("one past the cue", default=None, low=1)
    speaker_surface: str | None = column("the speaker as written at speaker_start", default=None)
    speaker_start: int | None = column("first code point of the speaker", default=None, low=0)
    speaker_end: int | None = column("one past the speaker", default=None, low=1)
    speaker_name: str | None = column("canonical name of the speaker's mention", default=None)
    speaker_entity_id: str | None = column("entity of the speaker's mention", default=None)
    speaker_type: str | None = column(
        "what the speaker's words are: the name of a person or organisation, a description without"
        " a name, or a pronoun; null without a speaker",
        default=None,
        values=SPEAKER_TYPES,
    )
    cue_class: str | None = column("what the cue does", default=None, values=CUE_CLASSES)


@Row
class HeadlineQuote(Quote):
    """Words ascribed to someone in a headline; all spans, the sentence's too, are into it."""


@Row
class NestedQuote(Quote):
    """Words at second hand: ascribed to someone within the words of a quote."""

    outer_quote_id: str = column("the quote within whose words these are ascribed", pattern=KEY)


@Row
class Told(Span):
    """What claims and events share: what happened, by whom, where, when, and who says so."""

    happening: str = column("what happened", values=HAPPENINGS)
    event_type: str | None = column(
        "PLOVER event type; null where PLOVER has none, or where nobody did it",
        default=None,
        values=PLOVER,
    )
    trigger_start: int = column("first code point of the word that tells it", low=0)
    trigger_end: int = column("one past that word", low=1)
    actor_surface: str | None = column("who or what did it, as written", default=None)
    actor_start: int | None = column("first code point of the actor", default=None, low=0)
    actor_end: int | None = column("one past the actor", default=None, low=1)
    actor_mention_id: str | None = column("mention in the actor", default=None, pattern=KEY)
    actor_name: str | None = column("canonical name of the actor", default=None)
    actor_entity_id: str | None = column("entity of the actor", default=None)
    place_mention_id: str | None = column(
        "place mention of the same clause, else of the scene that it continues; null where neither"
        " names one",
        default=None,
        pattern=KEY,
    )
    place_from: str | None = column(
        "where the place comes from: scene says that the clause or sentence before names it",
        default=None,
        values=("clause", "scene"),
    )
    place_name: str | None = column("canonical name of that place", default=None)
    geonames_id: int | None = column("GeoNames id of that place", default=None, low=1)
    country_code: str | None = column(
        "ISO 3166-1 alpha-2 of that place", default=None, pattern="[A-Z]{2}"
    )
    time_id: str | None = column(
        "temporal expression of the same clause; null where the clause has none",
        default=None,
        pattern=KEY,
    )
    happened_from: datetime | None = column(
        "first instant of that time, else of the day of publication", default=None
    )
    happened_to: datetime | None = column(
        "end of that time, exclusive, else of the day of publication", default=None
    )
    time_from: str | None = column(
        "where the time comes from: publication says that the text gives none",
        default=None,
        values=("clause", "publication"),
    )
    asserter_type: str | None = column(
        "who says so: a speaker, or the outlet in its own words; null for quoted words without a"
        " speaker",
        default=None,
        values=ASSERTER_TYPES,
    )
    asserter_surface: str | None = column("the speaker as written", default=None)
    asserter_start: int | None = column("first code point of the speaker", default=None, low=0)
    asserter_end: int | None = column("one past the speaker", default=None, low=1)
    asserter_name: str | None = column("canonical name of the speaker", default=None)
    asserter_entity_id: str | None = column("entity of the speaker", default=None)
    stance: str = column("how the asserter stands to it", default="assert", values=STANCES)
    planned: bool = column("whether it lies ahead, or is asked for", default=False)
    quote_id: str | None = column("quote or nested quote that tells it", default=None, pattern=KEY)


@Row
class Claim(Told):
    """Who asserts how much of what happened; the span holds the happening and its count."""

    quantity_id: str | None = column(
        "the quantity; null where a happening is denied without one", default=None, pattern=KEY
    )
    value: float | None = column(
        "the count or amount; 0 for none; the later one where it rose or fell (from 40 to 52: 52)",
        default=None,
    )
    value_low: float | None = column("lower end of a range, else null", default=None)
    value_high: float | None = column("upper end of a range, else null", default=None)
    value_before: float | None = column(
        "the count that the text says held before (from 40 to 52: 40), else null", default=None
    )
    modifier: str | None = column("bound or approximation", default=None, values=MODIFIERS)
    unit: str | None = column("singular English name of the unit", default=None)
    counted: str | None = column("the counted noun phrase", default=None)
    counted_class: str | None = column(
        "class of what is counted; null where the noun is none of them or not there",
        default=None,
        values=COUNTED_CLASSES,
    )
    counted_side: str | None = column(
        "canonical name in the counted noun phrase (12 Malian soldiers: Malian)", default=None
    )
    answers_id: str | None = column(
        "claim or event that a denial answers", default=None, pattern=KEY
    )


@Row
class Event(Told):
    """What somebody did, to whom; the span is the word that tells it."""

    target_surface: str | None = column("to whom or what it was done, as written", default=None)
    target_start: int | None = column("first code point of the target", default=None, low=0)
    target_end: int | None = column("one past the target", default=None, low=1)
    target_mention_id: str | None = column("mention in the target", default=None, pattern=KEY)
    target_name: str | None = column("canonical name of the target", default=None)
    target_entity_id: str | None = column("entity of the target", default=None)
    content_surface: str | None = column(
        "what was agreed, demanded or threatened, or of what somebody is accused, as written",
        default=None,
    )
    content_start: int | None = column("first code point of that", default=None, low=0)
    content_end: int | None = column("one past that", default=None, low=1)


# --------------------------------------------------------------------------- articles


@Row
class Article:
    """One article identity."""

    article_id: str = column("key of the canonical URL, or of source and document id")
    canonical_url: str | None = column("canonical URL; null for a text without one", default=None)
    source_id: str = column("source it was first seen in")
    first_seen_at: datetime = column("when it was first fetched")
    current_version: str = column("version shown today", pattern=KEY)
    duplicate_cluster: str | None = column(
        "story it belongs to: article_id of the first article with the same or nearly the same"
        " text, its own where it is the first or stands alone; see duplicates",
        default=None,
    )


@Row
class ArticleVersion:
    """One stored text of an article, with everything read from its page."""

    article_id: str = column("article this is a version of")
    version: str = column("key of headline and text", pattern=KEY)
    url: str | None = column("where it was fetched", default=None)
    headline: str | None = column("headline", default=None)
    byline: str | None = column("byline as written", default=None)
    authors: list[str] = column("people in the byline", default=())
    dateline: str | None = column("place and date line at the head of the text", default=None)
    credits: list[str] = column("agencies credited", default=())
    credit_lines: list[str] = column(
        "lines that credit contributors or agencies, as written", default=()
    )
    corrections: str | None = column(
        "notices of changes as JSON [{kind, text}]: kind is retraction, correction, clarification, "
        "update or note",
        default=None,
    )
    language: str | None = column("ISO 639-1 of the text", default=None, pattern="[a-z]{2,3}")
    published_at: datetime | None = column("publication time chosen", default=None)
    published_method: str | None = column("where published_at came from", default=None)
    published_candidates: str | None = column(
        "every date found, as JSON [{method, value, refused}]: refused says why a date cannot be "
        "chosen (unreadable, before_1990, in_future)",
        default=None,
    )
    modified_at: datetime | None = column("last change the page states", default=None)
    modified_method: str | None = column("where modified_at came from", default=None)
    change_ratio: float | None = column(
        "share of the words that the version before did not have, or had and this has not; null"
        " for a first version",
        default=None,
        low=0,
        high=1,
    )
    reservations: list[str] = column(
        "what the document asks of its use, as name:value, such as robots:noai or "
        "tdm-reservation:1",
        default=(),
    )
    text: str = column("the text all offsets refer to")
    text_sha256: str = column("SHA-256 of the text in UTF-8", pattern="[0-9a-f]{64}")
    extractor_version: str = column("version of the page extractor")


@Row
class Duplicate:
    """The story an article version belongs to, and the text that put it there."""

    article_id: str = column("article")
    version: str = column("article version", pattern=KEY)
    cluster_id: str = column(
        "the story: article_id of its first article, or a key of article and version where an"
        " article became another text; never changes"
    )
    relation: str = column(
        "what it is to the matched text: first of its story, identical words, near, part (cut from"
        " or grown out of another outlet's), or version (a correction of the same article)",
        values=DUPLICATE_RELATIONS,
    )
    matched_article_id: str | None = column("article of the text most like it", default=None)
    matched_version: str | None = column("version of that text", default=None, pattern=KEY)
    similarity: float | None = column(
        "share of their three-word shingles that both have", default=None, low=0, high=1
    )
    containment: float | None = column(
        "share of the shorter text's shingles that the longer one has", default=None, low=0, high=1
    )
    agency: str | None = column("news agency the text itself is credited to", default=None)
    extractor_version: str = column("version of the comparison")


@Row
class Reading:
    """What an article version was last read with."""

    article_id: str = column("article")
    version: str = column("article version", pattern=KEY)
    stamp: str = column(
        "key of extractor versions, language model, policy and source's time zone", pattern=KEY
    )
    extractor: str | None = column(
        "version of the page extractor that it was last offered to; null: the article version's",
        default=None,
    )


# --------------------------------------------------------------------------- entities


@Row
class Entity:
    """A person, organisation, place, group or event across articles, as it was founded."""

    entity: str = column(
        "the entity_id of the mentions that founded it, or a key where that name has another"
        " bearer; never changes"
    )
    current: str = column("entity it counts as: itself, or the one it was merged into")
    type: str = column("what kind of thing it is", values=MENTION_TYPES)
    name: str = column("the name it was founded under")
    born_at: datetime = column("start of the run that founded it")
    country_code: str | None = column(
        "ISO 3166-1 alpha-2, of a place or from the knowledge file",
        default=None,
        pattern="[A-Z]{2}",
    )
    knowledge_id: str | None = column("id in the knowledge file it is linked to", default=None)
    wikidata_id: str | None = column(
        "Wikidata item it is linked to", default=None, pattern="Q[0-9]+"
    )
    knowledge_score: float | None = column(
        "probability that the link is right", default=None, low=0, high=1
    )
    extractor_version: str = column("version of the registry")


@Row
class EntityAlias:
    """Which entity a mention's entity_id stands for: in all articles, or in one."""

    alias_id: str = column("key of entity_id and article", pattern=KEY)
    entity_id: str = column("entity_id of mentions")
    article_id: str | None = column(
        "article in which it stands for this entity; null: in all others", default=None
    )
    entity: str = column("entity as founded; entities says what it counts as")
    type: str = column("type of the mention that was seen first", values=MENTION_TYPES)
    name: str = column("fullest form of the name where it was seen first")
    extractor_version: str = column("version of the registry")


@Row
class EntityDecision:
    """A merge or split of entities, a suggestion, or an undo of one; never changed."""

    decision_id: str = column("key of what is decided and of the run", pattern=KEY)
    kind: str = column("what is decided; a suggestion waits for a person", values=DECISIONS)
    entities: list[str] = column("entities that are, or are not, one with the others", default=())
    others: list[str] = column("those others", default=())
    founds: str | None = column("entity that a split founds", default=None)
    moves: list[str] = column(
        "mentions that a split moves to it: article_id, a space, entity_id", default=()
    )
    undoes: str | None = column("decision_id that an undo takes back", default=None)
    score: float | None = column(
        "probability that entities and others are one", default=None, low=0, high=1
    )
    evidence: str | None = column(
        "what each piece of evidence adds to the log-odds, as JSON", default=None
    )
    decided_by: str = column("machine, or the person who decided", default="machine")
    note: str | None = column("why, in that person's words", default=None)
    ordinal: int = column("place among the decisions of its run", low=0)
    extractor_version: str = column("version of the registry")


# --------------------------------------------------------------------------- operations


@Row
class Source:
    """A configured source with its state."""

    source_id: str = column("name in the configuration")
    kind: str = column("kind of source", values=SOURCE_KINDS)
    location: str = column("URL or path")
    etag: str | None = column("ETag of the last good answer", default=None)
    last_modified: str | None = column("Last-Modified of the last good answer", default=None)
    body_sha256: str | None = column("SHA-256 of the last good answer", default=None)
    watermark_at: datetime | None = column("newest entry date seen", default=None)
    last_success_at: datetime | None = column("last good answer", default=None)
    last_error: str | None = column("message of the last failure since a success", default=None)
    failures: int = column("failures in a row", default=0, low=0)
    entries: int | None = column("pages listed by the last good answer", default=None, low=0)
    position: int | None = column(
        "archive: offset of the first record not yet read", default=None, low=0, unit="By"
    )
    next_try_at: datetime | None = column(
        "not to be asked before (Retry-After); null: in the next run", default=None
    )
    updated_at: datetime = column("when this state was written")


@Row
class Fetch:
    """One attempt to get one URL or file."""

    fetch_id: str = column("key of run, URL and attempt", pattern=KEY)
    run_id: str = column("run")
    source_id: str = column("source that named the URL")
    url: str = column("URL asked for, or path read")
    final_url: str | None = column("URL after redirects", default=None)
    status: int | None = column("HTTP status; null where no answer came", default=None)
    robots: str = column("robots.txt decision", values=ROBOTS)
    robots_rule: str | None = column("the rule that decided", default=None)
    error_class: str | None = column("class of the failure", default=None)
    error: str | None = column("message of the failure", default=None)
    bytes: int | None = column("size of the body", default=None, low=0, unit="By")
    sha256: str | None = column("SHA-256 of the body", default=None, pattern="[0-9a-f]{64}")
    etag: str | None = column("ETag of the answer", default=None)
    last_modified: str | None = column("Last-Modified of the answer", default=None)
    opt_outs: list[str] = column(
        "what the site says against text and data mining or AI: header:noai, robots:GPTBot...",
        default=(),
    )
    archive_file: str | None = column("file below archive/ that holds the body", default=None)
    archive_offset: int | None = column(
        "where its WARC record begins in that file", default=None, low=0, unit="By"
    )
    archive_length: int | None = column(
        "how long that record is, compressed", default=None, low=1, unit="By"
    )
    article_id: str | None = column("article the body became", default=None)
    started_at: datetime = column("when the attempt began")
    seconds: float = column("how long it took", low=0, unit="s")


@Row
class Run:
    """One ingest, or other work that publishes."""

    run_id: str = column("identity of the run")
    kind: str = column("what the run did", default="ingest", values=RUN_KINDS)
    started_at: datetime = column("begin")
    ended_at: datetime | None = column("end", default=None)
    state: str = column("how it ended", values=RUN_STATES)
    message: str | None = column("reason of a failure", default=None)
    forced_by: str | None = column("who published it against the gate", default=None)
    forced_because: str | None = column("why, in that person's words", default=None)
    code_version: str = column("version of dateline")
    model: str | None = column("language pipeline and its version", default=None)
    extractors: str | None = column("extractor versions as JSON", default=None)
    stamp: str | None = column(
        "what its texts were read with: key of extractor versions, model and policy", default=None
    )
    settings: str | None = column("settings in force as JSON, without secrets", default=None)
    versions: str | None = column(
        "versions of Python, of the libraries that decide rows, and of the data files, as JSON",
        default=None,
    )
    machine: str | None = column("system, processor, cores and memory", default=None)
    slice_from: datetime | None = column("first day that a backfill took", default=None)
    slice_to: datetime | None = column("end of what it took, exclusive", default=None)
    items_in: int | None = column(
        "pages asked for and documents read, counted as they are handed out; null where an older"
        " version ran. They are articles_new, articles_unchanged, articles_held, items_failed and"
        " items_left_out: see run_balance",
        default=None,
        low=0,
    )
    items_failed: int = column("of these, those that could not be had", default=0, low=0)
    items_left_out: int = column("of these, those that were passed over", default=0, low=0)
    left_out: str | None = column("why they were, as JSON {reason: count}", default=None)
    articles_in: int = column("pages and documents fetched", default=0, low=0)
    articles_new: int = column("new article versions", default=0, low=0)
    articles_unchanged: int = column("known and unchanged", default=0, low=0)
    articles_skipped: int = column("stored without annotation: other language", default=0, low=0)
    articles_held: int = column(
        "pages and documents held back; articles_in is new, unchanged and held ones",
        default=0,
        low=0,
    )
    rows_in: int = column(
        "fact rows found; they are those published, and those held back (rows_quarantined without"
        " articles_held)",
        default=0,
        low=0,
    )
    rows_out: int = column("fact rows published", default=0, low=0)
    rows_quarantined: int = column("documents and rows held back", default=0, low=0)
    fetch_failures: int = column("failed fetches", default=0, low=0)


@Row
class RunStage:
    """One stage of a run."""

    run_id: str = column("run")
    stage: str = column("stage")
    rows_in: int = column("items in", default=0, low=0)
    rows_out: int = column("items out", default=0, low=0)
    rows_quarantined: int = column("items held back", default=0, low=0)
    seconds: float = column("wall time", low=0, unit="s")
    cpu_seconds: float | None = column("CPU time of the stage's processes", default=None, unit="s")
    peak_memory: int | None = column(
        "largest resident set of one of the stage's processes", default=None, unit="By"
    )


@Row
class CheckResult:
    """One expectation's result in one run, for all sources or for one."""

    run_id: str = column("run")
    table_name: str = column("table checked")
    expectation: str = column("rule or measure id")
    source_id: str = column(
        "source that the result is about, * for all of them; a rule about rows has a result for"
        " each source with a row that broke it, a measure for each source with a value",
        default="*",
    )
    description: str = column("what is expected, in words")
    severity: str = column("what a failure does", values=SEVERITIES)
    owner: str = column("who acts on a failure", default="pipeline")
    hint: str | None = column("what to do when it fails", default=None)
    success: bool = column("whether it held")
    rows_checked: int = column("rows looked at", low=0)
    rows_failed: int = column("rows that broke it", low=0)
    value: float | None = column("measured value; null for a rule about rows", default=None)
    low: float | None = column("least that was expected of the value", default=None)
    high: float | None = column("most that was expected of the value", default=None)
    deviation: float | None = column(
        "standard deviation of what the value is a mean of", default=None, low=0
    )
    days: int | None = column("days of history that low and high rest on", default=None, low=0)
    observed: str | None = column("examples or details as JSON", default=None)


@Row
class Quarantined:
    """A row or document held back, with the rule it broke."""

    quarantine_id: str = column("key of table, row and rules", pattern=KEY)
    table_name: str = column("table the row was meant for")
    source_id: str | None = column("source", default=None)
    article_id: str | None = column("article", default=None)
    location: str | None = column("URL, or file and line", default=None)
    rules: list[str] = column("rules it broke")
    reason: str = column("the same in words")
    row_json: str = column("the row as JSON, or what was read of it")
    state: str = column("what became of it", default="open", values=QUARANTINE_STATES)
    run_id: str = column("run that held it back")
    recorded_at: datetime = column("when")
    decided_at: datetime | None = column("when it was replayed or discarded", default=None)
    decided_by: str | None = column("who did that", default=None)
    note: str | None = column("why, in that person's words", default=None)


@Row
class Forgotten:
    """A tombstone: what was forgotten on request, under a key that does not tell what it was."""

    forgotten_id: str = column("key of kind and key", pattern=KEY)
    kind: str = column("what is not to come back", values=FORGOTTEN_KINDS)
    key: str = column(
        "of a url the first 16 hex digits of its SHA-256; article_id; source_id; of a person the"
        " same digits of request_id with first and last word of a name, in order of the alphabet"
    )
    request_id: str = column("the request it belongs to")
    forgotten_at: datetime = column("when it was asked for")
    reason: str | None = column("why, in the words of who asked", default=None)


@Row
class Provenance:
    """Columns that the pipeline adds in front of and behind a finder's own."""

    article_id: str = column("article")
    version: str = column("article version", pattern=KEY)
    surface: str = column("text[start:end] of the version's text")
    sentence: int = column("ordinal of the sentence the span begins in", low=0)
    sentence_start: int = column("first code point of that sentence", low=0)
    sentence_end: int = column("one past that sentence", low=1)
    extractor: str = column("transform that found it")
    extractor_version: str = column("its version")


@Row
class Recorded:
    """When the warehouse knew; added by the publish, not by transforms."""

    run_id: str = column("run that published the row")
    recorded_at: datetime = column("when the row became known")
    superseded_at: datetime | None = column("when a newer one took its place", default=None)


# --------------------------------------------------------------------------- tables


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table: its columns in order, and the key that is unique among current rows."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    row: type
    recorded: bool = False
    """Whether the publish adds run_id, recorded_at and superseded_at."""
    order: tuple[str, ...] = ()
    """Columns the stored files are sorted by."""
    spans: str = "text"
    """Column of article_versions that the spans of its rows are into."""

    @property
    def published(self) -> tuple[Column, ...]:
        """The columns as stored in the warehouse."""
        return self.columns + (columns_of(Recorded) if self.recorded else ())

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.published if c.name == name)


def arrow_schema(columns: typing.Iterable[Column]) -> pa.Schema:
    """The Arrow schema of declared columns."""
    import pyarrow as pa  # here, so that an SQL session does not pay for the import

    arrow = {
        "string": pa.string(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "bool": pa.bool_(),
        "timestamp": pa.timestamp("us", tz="UTC"),
        "list<string>": pa.list_(pa.string()),
    }
    return pa.schema([pa.field(c.name, arrow[c.type], nullable=c.nullable) for c in columns])


_TYPES = {str: "string", int: "int64", float: "double", bool: "bool", datetime: "timestamp"}


def _column(name: str, hint: Any, metadata: typing.Mapping[str, Any]) -> Column:
    nullable = isinstance(hint, types.UnionType) and type(None) in typing.get_args(hint)
    if nullable:
        (hint,) = (a for a in typing.get_args(hint) if a is not type(None))
    kind = "list<string>" if typing.get_origin(hint) is list else _TYPES[hint]
    return Column(name=name, type=kind, nullable=nullable, **metadata)


def columns_of(row: type) -> tuple[Column, ...]:
    """The declared columns of a row class, in order."""
    hints = typing.get_type_hints(row)
    return tuple(_column(f.name, hints[f.name], f.metadata) for f in dataclasses.fields(row))


def default_of(table: Table, column: Column) -> str | None:
    """The value the declaration gives a column, as SQL; null where it gives none."""
    for field in dataclasses.fields(table.row):
        if field.name == column.name and field.default is not dataclasses.MISSING:
            if column.type == "list<string>":
                return "[]"
            if isinstance(field.default, bool | int | float):
                return str(field.default)
            return "'" + str(field.default).replace("'", "''") + "'"
    return None


def _fact(name: str, noun: str, row: type, spans: str = "text") -> Table:
    """A table of facts: id, article and version, span, the finder's columns, who found it."""
    own = {c.name: c for c in columns_of(row)}
    stamp = {c.name: c for c in columns_of(Provenance)}
    span = [own.pop("start"), own.pop("end")]
    rule = own.pop("rule")
    key = Column(
        f"{noun}_id", "string", False, "key of article, version, span and rule", pattern=KEY
    )
    columns = (
        key, stamp["article_id"], stamp["version"], *span, stamp["surface"], stamp["sentence"],
        stamp["sentence_start"], stamp["sentence_end"], *own.values(), stamp["extractor"],
        stamp["extractor_version"], rule,
    )  # fmt: skip
    doc = (row.__doc__ or "").strip().splitlines()[0]
    order = ("article_id", "start")
    return Table(name, doc, columns, (key.name,), row, recorded=True, order=order, spans=spans)


def _table(name: str, row: type, key: tuple[str, ...], *, recorded: bool = False) -> Table:
    doc = (row.__doc__ or "").strip().splitlines()[0]
    return Table(name, doc, columns_of(row), key, row, recorded=recorded, order=key)


SOURCES = _table("sources", Source, ("source_id",))
FETCHES = _table("fetches", Fetch, ("fetch_id",))
ARTICLES = _table("articles", Article, ("article_id",))
ARTICLE_VERSIONS = _table(
    "article_versions", ArticleVersion, ("article_id", "version"), recorded=True
)
DUPLICATES = _table("duplicates", Duplicate, ("article_id", "version"), recorded=True)
READINGS = _table("readings", Reading, ("article_id", "version"), recorded=True)
MENTIONS = _fact("mentions", "mention", Mention)
INNER_PLACES = _fact("inner_places", "inner_place", InnerPlace)
COREFERENCES = _fact("coreferences", "coreference", Coreference)
ENTITIES = _table("entities", Entity, ("entity",), recorded=True)
ENTITY_ALIASES = _table("entity_aliases", EntityAlias, ("alias_id",), recorded=True)
ENTITY_DECISIONS = _table("entity_decisions", EntityDecision, ("decision_id",), recorded=True)
QUANTITIES = _fact("quantities", "quantity", Quantity)
TIMES = _fact("times", "time", Time)
QUOTES = _fact("quotes", "quote", Quote)
NESTED_QUOTES = _fact("nested_quotes", "quote", NestedQuote)
HEADLINE_QUOTES = _fact("headline_quotes", "quote", HeadlineQuote, spans="headline")
CLAIMS = _fact("claims", "claim", Claim)
EVENTS = _fact("events", "event", Event)
RUNS = _table("runs", Run, ("run_id",))
RUN_STAGES = _table("run_stages", RunStage, ("run_id", "stage"))
CHECKS = _table("checks", CheckResult, ("run_id", "table_name", "expectation", "source_id"))
QUARANTINE = _table("quarantine", Quarantined, ("quarantine_id",))

FACTS = (
    MENTIONS, INNER_PLACES, COREFERENCES, QUANTITIES, TIMES, QUOTES, NESTED_QUOTES,
    HEADLINE_QUOTES, CLAIMS, EVENTS,
)  # fmt: skip
FORGOTTEN = _table("forgotten", Forgotten, ("forgotten_id",))

HISTORY = (ARTICLE_VERSIONS, DUPLICATES, READINGS, *FACTS)
"""Tables whose rows a newer version of their article supersedes."""
REGISTRY = (ENTITIES, ENTITY_ALIASES, ENTITY_DECISIONS)
"""Tables that follow from the mentions of all articles; a newer row of a key supersedes."""
OPERATIONS = (FETCHES, RUNS, RUN_STAGES, CHECKS)
"""Tables that only grow, with every run, whether or not it changed a row of news."""
TABLES = (
    SOURCES,
    FETCHES,
    ARTICLES,
    *HISTORY,
    *REGISTRY,
    RUNS,
    RUN_STAGES,
    CHECKS,
    QUARANTINE,
    FORGOTTEN,
)
BY_NAME = {t.name: t for t in TABLES}
