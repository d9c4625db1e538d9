"""People: who may use Earshot, in which roles, limited to which queues or agents; admins alone see it."""

from __future__ import annotations

from dashboard.components import people

people.show()
