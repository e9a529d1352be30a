-- Every result of every run with when that was: a rule or measure over time, for all sources ('*') and
-- for each. rate is the share of rows that broke a rule.
CREATE VIEW memory.main.check_history AS
SELECT r.started_at, c.*, c.rows_failed / nullif(c.rows_checked, 0) AS rate
FROM checks c
JOIN runs r USING (run_id)
ORDER BY c.table_name, c.expectation, c.source_id, r.started_at;

-- What fails in the last run that was checked, and since when: the first run of the present series
-- of failures. A rule about one source has no result where no row of it broke it.
CREATE VIEW memory.main.failing_checks AS
WITH ranked AS (
    SELECT run_id, started_at, row_number() OVER (ORDER BY started_at) AS number
    FROM runs WHERE run_id IN (SELECT run_id FROM checks)
), failed AS (
    SELECT c.*, k.started_at, k.number,
           k.number - row_number() OVER (
               PARTITION BY c.table_name, c.expectation, c.source_id ORDER BY k.number) AS series
    FROM checks c JOIN ranked k USING (run_id)
    WHERE NOT c.success
), since AS (
    SELECT table_name, expectation, source_id, min_by(run_id, number) AS first_run_id,
           min(started_at) AS failing_since, count(*) AS runs, max(number) AS number
    FROM failed GROUP BY table_name, expectation, source_id, series
)
SELECT f.table_name, f.expectation, f.source_id, f.severity, f.owner, f.description, f.hint,
       f.rows_checked, f.rows_failed, f.value, f.low, f.high, f.observed, f.run_id,
       s.first_run_id, s.failing_since, s.runs
FROM failed f
JOIN since s USING (table_name, expectation, source_id, number)
WHERE f.number = (SELECT max(number) FROM ranked)
ORDER BY list_position(['critical', 'warning', 'info'], f.severity), f.source_id <> '*',
         f.table_name, f.expectation, f.source_id;

-- Health of each source run by run: articles, their size and date, what was held back, and how many
-- of its rules and measures failed.
CREATE VIEW memory.main.source_history AS
SELECT r.started_at, c.run_id, c.source_id,
       max(c.value) FILTER (c.expectation = 'volume') AS articles,
       max(c.low) FILTER (c.expectation = 'volume') AS articles_low,
       max(c.high) FILTER (c.expectation = 'volume') AS articles_high,
       max(c.value) FILTER (c.expectation = 'silence') AS silent_hours,
       max(c.high) FILTER (c.expectation = 'silence') AS silent_hours_high,
       max(c.value) FILTER (c.expectation = 'text_size') AS text_size,
       max(c.value) FILTER (c.expectation = 'dated_share') AS dated_share,
       max(c.value) FILTER (c.expectation = 'held_share') AS held_share,
       max(c.value) FILTER (c.expectation = 'failed_share') AS failed_share,
       count(*) FILTER (NOT c.success AND c.severity <> 'info') AS failing
FROM checks c
JOIN runs r USING (run_id)
WHERE c.source_id <> '*'
GROUP BY ALL
ORDER BY c.source_id, r.started_at;
