-- Every current mention with the entity it stands for today: under all names, over all articles.
CREATE VIEW memory.main.mention_entities AS
SELECT e.current AS entity, c.name AS entity_name, m.*
FROM mentions m
LEFT JOIN entity_aliases here ON here.entity_id = m.entity_id AND here.article_id = m.article_id
JOIN entities e ON e.entity = coalesce(here.entity, m.entity_id)
JOIN entities c ON c.entity = e.current;

-- All mentions of an entity, given by its key or the key of one that was merged into it.
CREATE MACRO memory.main.mentions_of(wanted) AS TABLE
SELECT * FROM mention_entities
WHERE entity = (SELECT current FROM entities WHERE entity = wanted);

-- The same as the warehouse had it at a time: with the merges, splits and texts of then.
CREATE MACRO memory.main.mentions_of_at(wanted, moment) AS TABLE
WITH then_entities AS (
    SELECT * FROM lake.entities
    WHERE recorded_at <= moment AND (superseded_at IS NULL OR superseded_at > moment)
),
then_aliases AS (
    SELECT * FROM lake.entity_aliases
    WHERE article_id IS NOT NULL
      AND recorded_at <= moment AND (superseded_at IS NULL OR superseded_at > moment)
)
SELECT e.current AS entity, c.name AS entity_name, m.*
FROM lake.mentions m
LEFT JOIN then_aliases here ON here.entity_id = m.entity_id AND here.article_id = m.article_id
JOIN then_entities e ON e.entity = coalesce(here.entity, m.entity_id)
JOIN then_entities c ON c.entity = e.current
WHERE m.recorded_at <= moment AND (m.superseded_at IS NULL OR m.superseded_at > moment)
  AND e.current = (SELECT current FROM then_entities WHERE entity = wanted);

-- The names an entity is known by, with how many mentions each has.
CREATE VIEW memory.main.entity_names AS
SELECT entity, canonical_name AS name, count(*) AS mentions,
       count(DISTINCT article_id) AS articles
FROM mention_entities GROUP BY ALL;
