"""An entity as the registry holds it while it decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.registry.profile import Profile
from transforms.registry.sighting import Sighting


@dataclass(slots=True)
class Entity:
    """What was founded by the first sighting of a name, or of another bearer of it.

    Attributes:
        entity: its key: the entity_id that founded it, or one made of that and an article.
        current: what it counts as.
        entity_id: of the mentions that founded it.
        born: what puts the older first.
        forms: the short names it has been called by, as the `entity_id` each has where it stands
            alone.
    """

    entity: str
    entity_id: str
    kind: str
    name: str
    born: str
    current: str
    country_code: str | None = None
    knowledge_id: str | None = None
    wikidata_id: str | None = None
    knowledge_score: float | None = None
    profile: Profile = field(default_factory=Profile)
    forms: set[str] = field(default_factory=set)

    @property
    def rank(self) -> tuple[str, str]:
        """What puts the older first."""
        return self.born, self.entity

    @property
    def is_default(self) -> bool:
        """Whether mentions of its entity_id stand for it where nothing says otherwise."""
        return self.entity == self.entity_id


def found_entity(key: str, sighting: Sighting, born: str) -> Entity:
    """The entity that a sighting founds."""
    return Entity(
        entity=key,
        entity_id=sighting.entity_id,
        kind=sighting.kind,
        name=sighting.name,
        born=born,
        current=key,
        country_code=sighting.country_code,
    )
