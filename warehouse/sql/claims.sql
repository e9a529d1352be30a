-- Claims with their article, the party that makes them, and both ends of their count. The party is
-- the speaker, or the source itself where the text speaks in its own words.
-- Example: how many dead, and who says so
--     SELECT party, stance, low, high, modifier, counted, sentence_text FROM claim_facts
--     WHERE happening = 'killed' ORDER BY published_at;
CREATE VIEW claim_facts AS
SELECT c.*, a.source_id, coalesce(a.duplicate_cluster, a.article_id) AS story_id,
       v.headline, v.published_at, substr(v.text, c.sentence_start + 1,
                                          c.sentence_end - c.sentence_start) AS sentence_text,
       CASE c.asserter_type WHEN 'outlet' THEN a.source_id
            ELSE coalesce(c.asserter_name, c.asserter_surface) END AS party,
       coalesce(c.value_low, c.value) AS low, coalesce(c.value_high, c.value) AS high
FROM claims c
JOIN articles a USING (article_id)
JOIN article_versions v USING (article_id);

-- Counts as the comparison of parties sees them: `slack` is how much more than a bound or an
-- approximation another count must differ; `earliest` lets a time taken from the publication be any of
-- the two weeks before. `near_from` and `near_to` hold the happening to within a week, or are null:
-- three days before a publication, else the clause's own time. `region` is the first-order division
-- that holds the place, null for a country and a place without one.
-- Example: how far apart in time a count may be from its publication
--     SELECT happening, low, high, slack, near_from, near_to FROM claim_counts;
CREATE VIEW claim_counts AS
SELECT f.*, CASE f.modifier WHEN 'exact' THEN 0 ELSE 0.1 END AS slack,
       CASE f.time_from WHEN 'publication' THEN f.happened_from - INTERVAL 14 DAY
            ELSE f.happened_from END AS earliest,
       CASE WHEN f.time_from = 'publication' THEN f.happened_from - INTERVAL 3 DAY
            WHEN f.happened_to - f.happened_from <= INTERVAL 7 DAY THEN f.happened_from
            END AS near_from,
       CASE WHEN f.time_from = 'publication' OR f.happened_to - f.happened_from <= INTERVAL 7 DAY
            THEN f.happened_to END AS near_to,
       CASE WHEN m.precision <> 'country' AND m.admin1_code IS NOT NULL
            THEN m.country_code || '.' || m.admin1_code END AS region,
       m.precision AS place_precision
FROM claim_facts f
LEFT JOIN mentions m ON m.mention_id = f.place_mention_id
WHERE f.low IS NOT NULL AND NOT f.planned;

-- Pairs of claims that may be of the same happening. In one story: neither place, time, actor nor side
-- of the counted speaks against it. In two stories all must speak for it: the same place, or one within
-- the other's first-order division; times a week long at most that overlap; the same class of counted;
-- and no two different actors or sides.
-- Example: counts that may be of one happening
--     SELECT claim_id, other_id FROM claim_pairs;
CREATE VIEW claim_pairs AS
SELECT a.claim_id, b.claim_id AS other_id
FROM claim_counts a
JOIN claim_counts b ON a.story_id = b.story_id AND a.happening = b.happening
    AND a.claim_id < b.claim_id AND a.counted_class IS NOT DISTINCT FROM b.counted_class
WHERE coalesce(a.geonames_id = b.geonames_id, true)
  AND coalesce(a.country_code = b.country_code, true)
  AND coalesce(a.counted_side = b.counted_side, true)
  AND coalesce(a.actor_entity_id = b.actor_entity_id, true)
  AND coalesce(a.earliest < b.happened_to, true)
  AND coalesce(b.earliest < a.happened_to, true)
UNION
SELECT least(a.claim_id, b.claim_id), greatest(a.claim_id, b.claim_id)
FROM claim_counts a
JOIN claim_counts b ON a.happening = b.happening AND a.counted_class = b.counted_class
    AND a.story_id <> b.story_id AND a.region = b.region
WHERE (a.geonames_id = b.geonames_id OR a.place_precision = 'admin1')
  AND a.near_from < b.near_to AND b.near_from < a.near_to
  AND coalesce(a.counted_side = b.counted_side, true)
  AND CASE WHEN a.actor_entity_id IS NOT NULL AND b.actor_entity_id IS NOT NULL
           THEN a.actor_entity_id = b.actor_entity_id
           WHEN a.actor_surface IS NOT NULL AND b.actor_surface IS NOT NULL
           THEN len(list_filter(list_intersect(string_split(lower(a.actor_surface), ' '),
                                               string_split(lower(b.actor_surface), ' ')),
                                w -> len(w) > 3)) > 0
           ELSE true END;

-- Those pairs whose parties differ and whose counts are apart from each other.
-- Example: pairs that cannot both be right
--     SELECT story_id, happening, claim_id, other_id FROM claim_conflicts;
CREATE VIEW claim_conflicts AS
SELECT a.story_id, b.story_id AS other_story_id, a.happening, p.claim_id, p.other_id
FROM claim_pairs p
JOIN claim_counts a ON a.claim_id = p.claim_id
JOIN claim_counts b ON b.claim_id = p.other_id
WHERE a.party IS DISTINCT FROM b.party AND a.unit IS NOT DISTINCT FROM b.unit
  AND greatest(a.low, b.low) - least(a.high, b.high)
      > greatest(a.slack, b.slack) * greatest(a.low, b.low);

-- What parties say otherwise about the same happening, in one story or in several: the lowest and
-- highest count, who gives which, and who denies one of them.
-- Example: happenings that the parties count otherwise
--     SELECT happening, counted_class, low, high, parties, denied_by FROM conflicting_claims;
CREATE VIEW conflicting_claims AS
WITH RECURSIVE linked AS (
    SELECT claim_id, other_id FROM claim_conflicts
    UNION ALL SELECT other_id, claim_id FROM claim_conflicts
), denials AS (
    SELECT d.answers_id, d.claim_id, d.party FROM claim_facts d WHERE d.answers_id IS NOT NULL
), pairs AS (
    SELECT * FROM linked
    UNION SELECT answers_id, claim_id FROM denials
          WHERE answers_id IN (SELECT claim_id FROM claims)
    UNION SELECT claim_id, answers_id FROM denials
          WHERE answers_id IN (SELECT claim_id FROM claims)
), reached AS (
    SELECT claim_id, claim_id AS other_id FROM pairs
    UNION
    SELECT r.claim_id, p.other_id FROM reached r JOIN pairs p ON p.claim_id = r.other_id
), grouped AS (
    SELECT claim_id, min(other_id) AS conflict_id FROM reached GROUP BY claim_id
)
SELECT g.conflict_id, min(f.story_id) AS story_id, count(DISTINCT f.story_id) AS stories,
       any_value(f.happening) AS happening,
       min(f.counted_class) AS counted_class,
       min(f.low) FILTER (f.stance <> 'deny') AS low,
       max(f.high) FILTER (f.stance <> 'deny') AS high,
       list(DISTINCT f.party ORDER BY f.party) FILTER (f.party IS NOT NULL) AS parties,
       list({party: f.party, low: f.low, high: f.high, modifier: f.modifier, stance: f.stance,
             said: f.sentence_text} ORDER BY f.article_id, f.start) AS claims,
       list(DISTINCT f.party ORDER BY f.party) FILTER (f.stance = 'deny') AS denied_by,
       count(DISTINCT f.article_id) AS articles
FROM grouped g
JOIN claim_facts f USING (claim_id)
GROUP BY g.conflict_id;

-- Killed, wounded and missing people in a place, a name or an ISO code of a country, in [from_, to_).
-- Example: the dead and wounded of a month in a country
--     SELECT happening, low, high, counted, party, stance
--     FROM casualties('NE', '2026-03-01', '2026-04-01');
CREATE MACRO casualties(place, from_, to_) AS TABLE
SELECT happening, low, high, modifier, counted, counted_class, place_name, country_code,
       happened_from, happened_to, time_from, place_from, party, stance, sentence_text, article_id
FROM claim_facts
WHERE happening IN ('killed', 'wounded', 'missing', 'casualty') AND NOT planned
  AND lower(place) IN (lower(place_name), lower(country_code))
  AND happened_from < to_::TIMESTAMPTZ AND happened_to > from_::TIMESTAMPTZ
ORDER BY happened_from, article_id, start;

-- What an entity asserts or denies: its id, or its name as the articles give it. At most 10,000.
-- Example: what a spokesman denies
--     SELECT happening, low, counted, stance, sentence_text FROM claims_by('Idrissa Maman');
CREATE MACRO claims_by(entity) AS TABLE
WITH own AS MATERIALIZED (
    -- the limit tells the planner that these are few, so that few texts are read
    SELECT c.*, a.source_id, CASE c.asserter_type WHEN 'outlet' THEN a.source_id
           ELSE coalesce(c.asserter_name, c.asserter_surface) END AS party
    FROM claims c JOIN articles a USING (article_id)
    WHERE entity = c.asserter_entity_id
       OR lower(entity) = lower(CASE c.asserter_type WHEN 'outlet' THEN a.source_id
                                ELSE coalesce(c.asserter_name, c.asserter_surface) END)
    LIMIT 10000
), told AS MATERIALIZED (
    -- the text is fetched by the night it came
    SELECT c.*, v.recorded_at AS version_at
    FROM own c JOIN article_versions v USING (article_id, version) LIMIT 10000
)
SELECT c.happening, coalesce(c.value_low, c.value) AS low, coalesce(c.value_high, c.value) AS high,
       c.modifier, c.counted, c.actor_surface, c.place_name, c.happened_from, c.happened_to,
       c.time_from, c.stance, c.party, substr(v.text, c.sentence_start + 1,
                                              c.sentence_end - c.sentence_start) AS sentence_text,
       c.article_id, c.claim_id, c.answers_id
FROM told c
JOIN lake.article_versions v ON v.article_id = c.article_id AND v.version = c.version
    AND v.recorded_at = c.version_at
ORDER BY v.published_at, c.article_id, c.start;

-- The quotes of texts, those told at second hand within them (with `outer_quote_id`), and those of
-- headlines; `part` says what their offsets are into.
-- Example: quotes of texts and of headlines
--     SELECT part, count(*) AS quotes FROM all_quotes GROUP BY part;
CREATE VIEW all_quotes AS
SELECT *, 'text' AS part FROM quotes
UNION ALL BY NAME
SELECT *, 'text' AS part FROM nested_quotes
UNION ALL BY NAME
SELECT *, 'headline' AS part FROM headline_quotes;

-- The words of an entity: its id, or its name as the articles give it.
-- Example: the words of a person
--     SELECT published_at, part, cue, surface FROM quotes_of('Idrissa Maman');
CREATE MACRO quotes_of(entity) AS TABLE
SELECT q.surface, q.quote_type, q.cue, q.cue_class, q.speaker_surface, q.speaker_name, q.part,
       v.published_at, v.headline, q.article_id, q.quote_id, q.outer_quote_id
FROM all_quotes q
JOIN article_versions v USING (article_id)
WHERE entity = q.speaker_entity_id
   OR lower(entity) IN (lower(q.speaker_name), lower(q.speaker_surface))
ORDER BY v.published_at, q.article_id, q.part, q.start;

-- What others say that names an entity: the quotes that hold a mention of it and are not its own.
-- Mentions are of texts; a headline's quote names what the same words name in its text.
-- Example: what is said of a place
--     SELECT speaker, cue, surface FROM said_about('Tillabéri');
CREATE MACRO said_about(entity) AS TABLE
SELECT DISTINCT q.surface, q.quote_type, q.cue, coalesce(q.speaker_name, q.speaker_surface)
       AS speaker, q.part, v.published_at, v.headline, q.article_id, q.quote_id, q.outer_quote_id
FROM all_quotes q
JOIN mentions m ON m.article_id = q.article_id
    AND CASE q.part WHEN 'text' THEN m.start >= q.start AND m."end" <= q."end"
             ELSE regexp_matches(q.surface, '\b' || regexp_escape(m.surface) || '\b') END
JOIN article_versions v ON v.article_id = q.article_id
WHERE (entity = m.entity_id OR lower(entity) = lower(m.canonical_name))
  AND q.speaker_entity_id IS DISTINCT FROM m.entity_id
ORDER BY v.published_at, q.article_id, q.quote_id;
