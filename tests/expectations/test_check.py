"""Every rule holds back the row that breaks it, and nothing is ever lost."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.check import Checked, check, merge_results
from expectations.rules import DOMAIN
from expectations.spans import FACT_RULES
from warehouse.tables import (
    ARTICLE_VERSIONS,
    BY_NAME,
    CHECKS,
    FACTS,
    QUARANTINE,
    Table,
    arrow_schema,
)

NOW = datetime(2026, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = "“Zwölf 🚲 went north,” Ms. Orla Reed of Tarn said on Monday. It cost €5."
HEADLINE = "Orla Reed: Zwölf 🚲 went north"
VERSION = "0" * 16


def to_frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    schema = arrow_schema(table.columns)
    arrays = [pa.array([r.get(f.name) for r in rows], f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema).to_pandas(types_mapper=pd.ArrowDtype)


def version(**changes: Any) -> dict[str, Any]:
    text = changes.get("text", TEXT)
    return {
        "article_id": "a",
        "version": VERSION,
        "headline": HEADLINE,
        "authors": [],
        "credits": ["Wire"],
        "credit_lines": ["With reporting by Wire"],
        "reservations": [],
        "published_at": NOW,
        "text": text,
        "text_sha256": hashlib.sha256((text or "").encode()).hexdigest(),
        "extractor_version": "1",
    } | changes


OWN: dict[str, dict[str, Any]] = {
    "mentions": {
        "mention_id": "1" * 16,
        "type": "PLACE",
        "canonical_name": "Tarn",
        "country_code": "FR",
        "latitude": 43.9,
        "longitude": 2.1,
        "precision": "admin1",
    },
    "inner_places": {
        "inner_place_id": "8" * 16,
        "mention_id": "1" * 16,
        "canonical_name": "Tarn",
        "entity_id": "geonames:1",
        "geonames_id": 1,
    },
    "coreferences": {
        "coreference_id": "7" * 16,
        "form": "pronoun",
        "type": "PLACE",
        "canonical_name": "Tarn",
        "mention_id": "1" * 16,
    },
    "quantities": {
        "quantity_id": "2" * 16,
        "kind": "money",
        "value": 5.0,
        "modifier": "exact",
        "change": "none",
        "unit": "euro",
        "unit_symbol": "EUR",
        "currency": "EUR",
        "negated": False,
    },
    "times": {
        "time_id": "3" * 16,
        "timex_type": "DATE",
        "timex_value": "2026-03-02",
        "start_at": NOW,
        "end_at": NOW + timedelta(days=1),
        "anchor": "publication",
    },
    "quotes": {"quote_id": "4" * 16, "quote_type": "direct"},
    "nested_quotes": {
        "quote_id": "8" * 16,
        "quote_type": "indirect",
        "outer_quote_id": "4" * 16,
    },
    "headline_quotes": {"quote_id": "7" * 16, "quote_type": "indirect"},
    "claims": {
        "claim_id": "5" * 16,
        "happening": "paid",
        "trigger_start": 0,
        "trigger_end": 5,
        "asserter_type": "outlet",
        "stance": "assert",
        "planned": False,
        "quantity_id": "2" * 16,
        "value": 5.0,
    },
    "events": {
        "event_id": "6" * 16,
        "happening": "visited",
        "event_type": "CONSULT",
        "trigger_start": 0,
        "trigger_end": 5,
        "asserter_type": "outlet",
        "stance": "assert",
        "planned": False,
    },
}
WORDS = {
    "mentions": "Tarn",
    "inner_places": "Tarn",
    "coreferences": "It",
    "quantities": "€5",
    "times": "Monday",
    "quotes": "Zwölf 🚲 went north,",
    "nested_quotes": "went north",
    "headline_quotes": "Zwölf 🚲 went north",
    "claims": "€5",
    "events": "went",
}


def fact(table: str, **changes: Any) -> dict[str, Any]:
    words = WORDS[table]
    start = (HEADLINE if BY_NAME[table].spans == "headline" else TEXT).index(words)
    row = {
        "article_id": "a",
        "version": VERSION,
        "start": start,
        "end": start + len(words),
        "surface": words,
        "sentence": 0,
        "sentence_start": 0,
        "sentence_end": len(TEXT),
        "extractor": table,
        "extractor_version": "1",
        "rule": "r",
    }
    return row | OWN[table] | changes


def run(rows: dict[str, list[dict[str, Any]]], **options: Any) -> Checked:
    frames = {name: to_frame(BY_NAME[name], rows.get(name, [])) for name in rows}
    return check(frames, run_id="r", as_of=NOW, texts=frames[ARTICLE_VERSIONS.name], **options)


BATCH = (*(t.name for t in FACTS), ARTICLE_VERSIONS.name)
SPEAKER = TEXT.index("Orla Reed")
SHARED = {rule.id for rule in FACT_RULES}


def test_a_sound_batch_passes_whole() -> None:
    rows = {name: [fact(name)] for name in WORDS} | {"article_versions": [version()]}
    checked = run(rows)
    assert checked.quarantined.empty
    assert checked.failed_tables == ()
    assert checked.results["success"].all()
    for name, frame in checked.good.items():
        pd.testing.assert_frame_equal(frame, to_frame(BY_NAME[name], rows[name]))


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("mentions", {"article_id": "b"}, "version_known"),
    ("mentions", {"start": 9, "end": 9, "surface": ""}, "span_not_empty"),
    ("mentions", {"end": len(TEXT) + 1}, "span_inside_text"),
    ("mentions", {"surface": "Tarm"}, "surface_equals_text"),
    ("mentions", {"country_code": "XX"}, "country_known"),
    ("mentions", {"latitude": None}, "coordinates_complete"),
    ("mentions", {"longitude": None}, "coordinates_complete"),
    ("mentions", {"latitude": 90.5}, "bounds:latitude"),
    ("mentions", {"latitude": float("nan")}, "finite:latitude"),
    ("mentions", {"type": "THING"}, "enumeration:type"),
    ("mentions", {"canonical_name": None}, "not_null:canonical_name"),
    ("mentions", {"mention_id": "x"}, "pattern:mention_id"),
    ("mentions", {"mention_id": "1" * 16 + "\n"}, "pattern:mention_id"),
    ("mentions", {"country_code": "FRA"}, "pattern:country_code"),
    ("mentions", {"start": -1}, "bounds:start"),
    ("quantities", {"value_low": 6.0, "value_high": 4.0, "value": None}, "ends_ordered"),
    ("quantities", {"value_low": 6.0, "value_high": 8.0}, "value_within_ends"),
    ("quantities", {"value_high": 4.0}, "value_within_ends"),
    ("quantities", {"value": float("inf")}, "finite:value"),
    ("quantities", {"unit_symbol": "EUX"}, "currency_known"),
    ("quantities", {"concept_start": 3}, "concept_span_complete"),
    ("quantities", {"concept_start": 3, "concept_end": 3}, "concept_span_complete"),
    ("quantities", {"concept_start": 3, "concept_end": 999}, "concept_inside_text"),
    ("quantities", {"part_of_start": 3}, "whole_span_complete"),
    ("quantities", {"value_si": 5.0}, "si_complete"),
    ("quantities", {"unit_si": "m"}, "si_complete"),
    ("quantities", {"value_from": 9.0}, "change_has_ends"),
    ("quantities", {"value_from": 9.0, "value_to": 5.0}, "change_has_ends"),
    ("quantities", {"currency": "euro"}, "pattern:currency"),
    ("times", {"timex_value": "2026-13"}, "timex_grammar"),
    ("times", {"timex_value": "2026-02-30"}, "timex_grammar"),
    ("times", {"timex_type": "DURATION", "timex_value": "P"}, "timex_grammar"),
    ("times", {"timex_type": "TIME", "timex_value": "2026-03-02T25:00"}, "timex_grammar"),
    ("times", {"timex_value": "2026-03-02\n"}, "timex_grammar"),
    ("times", {"end_at": NOW}, "interval_ordered"),
    ("times", {"zone": "Europe/Athens"}, "zone_explained"),
    ("times", {"zone_from": "source"}, "zone_explained"),
    ("events", {"target_surface": "Reed"}, "target_span_complete"),
    (
        "events",
        {"target_start": SPEAKER, "target_end": SPEAKER + 4, "target_surface": "Reed"},
        "target_equals_text",
    ),
    ("events", {"content_end": 4}, "content_span_complete"),
    (
        "events",
        {"content_start": SPEAKER, "content_end": SPEAKER + 4, "content_surface": "Reed"},
        "content_equals_text",
    ),
    ("headline_quotes", {"start": 0, "end": 4, "surface": "Zwöl"}, "surface_equals_text"),
    ("headline_quotes", {"speaker_surface": "Reed"}, "speaker_span_complete"),
    (
        "headline_quotes",
        {"speaker_start": 0, "speaker_end": 4, "speaker_surface": "Reed"},
        "speaker_equals_text",
    ),
    (
        "headline_quotes",
        {"speaker_start": 0, "speaker_end": len(HEADLINE) + 1, "speaker_surface": HEADLINE},
        "speaker_inside_text",
    ),
    ("quotes", {"speaker_surface": "Reed"}, "speaker_span_complete"),
    (
        "quotes",
        {"speaker_start": SPEAKER, "speaker_end": SPEAKER + 4, "speaker_surface": "Reed"},
        "speaker_equals_text",
    ),
    (
        "quotes",
        {"speaker_start": 2, "speaker_end": 999, "speaker_surface": "Reed"},
        "speaker_inside_text",
    ),
    ("claims", {"quantity_id": None, "value": None}, "claim_counts_or_denies"),
    ("claims", {"value_low": 9.0, "value_high": 4.0}, "counts_ordered"),
    ("claims", {"quantity_id": "f" * 16}, "points_to:quantity_id"),
    ("claims", {"time_id": "f" * 16, "time_from": "clause"}, "points_to:time_id"),
    ("events", {"quote_id": "f" * 16}, "points_to:quote_id"),
    ("nested_quotes", {"outer_quote_id": "f" * 16}, "points_to:outer_quote_id"),
    ("events", {"target_mention_id": "f" * 16}, "points_to:target_mention_id"),
    *((table, changes, rule) for table in ("claims", "events") for changes, rule in (
        ({"actor_start": SPEAKER, "actor_end": SPEAKER + 4, "actor_surface": "Reed"},
         "actor_equals_text"),
        ({"actor_start": SPEAKER}, "actor_span_complete"),
        ({"asserter_type": "person"}, "asserter_explained"),
        ({"asserter_start": 2, "asserter_end": 9, "asserter_surface": "Reed",
          "asserter_type": "person"}, "asserter_equals_text"),
        ({"happened_from": NOW, "happened_to": NOW}, "time_ordered"),
    )),
    *(("nested_quotes", changes, rule) for changes, rule in (
        ({"speaker_surface": "Reed"}, "speaker_span_complete"),
        ({"speaker_start": SPEAKER, "speaker_end": SPEAKER + 9, "speaker_surface": "Reed"},
         "speaker_equals_text"),
        ({"speaker_start": SPEAKER, "speaker_end": len(TEXT) + 1, "speaker_surface": "Reed"},
         "speaker_inside_text"),
    )),
    ("article_versions", {"published_at": NOW + 2 * DAY}, "published_not_after_fetch"),
    ("article_versions", {"text_sha256": "0" * 64}, "text_hash_matches"),
    ("article_versions", {"text": " \n"}, "text_not_blank"),
    ("article_versions", {"language": "English"}, "pattern:language"),
]  # fmt: skip
"""Table, what is changed in a sound row of it, and the rule that then breaks."""

GAP = TEXT.index(" ")
WARNED: list[tuple[str, dict[str, Any], str]] = [
    ("mentions", {"sentence_end": 1}, "span_begins_in_sentence"),
    ("times", {"start": GAP, "end": GAP + 1, "surface": " "}, "surface_not_blank"),
    ("mentions", {"precision": None}, "coordinates_explained"),
    ("mentions", {"type": "PERSON", "geonames_id": 5}, "geonames_on_places"),
    ("quantities", {"kind": "range", "value_low": 5.0}, "range_has_ends"),
    ("times", {"anchor_value": "the day before"}, "anchor_grammar"),
    ("times", {"edtf": "2026-W10"}, "edtf_grammar"),
    ("headline_quotes", {"cue": ":"}, "cue_span_complete"),
    ("headline_quotes", {"cue": "says", "cue_start": 0, "cue_end": 4}, "cue_equals_text"),
    ("quotes", {"cue": "said"}, "cue_span_complete"),
    ("quotes", {"cue": "said", "cue_start": 0, "cue_end": 4}, "cue_equals_text"),
    ("nested_quotes", {"cue": "said"}, "cue_span_complete"),
    ("nested_quotes", {"cue": "said", "cue_start": 0, "cue_end": 4}, "cue_equals_text"),
    ("claims", {"time_id": "3" * 16}, "time_explained"),
    ("events", {"time_from": "clause"}, "time_explained"),
    ("claims", {"place_from": "scene"}, "place_explained"),
    ("events", {"place_from": "clause"}, "place_explained"),
    ("article_versions", {"published_at": None}, "published_known"),
    ("article_versions", {"modified_at": NOW + timedelta(days=2)}, "modified_not_after_fetch"),
    ("claims", {"answers_id": "f" * 16}, "points_to:answers_id"),
    ("article_versions", version(text="caf\ufffd", version="e" * 16), "text_decoded"),
    ("article_versions", version(text="He saidâ€”no.", version="d" * 16), "text_no_mojibake"),
    (
        "article_versions",
        version(text="We use cookies. Accept all, or reject all.", version="c" * 16),
        "text_is_no_wall",
    ),
]
"""The same for rules that hold nothing back."""

FELL = {"value_from": 9.0, "value_to": 4.0}

OPEN: list[tuple[str, dict[str, Any]]] = [
    ("quantities", {"unit_symbol": "USD/mo"}),
    ("quantities", {"kind": "measure", "unit_symbol": "km"}),
    ("quantities", {"value": None, "value_low": 4.0}),
    ("quantities", {"value": None, "value_low": 4.0, "value_high": 9.0} | FELL),
    ("quantities", {"kind": "measure", "unit_symbol": "km", "value_si": 5000.0, "unit_si": "m"}),
    ("mentions", {"country_code": "XK"}),
    ("times", {"timex_value": None, "start_at": None, "end_at": None}),
    ("times", {"timex_type": "SET", "timex_value": "XXXX-WXX-1"}),
    ("times", {"timex_type": "DURATION", "timex_value": "PT1H30M"}),
    ("times", {"timex_type": "TIME", "timex_value": "2026-03-02TEV"}),
    ("times", {"timex_value": "199"}),
    ("times", {"edtf": "2026-03-02/..", "end_at": None}),
    ("times", {"zone": "-05:00", "zone_from": "text"}),
    ("times", {"timex_value": "PAST_REF"}),
    (
        "quotes",
        {"speaker_start": SPEAKER, "speaker_end": SPEAKER + 9, "speaker_surface": "Orla Reed"},
    ),
]
"""Table, and what may be changed in a sound row of it without breaking a rule."""


def key(number: int) -> str:
    return f"{number:016x}"


def row_of(table: str, number: int, changes: dict[str, Any]) -> dict[str, Any]:
    """A row with a key of its own; an article version is known by its version."""
    if table == ARTICLE_VERSIONS.name:
        return version(version=key(number)) | changes
    return fact(table, **({BY_NAME[table].key[0]: key(number)} | changes))


@pytest.fixture(scope="module")
def broken() -> Checked:
    """All broken rows and a sound one of each table, in one batch."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [fact(name)] if name in WORDS else [row_of(name, 0xF000, {})]
        for name in (*WORDS, ARTICLE_VERSIONS.name)
    }
    rows[ARTICLE_VERSIONS.name].append(version())
    for number, (table, changes, _) in enumerate(BROKEN):
        rows[table].append(row_of(table, number + 1, changes))
    return run(rows)


def test_only_sound_rows_are_good(broken: Checked) -> None:
    sizes = {name: len(frame) for name, frame in broken.good.items()}
    assert sizes == dict.fromkeys(WORDS, 1) | {ARTICLE_VERSIONS.name: 2}
    assert len(broken.quarantined) == len(BROKEN)
    assert broken.failed_tables == ()


@pytest.mark.parametrize("number", range(len(BROKEN)), ids=[f"{t}-{r}" for t, _, r in BROKEN])
def test_the_row_that_breaks_a_rule_is_held_back(broken: Checked, number: int) -> None:
    table, changes, rule = BROKEN[number]
    name = "version" if table == ARTICLE_VERSIONS.name else BY_NAME[table].key[0]
    wanted = row_of(table, number + 1, changes)[name]
    held = broken.quarantined[broken.quarantined["table_name"] == table]
    (at,) = [i for i, r in enumerate(held["row_json"]) if json.loads(r)[name] == wanted]
    row = held.iloc[at]
    assert rule in list(row["rules"])
    assert row["reason"]
    assert row["article_id"] == changes.get("article_id", "a")
    results = broken.results.set_index(["table_name", "expectation"])
    assert not results.loc[(table, rule), "success"]
    assert results.loc[(table, rule), "rows_failed"] >= 1
    assert json.loads(results.loc[(table, rule), "observed"])["examples"]


def test_what_a_text_may_leave_open_is_kept() -> None:
    rows: dict[str, list[dict[str, Any]]] = {ARTICLE_VERSIONS.name: [version()]}
    for number, (table, changes) in enumerate(OPEN):
        rows.setdefault(table, []).append(row_of(table, number, changes))
    checked = run(rows)
    assert checked.quarantined["row_json"].tolist() == []


def test_what_only_warns_is_counted_and_holds_nothing_back() -> None:
    rows: dict[str, list[dict[str, Any]]] = {ARTICLE_VERSIONS.name: [version()]}
    for table in ("quantities", "times", "quotes"):  # what others point to
        rows[table] = [fact(table)]
    for number, (table, changes, _) in enumerate(WARNED):
        rows.setdefault(table, []).append(row_of(table, number, changes))
    checked = run(rows)
    assert checked.quarantined.empty
    failed = checked.results[~checked.results["success"]]
    found = zip(failed["table_name"], failed["expectation"], failed["rows_failed"], strict=True)
    assert sorted(found) == sorted((table, rule, 1) for table, _, rule in WARNED)


def test_every_rule_of_the_domain_is_tried() -> None:
    tried = {(table, rule) for table, _, rule in (*BROKEN, *WARNED)}
    tried |= {(table, rule) for _, rule in tried for table in WORDS if rule in SHARED}
    tried |= {(table, rule) for table, _, rule in FOLLOWING}
    assert {(table, rule.id) for table, rules in DOMAIN.items() for rule in rules} <= tried


FOLLOWING: list[tuple[str, dict[str, Any], str]] = [
    ("articles", {"source_id": "post", "first_seen_at": NOW, "current_version": "f" * 16},
     "current_version_comes"),
    ("readings", {"version": "f" * 16, "stamp": "0" * 16}, "version_known"),
    ("duplicates", {"version": "f" * 16, "cluster_id": "c", "relation": "first",
                    "extractor_version": "1"}, "version_known"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "rule"), FOLLOWING)
def test_what_follows_from_a_text_comes_with_it(table: str, row: dict[str, Any], rule: str) -> None:
    text = version()
    texts = to_frame(BY_NAME["article_versions"], [text])
    own = next(name for name in ("current_version", "version") if name in row)
    for named, held in ((row[own], 1), (text["version"], 0)):
        frame = to_frame(BY_NAME[table], [row | {"article_id": text["article_id"], own: named}])
        checked = check({table: frame}, run_id="r", as_of=NOW, texts=texts)
        assert len(checked.quarantined) == held
        assert [list(rules) for rules in checked.quarantined["rules"]] == [[rule]] * held


def test_facts_of_a_version_held_back_are_held_back_too() -> None:
    late = version(published_at=NOW + timedelta(days=9))
    checked = run({"mentions": [fact("mentions")], "article_versions": [late]})
    assert all(frame.empty for frame in checked.good.values())
    rules = [list(r) for r in checked.quarantined["rules"]]
    assert ["version_known"] in rules
    assert len(rules) == 2


def test_a_duplicate_key_fails_the_table() -> None:
    checked = run({"mentions": [fact("mentions")] * 2, "article_versions": [version()]})
    assert checked.failed_tables == ("mentions",)
    assert checked.quarantined["quarantine_id"].is_unique


def test_a_table_of_another_shape_fails_and_loses_no_row() -> None:
    good = to_frame(BY_NAME["mentions"], [fact("mentions")])
    texts = to_frame(ARTICLE_VERSIONS, [version()])
    for wrong in (
        good.drop(columns="type"),
        good.assign(extra=1),
        good.astype({"start": pd.ArrowDtype(pa.int32())}),
        good.assign(surface=good["surface"].astype(object)),
    ):
        for frame in (wrong, wrong.iloc[:0]):
            checked = check({"mentions": frame}, run_id="r", as_of=NOW, texts=texts)
            assert checked.failed_tables == ("mentions",)
            assert len(checked.quarantined) == len(frame)
            assert list(checked.good["mentions"].columns) == list(good.columns)


def test_without_texts_rules_about_texts_are_left_out() -> None:
    frames = {"mentions": to_frame(BY_NAME["mentions"], [fact("mentions", surface="other")])}
    checked = check(frames, run_id="r", as_of=NOW)
    assert checked.quarantined.empty
    left_out = {"version_known", "span_inside_text", "surface_equals_text"}
    assert not left_out & set(checked.results["expectation"])


def test_facts_of_a_reprocess_are_judged_by_the_texts_given() -> None:
    frames = {"mentions": to_frame(BY_NAME["mentions"], [fact("mentions")])}
    for article, held in (("a", 0), ("b", 1)):
        texts = pd.DataFrame({"article_id": [article], "version": [VERSION], "text": [TEXT]})
        checked = check(frames, run_id="r", as_of=NOW, texts=texts)
        assert len(checked.quarantined) == held


def test_empty_frames_pass_and_types_are_declared() -> None:
    checked = run({name: [] for name in BATCH})
    assert checked.failed_tables == ()
    assert checked.quarantined.empty
    declared = [(BY_NAME[n], f) for n, f in checked.good.items()]
    declared += [(QUARANTINE, checked.quarantined), (CHECKS, checked.results)]
    declared += [(CHECKS, merge_results([])), (CHECKS, merge_results([checked.results] * 2))]
    for table, frame in declared:
        expected = to_frame(table, [])
        assert list(frame.columns) == list(expected.columns)
        assert list(frame.dtypes) == list(expected.dtypes)


def test_results_of_batches_add_up() -> None:
    good = run({"mentions": [fact("mentions")], "article_versions": [version()]}).results
    bad = run(
        {"mentions": [fact("mentions", surface="no")], "article_versions": [version()]}
    ).results
    merged = merge_results([good, bad, bad]).set_index(["table_name", "expectation"])
    row = merged.loc[("mentions", "surface_equals_text")]
    assert (row["rows_checked"], row["rows_failed"], row["success"]) == (3, 2, False)
    assert len(json.loads(row["observed"])["examples"]) == 2
    assert len(merged) == len(good)


_mentions = st.lists(
    st.fixed_dictionaries(
        {
            "start": st.integers(-2, len(TEXT) + 2),
            "end": st.integers(-2, len(TEXT) + 2),
            "surface": st.sampled_from([None, "", "Tarn", TEXT, "🚲"]),
            "type": st.sampled_from(["PLACE", "ORG", "?", None]),
            "latitude": st.none() | st.floats(),
            "longitude": st.none() | st.floats(-180, 180),
            "country_code": st.none() | st.text(max_size=3),
            "article_id": st.sampled_from(["a", "b", None]),
        }
    ),
    max_size=6,
)


@settings(max_examples=5, deadline=None)
@given(_mentions, st.integers(1, 4))
def test_every_row_is_good_or_held_back_and_slices_change_nothing(
    changes: list[dict[str, Any]], size: int
) -> None:
    rows = {
        "mentions": [fact("mentions", **c, mention_id=f"{i:016x}") for i, c in enumerate(changes)],
        "article_versions": [version()],
    }
    whole, sliced = run(rows), run(rows, slice_rows=size)
    good = set(whole.good["mentions"]["mention_id"])
    held = {json.loads(r)["mention_id"] for r in whole.quarantined["row_json"]}
    assert good | held == {f"{i:016x}" for i in range(len(changes))}
    assert not good & held
    assert len(good) + len(whole.quarantined) == len(changes)
    for row in whole.good["mentions"].to_dict("records"):
        assert TEXT[row["start"] : row["end"]] == row["surface"]
        assert row["latitude"] is pd.NA or np.isfinite(row["latitude"])
    pd.testing.assert_frame_equal(whole.good["mentions"], sliced.good["mentions"])
    pd.testing.assert_frame_equal(whole.quarantined, sliced.quarantined)
    pd.testing.assert_frame_equal(whole.results, sliced.results)


def test_a_row_that_points_to_one_held_back_is_held_back_too() -> None:
    rows = {name: [fact(name)] for name in WORDS} | {ARTICLE_VERSIONS.name: [version()]}
    rows["quantities"] = [fact("quantities", unit_symbol="EUX")]
    checked = run(rows)
    held = dict(
        zip(checked.quarantined["table_name"], checked.quarantined["rules"].map(list), strict=True)
    )
    assert held == {"quantities": ["currency_known"], "claims": ["points_to:quantity_id"]}


def test_each_source_with_a_broken_row_has_a_result_of_its_own() -> None:
    rows = {"mentions": [fact("mentions"), fact("mentions", mention_id="e" * 16)]}
    rows["mentions"] += [fact("mentions", mention_id="d" * 16, article_id="b", surface="Tarm")]
    rows[ARTICLE_VERSIONS.name] = [version(), version(article_id="b")]
    results = run(rows, sources={"a": "post", "b": "gazette"}).results
    about = results[results["expectation"] == "surface_equals_text"]
    assert about["source_id"].tolist() == ["*", "gazette"]
    assert about[["rows_checked", "rows_failed"]].to_numpy().tolist() == [[3, 1], [1, 1]]
