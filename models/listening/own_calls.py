"""Whose calls a reviewer never hears: their own. Apart from ``identity``, which settings are checked by."""

from __future__ import annotations

from models.access import people
from models.access.people import Role
from models.app_store import AppStore
from models.listening.identity import agents_of
from models.settings import Settings


def own_agents(store: AppStore, settings: Settings, reviewer: str) -> list[str]:
    """The agents that a reviewer is: by ``reviewer_agents``, and by the list of people for whoever is an agent there.

    An agent's line may name a whole team, when they lead it too: the setting then says which of them they are; while it does
    not, all of them count, for nobody hears their own.
    """
    own = agents_of(settings.reviewer_agents, reviewer)
    entry = next((one for one in people.entries(store) if one.person == reviewer.strip().lower()), None)
    if entry is None or Role.AGENT not in entry.roles or not entry.agents or (own and len(entry.agents) > 1):
        return own
    return [*own, *(agent for agent in entry.agents if agent not in own)]
