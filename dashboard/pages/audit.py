"""Audit log: who heard, opened, sought, saved and changed what; admins alone see it."""

from __future__ import annotations

from dashboard.components import audit_log

audit_log.show()
