-- Every current mention with the entity it stands for today: under all names, over all articles.
-- Example: people by the number of articles, under all names
--     SELECT entity_name, count(DISTINCT article_id) AS articles FROM mention_entities
--     WHERE type = 'PERSON' GROUP BY entity, entity_name ORDER BY articles DESC, entity_name LIMIT 5;
CREATE VIEW mention_entities AS
SELECT e.current AS entity, c.name AS entity_name, m.*
FROM mentions m
LEFT JOIN entity_aliases here ON here.entity_id = m.entity_id AND here.article_id = m.article_id
JOIN entities e ON e.entity = coalesce(here.entity, m.entity_id)
JOIN entities c ON c.entity = e.current;

-- The entity that a key or name stands for today; of several with one name, each.
-- Example: the key of a name
--     SELECT entity, name, type, country_code, wikidata_id FROM entity_of('Elena Brandt');
CREATE MACRO entity_of(wanted) AS TABLE
SELECT * FROM entities
WHERE entity IN (SELECT current FROM entities WHERE entity = wanted OR lower(name) = lower(wanted));

-- All mentions of an entity, given by its name, its key, or the key of one that was merged into it.
-- Example: where somebody is named
--     SELECT surface, title, article_id FROM mentions_of('Elena Brandt');
CREATE MACRO mentions_of(wanted) AS TABLE
-- no common table expression: DuckDB would read all columns of mentions, whatever is asked for
SELECT f.current AS entity, f.name AS entity_name, m.*
FROM mentions m
LEFT JOIN entity_aliases here ON here.entity_id = m.entity_id AND here.article_id = m.article_id
JOIN (
    SELECT e.entity, e.current, c.name FROM entities e JOIN entities c ON c.entity = e.current
    WHERE e.current IN (SELECT current FROM entities
                        WHERE entity = wanted OR lower(name) = lower(wanted))
) f ON f.entity = coalesce(here.entity, m.entity_id)
WHERE m.entity_id IN (
    SELECT e.entity FROM entities e
    WHERE e.current IN (SELECT current FROM entities
                        WHERE entity = wanted OR lower(name) = lower(wanted))
    UNION SELECT a.entity_id FROM entity_aliases a JOIN entities e ON e.entity = a.entity
    WHERE a.article_id IS NOT NULL
      AND e.current IN (SELECT current FROM entities
                        WHERE entity = wanted OR lower(name) = lower(wanted))
);

-- Whom or what an entity is named with: in how many stories, articles and sentences.
-- Example: the company somebody keeps
--     SELECT entity_name, type, stories, articles, sentences FROM co_mentions('Elena Brandt')
--     LIMIT 5;
CREATE MACRO co_mentions(wanted) AS TABLE
WITH own AS MATERIALIZED (SELECT entity, article_id, sentence FROM mentions_of(wanted)),
near AS (
    -- three columns of the mentions of these articles; all else is joined to what is left
    SELECT DISTINCT m.entity_id, m.article_id, m.sentence
    FROM mentions m
    WHERE m.article_id IN (SELECT article_id FROM own)
)
SELECT e.current AS entity, c.name AS entity_name, c.type,
       count(DISTINCT coalesce(a.duplicate_cluster, a.article_id)) AS stories,
       count(DISTINCT n.article_id) AS articles,
       count(DISTINCT (n.article_id, n.sentence)) FILTER (
           (n.article_id, n.sentence) IN (SELECT (article_id, sentence) FROM own)) AS sentences
FROM near n
LEFT JOIN entity_aliases here ON here.entity_id = n.entity_id AND here.article_id = n.article_id
JOIN entities e ON e.entity = coalesce(here.entity, n.entity_id)
JOIN entities c ON c.entity = e.current
JOIN articles a ON a.article_id = n.article_id
WHERE e.current NOT IN (SELECT entity FROM own)
GROUP BY ALL
ORDER BY stories DESC, sentences DESC, articles DESC, entity_name;

-- Numbers said of an entity over time: those in sentences that name it, whose counted or measured noun
-- contains `what`. Copies of a story are told by story_id.
-- Example: the soldiers of a country
--     SELECT published_at, low, high, modifier, concept, source_id
--     FROM number_series('Niger', 'soldier');
CREATE MACRO number_series(wanted, what) AS TABLE
WITH own AS MATERIALIZED (SELECT DISTINCT article_id, sentence FROM mentions_of(wanted)),
near AS MATERIALIZED (
    -- the few of these sentences first: to look for words in all nouns takes longer. A build side
    -- that is filtered makes DuckDB send the scan a Bloom filter, so it skips the other columns
    SELECT q.article_id, q.quantity_id, q.start, coalesce(q.value_low, q.value) AS low,
           coalesce(q.value_high, q.value) AS high, q.modifier, q.unit, q.concept, q.surface
    FROM quantities q
    WHERE NOT q.negated AND q.article_id IN (SELECT article_id FROM own WHERE article_id <> '')
      AND (q.article_id, q.sentence) IN (SELECT (article_id, sentence) FROM own)
)
SELECT v.published_at, q.low, q.high, q.modifier, q.unit, q.concept, q.surface, a.source_id,
       coalesce(a.duplicate_cluster, a.article_id) AS story_id, q.article_id, q.quantity_id
FROM near q
JOIN articles a ON a.article_id = q.article_id
JOIN article_versions v ON v.article_id = q.article_id
WHERE contains(lower(q.concept), lower(what))
ORDER BY v.published_at, q.article_id, q.start;

-- The same as the warehouse had it at a time: with the merges, splits and texts of then.
-- Example: as it was a second after the first night was published
--     SELECT surface, title FROM mentions_of_at(
--         (SELECT entity FROM entities WHERE name = 'Elena Brandt'), (SELECT min(ended_at) FROM runs));
CREATE MACRO mentions_of_at(wanted, moment) AS TABLE
WITH then_entities AS (
    SELECT * FROM lake.entities
    WHERE recorded_at <= moment AND (superseded_at IS NULL OR superseded_at > moment)
),
then_aliases AS (
    SELECT * FROM lake.entity_aliases
    WHERE article_id IS NOT NULL
      AND recorded_at <= moment AND (superseded_at IS NULL OR superseded_at > moment)
), written AS MATERIALIZED (
    SELECT entity AS entity_id FROM then_entities
    WHERE current = (SELECT current FROM then_entities WHERE entity = wanted)
    UNION SELECT a.entity_id FROM then_aliases a JOIN then_entities e ON e.entity = a.entity
          WHERE e.current = (SELECT current FROM then_entities WHERE entity = wanted)
)
SELECT e.current AS entity, c.name AS entity_name, m.*
FROM lake.mentions m
JOIN written w ON w.entity_id = m.entity_id
LEFT JOIN then_aliases here ON here.entity_id = m.entity_id AND here.article_id = m.article_id
JOIN then_entities e ON e.entity = coalesce(here.entity, m.entity_id)
JOIN then_entities c ON c.entity = e.current
WHERE m.recorded_at <= moment AND (m.superseded_at IS NULL OR m.superseded_at > moment)
  AND e.current = (SELECT current FROM then_entities WHERE entity = wanted);

-- The names an entity is known by, with how many mentions each has.
-- Example: things with several names
--     SELECT entity, list(name ORDER BY mentions DESC) AS names FROM entity_names
--     GROUP BY entity HAVING count(*) > 1;
CREATE VIEW entity_names AS
SELECT entity, canonical_name AS name, count(*) AS mentions,
       count(DISTINCT article_id) AS articles
FROM mention_entities GROUP BY ALL;
