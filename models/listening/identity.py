"""Which agent a reviewer is on the telephone: nobody reviews their own conversations."""

from __future__ import annotations

from models.errors import SettingsError


def reviewers_of(setting: str) -> list[tuple[str, str]]:
    """(reviewer, agent id) pairs of ``reviewer_agents``, like ``ana@example.org=ana.diaz, ben@example.org=ben``.

    Raises SettingsError with the part that is no pair.
    """
    pairs: list[tuple[str, str]] = []
    for part in filter(None, (part.strip() for part in setting.split(","))):
        reviewer, _, agent = (piece.strip() for piece in part.partition("="))
        if not (reviewer and agent):
            raise SettingsError(
                f"The setting reviewer_agents has {part!r}; write reviewers and their agent ids like ana@example.org=ana.diaz."
            )
        pairs.append((reviewer, agent))
    return pairs


def agents_of(setting: str, reviewer: str) -> list[str]:
    """The agent ids of a reviewer in ``reviewer_agents``; letter case does not matter in their address.

    A reviewer may be named more than once. Raises SettingsError.
    """
    return [agent for name, agent in reviewers_of(setting) if name.lower() == reviewer.lower()]
