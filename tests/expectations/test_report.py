"""The report says what happened, in a page that needs nothing else."""

from __future__ import annotations

from dataclasses import fields, replace

import pandas as pd

from expectations.report import ReportData, to_html

NOW = pd.Timestamp("2026-03-04", tz="UTC")
EMPTY = ReportData(**{f.name: pd.DataFrame() for f in fields(ReportData)})
RUN = pd.DataFrame(
    [
        {
            "run_id": "r",
            "started_at": NOW,
            "ended_at": pd.NaT,
            "state": "published",
            "message": None,
            "code_version": "1",
            "model": None,
            "articles_in": 4,
            "articles_new": 3,
            "articles_unchanged": 0,
            "articles_skipped": 0,
            "rows_out": 1200,
            "rows_quarantined": 1,
            "fetch_failures": 1,
        }
    ]
)
CHECK = {
    "table_name": "mentions",
    "expectation": "surface_equals_text",
    "description": "The surface is <b>there</b>.",
    "severity": "critical",
    "success": False,
    "rows_checked": 9,
    "rows_failed": 1,
    "observed": '{"examples": [{"mention_id": "m", "surface": "Tarm"}]}',
}


def test_an_empty_warehouse_has_a_report() -> None:
    page = to_html(EMPTY)
    assert "Nothing has run yet." in page
    assert page.rstrip().endswith("</html>")


def test_the_page_needs_nothing_else_and_escapes_what_it_shows() -> None:
    held = pd.DataFrame(
        [
            {
                "quarantine_id": "q",
                "table_name": "mentions",
                "article_id": None,
                "location": "https://a.example/<script>",
                "rules": ["surface_equals_text"],
                "reason": "broken",
                "row_json": '{"surface": "<script>alert(1)</script>"}',
                "run_id": "r",
            }
        ]
    )
    data = replace(EMPTY, run=RUN, history=RUN, checks=pd.DataFrame([CHECK]), quarantine=held)
    page = to_html(data)
    for outside in ("<script", "<b>there", "src=", "href=", "@import", "url("):
        assert outside not in page
    assert "prefers-color-scheme: dark" in page
    assert "1,200 facts published" in page
    assert "What this run published can be trusted, but it is not all that came in" in page
    assert "1 row held back; 1 rule broken; 1 fetch failed." in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_broken_rule_without_rows_shows_what_was_observed() -> None:
    page = to_html(replace(EMPTY, run=RUN, checks=pd.DataFrame([CHECK])))
    assert "<th>surface</th>" in page
    assert "<td>Tarm</td>" in page
    assert "Offsets count code points" in page


def test_a_failed_run_says_why() -> None:
    page = to_html(replace(EMPTY, run=RUN.assign(state="failed", message="the disk is full")))
    assert "published nothing: the disk is full." in page


def test_the_verdict_says_whether_the_data_can_be_trusted() -> None:
    clean = RUN.assign(rows_quarantined=0, fetch_failures=0)
    kept, warned = CHECK | {"success": True}, CHECK | {"severity": "warning"}
    page = to_html(replace(EMPTY, run=clean, checks=pd.DataFrame([kept])))
    assert "data can be trusted: 1,200 facts published from 3 new article versions" in page
    page = to_html(replace(EMPTY, run=clean, checks=pd.DataFrame([warned])))
    assert "data with care" in page


def test_the_history_has_a_bar_for_each_run() -> None:
    failed = RUN.assign(run_id="s", state="failed", rows_out=0)
    page = to_html(replace(EMPTY, run=RUN, history=pd.concat([RUN, failed])))
    assert page.count("<title>2026-03-04") == 4  # two charts
    assert page.count('class="x"') == 2
