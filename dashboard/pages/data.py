"""Data: how analysts connect, what every column means, queries to start from and to write, and what ingest refused."""

from __future__ import annotations

import streamlit as st

from dashboard.components import address, data_parts, own_sql
from dashboard.i18n import N_, _

PAGE = "data"
PARTS = {
    "connect": (N_("Connect"), data_parts.connect),
    "dictionary": (N_("Data dictionary"), data_parts.dictionary),
    "examples": (N_("Example queries"), data_parts.examples),
    "own": (N_("Your own query"), own_sql.show),
    "refused": (N_("What was refused"), data_parts.refused),
}

st.title(_("Data"))
fields = {"part": address.choice(list(PARTS), "connect"), "find": address.text()}
address.adopt(PAGE, fields)
part = st.segmented_control(
    _("Part"), list(PARTS), format_func=lambda code: _(PARTS[code][0]), key="part", required=True,
    label_visibility="collapsed",
)  # fmt: skip
PARTS[part or "connect"][1]()
address.publish(PAGE, fields)
