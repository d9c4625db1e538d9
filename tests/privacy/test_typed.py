"""What people type is written without card numbers and the like, wherever they may type; telephone numbers stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.app_store import AppStore
from models.complaints import register
from models.complaints.register import Complaint
from models.customers import callbacks, facts
from models.customers.callbacks import Callback
from models.customers.facts import Facts
from models.goals import goals, logs, policy
from models.goals.logs import Goodwill
from models.issues import decisions, hints
from models.listening import remarks, weeks
from models.settings import Settings
from models.typed import columns

CARD, IBAN, PHONE = "4539 1488 0343 6467", "DE89 3704 0044 0532 0130 00", "+33 1 99 00 01 23"
TYPED = f"card {CARD}, account {IBAN}, call {PHONE}"
KEPT = f"card [card number], account [bank account], call {PHONE}"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def write_everywhere(store: AppStore) -> None:
    """The same words in every place where people type."""
    remark = remarks.write(store, "bob", "1.1", "note", "x", 1.0, AT)
    remarks.change(store, remark, TYPED, AT)
    remarks.write(store, "bob", "1.1", "coaching", TYPED, 1.0, AT)
    weeks.write_note(store, "bob", "2026-W10", TYPED, AT)
    texts = dict.fromkeys(("nature", "solution", "steps", "compensation", "prevention"), TYPED)
    register.create(store, Complaint(received_at=AT, **texts), "bob", AT)  # type: ignore[arg-type]
    callbacks.record(store, Callback("lost", "1.1", PHONE, "reached", "yes", TYPED), "bob", at=AT)
    facts.put(store, Facts(PHONE), Facts(PHONE, note=TYPED), "bob", AT)
    decisions.decide(store, "i-1", dict.fromkeys(("name", "cause", "planned_fix"), TYPED), "bob", AT)
    decisions.put_assumptions(store, {decisions.ASSUMED[0]: 1.0}, "bob", AT, {decisions.ASSUMED[0]: TYPED})
    hints.dismiss(store, "remark 1", "1.1", TYPED, "bob", AT)
    logs.give(store, Goodwill("ann", date(2026, 3, 1), 5.0, TYPED, TYPED, None, None), "bob", AT)
    logs.thank(store, "ann", date(2026, 3, 1), TYPED, "bob", None, AT)
    logs.suggest(store, "ann", "2026-03", TYPED, "bob", AT)
    logs.answer(store, 1, "bob", "done", TYPED, AT)
    logs.read(store, 2, "bob", TYPED, AT)
    logs.clip(store, 1, 0.0, 2.0, TYPED, "bob", AT)
    goals.add_own(store, CARD, None, True, {}, "bob", AT)
    policy.add_item(store, TYPED, "bob", AT)
    policy.tick(store, policy.items(store)[-1], "bob", True, TYPED, AT)
    policy.write_texts(store, {policy.VISION: TYPED}, "bob", AT)


def test_no_secret_is_written(settings: Settings) -> None:
    """Of every table no byte holds a card or account number, the change log included; a second time nothing changes."""
    store = AppStore(settings)
    write_everywhere(store)
    with store.reading() as app:
        app.execute("pragma wal_checkpoint(truncate)")
        found = {
            (table, column): {
                value for (value,) in app.execute(f"select {column} from {table}") if value not in (None, "x")
            }
            for (table,) in app.execute("select name from sqlite_master where type = 'table'").fetchall()
            for column in columns(table)
        }
        (made,) = app.execute("select count(*) from changes").fetchone()
    content = b"".join(p.read_bytes() for p in Path(settings.store).glob("app.sqlite*"))
    assert [text for text in (CARD, IBAN) if text.encode() in content] == []
    unwritten = {
        ("own_figures", "name"),
        ("own_figures", "unit"),
        ("policy_ticks", "text"),
        ("playlist_calls", "replaced_reason"),
    }
    assert {place: texts for place, texts in found.items() if texts != {KEPT} and place not in unwritten} == {
        ("survey_lines", "open_answer"): set()  # from files alone, which lose theirs as they are read
    }
    facts.put(store, Facts(PHONE, note=KEPT), Facts(PHONE, note=TYPED), "bob", AT)
    with store.reading() as app:
        assert app.execute("select count(*) from changes").fetchone() == (made,)


@pytest.mark.parametrize("redact", ["", "phone"])
def test_only_what_the_setting_names(settings: Settings, redact: str) -> None:
    """Who takes card numbers out of the setting keeps them; telephone numbers are never taken out of what people type."""
    store = AppStore(replace(settings, redact=redact))
    assert remarks.write(store, "bob", "1.1", "note", TYPED, 1.0, AT)
    assert remarks.of_call(store, "1.1")[0].text == TYPED
