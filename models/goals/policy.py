"""The service policy: vision, top five complaints and expectations, and the check-list, kept in app.sqlite with history."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from models.app_store import AppStore
from models.errors import ChangeRefused, SettingsError
from models.goals import registers
from models.settings import ROOT

FILE = ROOT / "data" / "service_policy.toml"
TABLES = ("centre_texts", "policy_items", "policy_ticks")
VISION = "vision"
FIVE = 5
COMPLAINTS = tuple(f"complaint_{n}" for n in range(1, FIVE + 1))
EXPECTATIONS = tuple(f"expectation_{n}" for n in range(1, FIVE + 1))
TEXTS = (VISION, *COMPLAINTS, *EXPECTATIONS)
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the check-list; ``text`` is per language, under ``*`` where people here wrote it."""

    id: str
    group: str
    text: Mapping[str, str]
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """What somebody said of an item."""

    done: bool
    evidence: str | None
    written_by: str
    written_at: datetime


@lru_cache(maxsize=4)
def of_file(file: Path = FILE) -> tuple[dict[str, Mapping[str, str]], tuple[Item, ...]]:
    """Group → name per language, and the items of a file. Raises SettingsError with what is wrong."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        languages = given["languages"]
        groups: dict[str, Mapping[str, str]] = {
            str(g["id"]): {language: str(g["name"][language]) for language in languages} for g in given["group"]
        }
        items = tuple(
            Item(str(one["id"]), str(g["id"]), {language: str(one[language]) for language in languages})
            for g in given["group"]
            for one in g["items"]
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise SettingsError(f"{file.name} can't be read: {error}.") from None
    if len({item.id for item in items}) < len(items):
        raise SettingsError(f"{file.name}: each item needs an id of its own.")
    return groups, items


def items(store: AppStore) -> list[Item]:
    """The check-list: the file's items, then people's own; those left out are marked."""
    with store.reading() as connection:
        rows = connection.execute("select item, text, left_out from policy_items order by written_at, item").fetchall()
    left_out = {item: bool(out) for item, _text, out in rows}
    listed = [Item(i.id, i.group, i.text, left_out.get(i.id, False)) for i in of_file()[1]]
    return listed + [Item(item, "own", {"*": text}, bool(out)) for item, text, out in rows if text is not None]


def ticks(store: AppStore) -> dict[str, Tick]:
    """Item → what was said of it."""
    with store.reading() as connection:
        rows = connection.execute("select item, done, evidence, written_by, written_at from policy_ticks").fetchall()
    return {item: Tick(bool(done), evidence, who, datetime.fromisoformat(at)) for item, done, evidence, who, at in rows}


def tick(
    store: AppStore, item: Item, who: str, done: bool | None = None, evidence: str | None = None, at: datetime | None = None
) -> bool:  # fmt: skip
    """Say whether an item is in place, or what shows it; what is None stays. False when nothing changed."""
    known = registers.row(store, "policy_ticks", {"item": item.id}) or {"done": 0, "evidence": None}
    row = {
        "item": item.id, "text": item.text.get("*") or item.text["en"],
        "done": known["done"] if done is None else int(done),
        "evidence": known["evidence"] if evidence is None else registers.text(evidence),
    }  # fmt: skip
    return registers.put(store, [("policy_ticks", row)], who, at) > 0


def add_item(store: AppStore, text: str, who: str, at: datetime | None = None) -> str:
    """An item of people's own; gives its id. Raises ChangeRefused for an empty or endless one."""
    words = registers.text(text, LONGEST)
    if words is None:
        raise ChangeRefused("Write what the item asks for.")
    with store.reading() as connection:
        taken = {
            str(row[0])
            for row in connection.execute("select item ->> '$.item' from changes where what = 'policy_items'")
        }
    item = next(key for n in range(1, 10_000) if (key := f"own-{n}") not in taken)
    registers.put(store, [("policy_items", {"item": item, "text": words, "left_out": 0})], who, at)
    return item


def leave_out(store: AppStore, item: Item, out: bool, who: str, at: datetime | None = None) -> bool:
    """Leave an item out of the check-list here, or take it in again."""
    row = {"item": item.id, "text": item.text.get("*"), "left_out": int(out)}
    return registers.put(store, [("policy_items", row)], who, at) > 0


def texts(store: AppStore) -> dict[str, str]:
    """Name → what the centre says of itself: see ``TEXTS``."""
    with store.reading() as connection:
        return dict(connection.execute("select name, text from centre_texts").fetchall())


def write_texts(store: AppStore, values: Mapping[str, str], who: str, at: datetime | None = None) -> bool:
    """Write some of ``TEXTS``; an empty one is removed. All at once, so that one undo takes them back. False: no change."""
    if unknown := set(values) - set(TEXTS):
        raise ValueError(f"There is no text {', '.join(sorted(unknown))}.")
    rows = {name: registers.text(value, LONGEST) for name, value in values.items()}
    written = [("centre_texts", {"name": name, "text": words}) for name, words in rows.items() if words is not None]
    gone = [("centre_texts", {"name": name}) for name, words in rows.items() if words is None]
    return registers.put(store, written, who, at, gone) > 0
