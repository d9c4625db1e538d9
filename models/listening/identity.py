"""Which agent a reviewer is on the telephone: nobody reviews their own conversations."""

from __future__ import annotations


def agents_of(setting: str, reviewer: str) -> list[str]:
    """The agent ids of a reviewer in ``reviewer_agents``, like ``ana@example.org=ana.diaz, ben@example.org=ben``.

    A reviewer may be named more than once; letter case does not matter in their address.
    """
    pairs = (part.partition("=") for part in setting.split(","))
    return [agent.strip() for name, _, agent in pairs if name.strip().lower() == reviewer.lower() and agent.strip()]
