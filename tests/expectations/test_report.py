"""The report says what happened, in a page that needs nothing else."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations.brief import to_json, to_markdown
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
    for outside in ("<script>alert", "<b>there", " src=", " href=", "@import", "url("):
        assert outside not in page
    # the only address is in the licence line of the charting library
    assert [a for a in re.findall(r"https?://[^\s\"'<&)]+", page) if "a.example" not in a] == [
        "https://github.com/leeoniya/uPlot"
    ]
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


def test_the_history_is_in_the_page_as_numbers() -> None:
    failed = RUN.assign(run_id="s", state="failed", rows_out=0)
    page = to_html(replace(EMPTY, run=RUN, history=pd.concat([RUN, failed])))
    charts = trends(page)
    assert [chart["lines"][0]["values"] for chart in charts] == [[1200.0, 0.0], [3.0, 3.0]]
    assert page.count("data-chart=") == 2


def trends(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/json" id="trends">(.*?)</script>', page, re.S)
    assert found is not None
    charts: list[dict[str, Any]] = json.loads(found[1])
    return charts


POINT = {
    "started_at": NOW, "table_name": "articles", "expectation": "volume", "source_id": "</script>",
    "value": 20.0, "low": 3.0, "high": 40.0, "success": True,
}  # fmt: skip


def test_a_measure_that_strays_is_drawn_first_and_marked() -> None:
    well = POINT | {"source_id": "post", "high": None}
    points = pd.DataFrame([well, POINT, POINT | {"value": 0.0, "success": False}])
    charts = trends(to_html(replace(EMPTY, run=RUN, trends=points)))
    assert (charts[0]["about"], charts[0]["failing"]) == ("</script>", True)
    assert charts[0]["bad"] == [None, 0.0]
    assert (charts[0]["low"], charts[0]["high"]) == ([3.0, 3.0], [40.0, 40.0])
    # no upper bound: the band reaches to the edge
    (volume,) = (c for c in charts if c["about"] == "post")
    assert volume["high"] == [20.0]


MEASURED = CHECK | {
    "table_name": "articles", "expectation": "volume", "source_id": "gazette", "owner": "sources",
    "description": "As many as usual.", "hint": "The feed moved.", "severity": "warning",
    "rows_failed": 0, "value": 0.0, "low": 3.0, "high": 1234.0, "days": 20.0, "observed": None,
}  # fmt: skip


def test_what_strays_is_told_with_its_source_band_owner_and_query() -> None:
    data = replace(EMPTY, run=RUN, checks=pd.DataFrame([MEASURED, MEASURED | {"source_id": "*"}]))
    page = to_html(data)
    assert page.count("As many as usual.") == 1  # not once more for all sources
    assert "0, expected at least 3 and at most 1,234 after 20 days" in page
    assert "<b>sources:</b> The feed moved." in page
    assert "expectation = &#39;volume&#39; AND source_id = &#39;gazette&#39;" in page
    assert "1 rule broken, mostly of gazette" in page
    (failing,) = json.loads(to_json(data))["failing"]
    assert (failing["source_id"], failing["value"], failing["owner"]) == ("gazette", 0.0, "sources")
    assert "volume` of **gazette**" in to_markdown(data)


def test_a_rule_that_several_tables_broke_is_told_once() -> None:
    other = CHECK | {"table_name": "quotes", "rows_failed": 4}
    data = replace(EMPTY, run=RUN, checks=pd.DataFrame([CHECK, other]))
    page = to_html(data)
    assert page.count("The surface is &lt;b&gt;there&lt;/b&gt;.") == 1
    assert "mentions: 1 of 9 broke it; quotes: 4 of 9 broke it" in page
    assert "table_name IN (&#39;mentions&#39;, &#39;quotes&#39;)" in page
    assert len(json.loads(to_json(data))["failing"]) == 2  # machines have each


def test_examples_show_their_words_in_the_text() -> None:
    place = {"mention_id": "m", "article_id": "a", "version": "v", "start": 8, "end": 12}
    check = CHECK | {"observed": json.dumps({"examples": [place | {"surface": "Tarm"}]})}
    texts = pd.DataFrame([{"article_id": "a", "version": "v", "text": "Ferry toTarn is late."}])
    page = to_html(replace(EMPTY, run=RUN, checks=pd.DataFrame([check]), texts=texts))
    assert "Ferry to\u27e6Tarn\u27e7 is late." in page
    assert "<th>start</th>" not in page


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: the page was not opened")
def test_a_browser_opens_the_page_without_error_or_request(tmp_path: Path) -> None:
    points = pd.DataFrame([POINT, POINT | {"started_at": NOW + pd.Timedelta(days=1)}])
    page = tmp_path / "report.html"
    content = to_html(replace(EMPTY, run=RUN, history=RUN, trends=points))
    asked = '<script>document.title = performance.getEntriesByType("resource").length</script>'
    page.write_text(content.replace("</body>", f"{asked}</body>"), encoding="utf-8")
    ran = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", f"--user-data-dir={tmp_path / 'home'}", "--enable-logging=stderr",
         "--virtual-time-budget=2000", "--host-resolver-rules=MAP * ~NOTFOUND", "--dump-dom",
         page.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "CONSOLE" not in ran.stderr
    assert ran.stdout.count("<canvas") == 3  # every chart is drawn
    assert "<title>0</title>" in ran.stdout  # nothing was asked for
