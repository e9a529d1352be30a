-- What the warehouse knew at a time: as_of(moment) gives all facts in the shape of fact_history,
-- as_of(table, moment) the rows of one table, such as 'article_versions'. It rests on recorded_at and
-- superseded_at, so it also answers for times whose snapshots have expired.
-- Example: figures as they stood before a correction
--     SELECT surface, value, concept FROM as_of('quantities', (SELECT min(superseded_at)
--     - INTERVAL 1 SECOND FROM lake.quantities WHERE superseded_at IS NOT NULL)) LIMIT 5;
CREATE MACRO as_of(moment) AS TABLE (
    SELECT * FROM fact_history
    WHERE recorded_at <= moment::TIMESTAMPTZ
      AND (superseded_at IS NULL OR superseded_at > moment::TIMESTAMPTZ)
), (relation, moment) AS TABLE (
    SELECT * FROM query_table('lake.main.' || relation)
    WHERE recorded_at <= moment::TIMESTAMPTZ
      AND (superseded_at IS NULL OR superseded_at > moment::TIMESTAMPTZ)
);

-- A fact row with `version_at`, which tells the version of its article that stood when the row was
-- recorded from others of the same text; without the text.
-- Example: the version that a number was read in
--     SELECT surface, version, version_at FROM version_of((SELECT min(quantity_id) FROM quantities));
CREATE MACRO version_of(fact) AS TABLE
WITH found AS MATERIALIZED (
    -- the limit is never reached; it tells the planner that these are few, so that few texts are read
    SELECT * FROM fact_history WHERE row_id = fact LIMIT 1000
), told AS MATERIALIZED (
    -- the version that stood when the row was recorded; its text is fetched by the night it came
    SELECT f.*, v.recorded_at AS version_at
    FROM found f
    JOIN lake.article_versions v ON v.article_id = f.article_id AND v.version = f.version
        AND v.recorded_at <= f.recorded_at
        AND (v.superseded_at IS NULL OR v.superseded_at > f.recorded_at)
    LIMIT 1000
)
SELECT * FROM told;

-- From the id of any fact row, current or not, back to where it comes from: sentence, rule, article
-- version, fetch, and the place of the bytes in the archive.
-- Example: where a number comes from
--     SELECT surface, sentence_text, rule, url, fetched_at, archive_file, archive_offset
--     FROM trace((SELECT min(quantity_id) FROM quantities));
CREATE MACRO trace(fact) AS TABLE
SELECT f.kind, f.row_id, f.surface, f.meaning, f.start, f."end",
       substr(v.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence_text,
       f.extractor, f.extractor_version, f.rule, f.run_id, f.recorded_at, f.superseded_at,
       f.article_id, f.version, v.headline, v.url, v.published_at, v.published_method, a.source_id,
       x.fetch_id, x.started_at AS fetched_at, x.status, x.sha256, x.archive_file, x.archive_offset,
       x.archive_length
FROM version_of(fact) f
JOIN lake.article_versions v ON v.article_id = f.article_id AND v.version = f.version
    AND v.recorded_at = f.version_at
JOIN (SELECT article_id, source_id FROM articles) a ON a.article_id = f.article_id
LEFT JOIN (
    -- named, since DuckDB reads all columns of what is joined to a materialized expression
    SELECT article_id, run_id, fetch_id, started_at, status, sha256, archive_file, archive_offset,
           archive_length FROM fetches
) x ON x.article_id = f.article_id AND x.run_id = v.run_id
QUALIFY row_number() OVER (PARTITION BY f.row_id, f.recorded_at
                           ORDER BY x.archive_file IS NULL, x.started_at DESC) = 1;

-- The text around a fact row: so many characters before it, its words, so many after.
-- Example: numbers in their surroundings
--     SELECT before, surface, after FROM text_at((SELECT min(quantity_id) FROM quantities), 40);
CREATE MACRO text_at(fact, context) AS TABLE
SELECT f.kind, substr(v.text, greatest(f.start - context, 0) + 1, least(context, f.start)) AS before,
       f.surface, substr(v.text, f."end" + 1, context) AS after, f.article_id, f.version
FROM version_of(fact) f
JOIN lake.article_versions v ON v.article_id = f.article_id AND v.version = f.version
    AND v.recorded_at = f.version_at;
