-- Claims with their article, the party that makes them, and both ends of their count. The party is
-- the speaker, or the source itself where the text speaks in its own words.
CREATE VIEW memory.main.claim_facts AS
SELECT c.*, a.source_id, coalesce(a.duplicate_cluster, a.article_id) AS story_id,
       v.headline, v.published_at, substr(v.text, c.sentence_start + 1,
                                          c.sentence_end - c.sentence_start) AS sentence_text,
       CASE c.asserter_type WHEN 'outlet' THEN a.source_id
            ELSE coalesce(c.asserter_name, c.asserter_surface) END AS party,
       coalesce(c.value_low, c.value) AS low, coalesce(c.value_high, c.value) AS high
FROM claims c
JOIN articles a USING (article_id)
JOIN article_versions v USING (article_id);

-- Pairs of claims of one story about what may be the same happening, by different parties, with
-- counts apart from each other: same happening and class, and neither place, time, actor nor side of
-- the counted speaks against it. A time taken from the publication may be any of the two weeks
-- before. Where a count is a bound or approximate, the other must be more than a tenth away.
CREATE VIEW memory.main.claim_conflicts AS
WITH bounded AS (
    SELECT *, CASE modifier WHEN 'exact' THEN 0 ELSE 0.1 END AS slack,
           CASE time_from WHEN 'publication' THEN happened_from - INTERVAL 14 DAY
                ELSE happened_from END AS earliest
    FROM claim_facts
    WHERE low IS NOT NULL AND NOT planned
)
SELECT a.story_id, a.happening, a.claim_id, b.claim_id AS other_id
FROM bounded a
JOIN bounded b ON a.story_id = b.story_id AND a.happening = b.happening
    AND a.claim_id < b.claim_id AND a.party IS DISTINCT FROM b.party
    AND a.counted_class IS NOT DISTINCT FROM b.counted_class
    AND a.unit IS NOT DISTINCT FROM b.unit
WHERE greatest(a.low, b.low) - least(a.high, b.high)
          > greatest(a.slack, b.slack) * greatest(a.low, b.low)
  AND coalesce(a.geonames_id = b.geonames_id, true)
  AND coalesce(a.country_code = b.country_code, true)
  AND coalesce(a.counted_side = b.counted_side, true)
  AND coalesce(a.actor_entity_id = b.actor_entity_id, true)
  AND coalesce(a.earliest < b.happened_to, true)
  AND coalesce(b.earliest < a.happened_to, true);

-- What parties say otherwise about the same happening of a story: the lowest and highest count, who
-- gives which, and who denies one of them.
CREATE VIEW memory.main.conflicting_claims AS
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
SELECT g.conflict_id, f.story_id, any_value(f.happening) AS happening,
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
GROUP BY g.conflict_id, f.story_id;

-- Killed, wounded and missing people in a place, a name or an ISO code of a country, in [from_, to_).
CREATE MACRO memory.main.casualties(place, from_, to_) AS TABLE
SELECT happening, low, high, modifier, counted, counted_class, place_name, country_code,
       happened_from, happened_to, time_from, party, stance, sentence_text, article_id
FROM claim_facts
WHERE happening IN ('killed', 'wounded', 'missing', 'casualty') AND NOT planned
  AND lower(place) IN (lower(place_name), lower(country_code))
  AND happened_from < to_::TIMESTAMPTZ AND happened_to > from_::TIMESTAMPTZ
ORDER BY happened_from, article_id, start;

-- What an entity asserts or denies: its id, or its name as the articles give it.
CREATE MACRO memory.main.claims_by(entity) AS TABLE
SELECT happening, low, high, modifier, counted, actor_surface, place_name, happened_from,
       happened_to, time_from, stance, party, sentence_text, article_id, claim_id, answers_id
FROM claim_facts
WHERE entity = asserter_entity_id OR lower(entity) = lower(party)
ORDER BY published_at, article_id, start;

-- The quotes of texts and those of headlines; `part` says what their offsets are into.
CREATE VIEW memory.main.all_quotes AS
SELECT *, 'text' AS part FROM quotes
UNION ALL BY NAME
SELECT *, 'headline' AS part FROM headline_quotes;

-- The words of an entity: its id, or its name as the articles give it.
CREATE MACRO memory.main.quotes_of(entity) AS TABLE
SELECT q.surface, q.quote_type, q.cue, q.cue_class, q.speaker_surface, q.speaker_name, q.part,
       v.published_at, v.headline, q.article_id, q.quote_id
FROM all_quotes q
JOIN article_versions v USING (article_id)
WHERE entity = q.speaker_entity_id
   OR lower(entity) IN (lower(q.speaker_name), lower(q.speaker_surface))
ORDER BY v.published_at, q.article_id, q.part, q.start;

-- What others say that names an entity: the quotes that hold a mention of it and are not its own.
-- Mentions are of texts; a headline's quote names what the same words name in its text.
CREATE MACRO memory.main.said_about(entity) AS TABLE
SELECT DISTINCT q.surface, q.quote_type, q.cue, coalesce(q.speaker_name, q.speaker_surface)
       AS speaker, q.part, v.published_at, v.headline, q.article_id, q.quote_id
FROM all_quotes q
JOIN mentions m ON m.article_id = q.article_id
    AND CASE q.part WHEN 'text' THEN m.start >= q.start AND m."end" <= q."end"
             ELSE regexp_matches(q.surface, '\b' || regexp_escape(m.surface) || '\b') END
JOIN article_versions v ON v.article_id = q.article_id
WHERE (entity = m.entity_id OR lower(entity) = lower(m.canonical_name))
  AND q.speaker_entity_id IS DISTINCT FROM m.entity_id
ORDER BY v.published_at, q.article_id, q.quote_id;
