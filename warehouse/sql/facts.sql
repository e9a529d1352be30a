-- Numbers with their article, source, story and sentence.
-- Example: sums of money that are ranges
--     SELECT headline, surface, value_low, value_high, unit, sentence_text FROM quantity_facts
--     WHERE kind = 'money' AND value_low IS NOT NULL ORDER BY value_high DESC;
CREATE VIEW quantity_facts AS
SELECT f.*, a.source_id, a.canonical_url, a.story_id, a.headline, a.published_at,
       substr(a.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence_text
FROM quantities f JOIN article_facts a ON a.article_id = f.article_id;

-- Names with their article, source, story and sentence; mention_entities says whom they name.
-- Example: places by the number of stories that name them
--     SELECT canonical_name, country_code, count(DISTINCT story_id) AS stories FROM mention_facts
--     WHERE type = 'PLACE' GROUP BY ALL ORDER BY stories DESC, canonical_name LIMIT 5;
CREATE VIEW mention_facts AS
SELECT f.*, a.source_id, a.canonical_url, a.story_id, a.headline, a.published_at,
       substr(a.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence_text
FROM mentions f JOIN article_facts a ON a.article_id = f.article_id;

-- Times with their article, source, story and sentence.
-- Example: what is said of days to come
--     SELECT start_at, surface, sentence_text FROM time_facts
--     WHERE start_at > published_at AND timex_type = 'DATE' ORDER BY start_at LIMIT 5;
CREATE VIEW time_facts AS
SELECT f.*, a.source_id, a.canonical_url, a.story_id, a.headline, a.published_at,
       substr(a.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence_text
FROM times f JOIN article_facts a ON a.article_id = f.article_id;

-- Quotes with their article, source, story and the speaker as best known.
-- Example: who is quoted word for word
--     SELECT speaker, cue, surface FROM quote_facts
--     WHERE quote_type = 'direct' AND speaker IS NOT NULL ORDER BY published_at LIMIT 5;
CREATE VIEW quote_facts AS
SELECT f.*, coalesce(f.speaker_name, f.speaker_surface) AS speaker, a.source_id, a.canonical_url,
       a.story_id, a.headline, a.published_at
FROM quotes f JOIN article_facts a ON a.article_id = f.article_id;

-- What somebody did to whom, with article, source, story and sentence.
-- Example: attacks
--     SELECT happened_from, actor_surface, happening, target_surface, place_name FROM event_facts
--     WHERE event_type = 'ASSAULT' ORDER BY happened_from;
CREATE VIEW event_facts AS
SELECT f.*, a.source_id, a.canonical_url, a.story_id, a.headline, a.published_at,
       substr(a.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence_text
FROM events f JOIN article_facts a ON a.article_id = f.article_id;

-- Every fact row that ever was, of all tables, in one shape, with the times it was known.
-- Example: rows that a correction has superseded
--     SELECT kind, surface, meaning, superseded_at FROM fact_history
--     WHERE superseded_at IS NOT NULL ORDER BY superseded_at, article_id, "start" LIMIT 5;
CREATE VIEW fact_history AS
SELECT 'mention' AS kind, mention_id AS row_id, canonical_name AS meaning, article_id, version, start,
       "end", surface, sentence_start, sentence_end, extractor, extractor_version, rule, run_id,
       recorded_at, superseded_at FROM lake.mentions
UNION ALL
SELECT 'quantity', quantity_id, concat_ws(' ', coalesce(value::VARCHAR,
       value_low::VARCHAR || '..' || value_high::VARCHAR), unit, concept), article_id, version, start,
       "end", surface, sentence_start, sentence_end, extractor, extractor_version, rule, run_id,
       recorded_at, superseded_at FROM lake.quantities
UNION ALL
SELECT 'time', time_id, timex_value, article_id, version, start, "end", surface, sentence_start,
       sentence_end, extractor, extractor_version, rule, run_id, recorded_at, superseded_at
FROM lake.times
UNION ALL
SELECT 'quote', quote_id, coalesce(speaker_name, speaker_surface), article_id, version, start, "end",
       surface, sentence_start, sentence_end, extractor, extractor_version, rule, run_id, recorded_at,
       superseded_at FROM lake.quotes
UNION ALL
SELECT 'nested quote', quote_id, coalesce(speaker_name, speaker_surface), article_id, version, start,
       "end", surface, sentence_start, sentence_end, extractor, extractor_version, rule, run_id,
       recorded_at, superseded_at FROM lake.nested_quotes
UNION ALL
SELECT 'claim', claim_id, concat_ws(' ', happening, coalesce(value::VARCHAR,
       value_low::VARCHAR || '..' || value_high::VARCHAR), counted), article_id, version, start, "end",
       surface, sentence_start, sentence_end, extractor, extractor_version, rule, run_id, recorded_at,
       superseded_at FROM lake.claims
UNION ALL
SELECT 'event', event_id, concat_ws(' ', actor_name, happening, target_name), article_id, version,
       start, "end", surface, sentence_start, sentence_end, extractor, extractor_version, rule, run_id,
       recorded_at, superseded_at FROM lake.events;

-- Every current fact row, of all tables, in one shape, with article, source, story and sentence.
-- Example: all that is read from one sentence
--     SELECT kind, surface, meaning, rule FROM facts
--     WHERE headline ILIKE '%Niger%' AND sentence_start = 0 ORDER BY "start";
CREATE VIEW facts AS
SELECT f.* EXCLUDE (superseded_at), a.source_id, a.canonical_url, a.story_id, a.headline,
       a.published_at,
       substr(a.text, f.sentence_start + 1, f.sentence_end - f.sentence_start) AS sentence_text
FROM fact_history f JOIN article_facts a ON a.article_id = f.article_id
WHERE f.superseded_at IS NULL;

-- How many rows of each kind each source gave in a span of days [from_, to_) of publication.
-- Example: facts by source
--     SELECT source_id, kind, sum(facts) AS facts FROM fact_coverage('2026-03-01', '2026-04-01')
--     GROUP BY ALL ORDER BY ALL;
CREATE MACRO fact_coverage(from_, to_) AS TABLE
WITH chosen AS MATERIALIZED (
    SELECT a.article_id, a.source_id, CAST(v.published_at AS DATE) AS day
    FROM articles a JOIN article_versions v USING (article_id)
    WHERE v.published_at >= from_::TIMESTAMPTZ AND v.published_at < to_::TIMESTAMPTZ
)
SELECT c.day, c.source_id, f.kind, count(*) AS facts
FROM fact_history f JOIN chosen c USING (article_id)
WHERE f.superseded_at IS NULL
GROUP BY ALL;
