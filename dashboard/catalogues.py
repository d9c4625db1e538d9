"""Keeps the catalogues in step with the code: ``python -m dashboard.i18n update``.

Besides the strings in ``dashboard/**/*.py`` it takes the comments of the measures that pages define for the reader.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from dashboard.i18n import LANGUAGES, LOCALE

DASHBOARD = Path(__file__).parent
ROOT = DASHBOARD.parent
TEMPLATE = LOCALE / "earshot.pot"
COMMENTED = ROOT / "models" / "views" / "030_service_level_by_interval.sql"
"""The view whose column comments are shown as definitions, so are translated."""

HEADER = "# Earshot's texts. `python -m dashboard.i18n update` refreshes this file; translations are written by hand."
MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""One date for all catalogues: refreshing them without new texts changes nothing."""

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
REFUSALS = {"ChangeRefused": None, "NotSaved": None, "QueryRefused": None}
"""Sentences of models that say why something was not written, or not asked."""

COMMENT = re.compile(r"comment on column \S+ is '((?:[^']|'')*)'")
EXAMPLE_TITLE = re.compile(r"\A-- (.+)")


def main(arguments: list[str]) -> int:
    """The command: ``update`` rewrites template and catalogues and says what lacks a translation."""
    if arguments != ["update"]:
        print("Usage: python -m dashboard.i18n update")
        return 2
    template = extracted()
    _write(TEMPLATE, template)
    for language in LANGUAGES:
        catalogue = updated(language, template)
        _write(path(language), catalogue)
        lacking = 0 if language == "en" else len(incomplete(catalogue))
        print(f"{language}: {len(catalogue)} texts, {lacking} without a translation")
    return 0


def path(language: str) -> Path:
    """Where the catalogue of ``language`` lies."""
    return LOCALE / language / "LC_MESSAGES" / "earshot.po"


def extracted() -> Catalog:
    """Every string the dashboard shows, as a template."""
    template = _empty(None)
    for name, message in sorted(_messages(), key=lambda found: found[0]):
        template.add(message, locations=[(name, 0)])
    return template


def _messages() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for file in sorted(DASHBOARD.rglob("*.py")):
        with file.open("rb") as source:
            for _line, message, _comments, _context in extract("python", source, KEYWORDS, (), {}):
                yield file.relative_to(ROOT).as_posix(), message
        for message in _in_f_strings(file.read_text("utf-8")):
            yield file.relative_to(ROOT).as_posix(), message
    for file in sorted((ROOT / "models").rglob("*.py")):
        with file.open("rb") as source:
            for _line, message, _comments, _context in extract("python", source, REFUSALS, (), {}):
                yield file.relative_to(ROOT).as_posix(), message
    for text in COMMENT.findall(COMMENTED.read_text("utf-8")):
        yield COMMENTED.relative_to(ROOT).as_posix(), text.replace("''", "'")
    for file in sorted((ROOT / "models" / "queries" / "examples").glob("*.sql")):
        if title := EXAMPLE_TITLE.match(file.read_text("utf-8")):
            yield file.relative_to(ROOT).as_posix(), title[1]


def _in_f_strings(code: str) -> Iterator[str | tuple[str, ...]]:
    """The texts within f-strings, which Babel's extractor reads as one token before Python 3.12."""
    for node in ast.walk(ast.parse(code)):
        for call in ast.walk(node) if isinstance(node, ast.JoinedStr) else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
                texts = [
                    word.value
                    for word in call.args[:2]
                    if isinstance(word, ast.Constant) and isinstance(word.value, str)
                ]
                if texts:
                    yield texts[0] if call.func.id != "ngettext" else tuple(texts)


def read(language: str) -> Catalog:
    """The catalogue of ``language`` as it is on disk; empty where there is none yet."""
    if not path(language).is_file():
        return _empty(language)
    with path(language).open("rb") as source:
        return read_po(source, locale=language)


def updated(language: str, template: Catalog) -> Catalog:
    """The catalogue of ``language`` with exactly the strings of the template; no guessed translations."""
    catalogue = read(language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.revision_date = catalogue.creation_date = MADE
    catalogue.header_comment = HEADER
    catalogue.fuzzy = False
    return catalogue


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=language, project="Earshot", version="0.1", charset="utf-8", header_comment=HEADER,
        creation_date=MADE, revision_date=MADE, last_translator="", language_team="", fuzzy=False,
        msgid_bugs_address="",
    )  # fmt: skip


def incomplete(catalogue: Catalog) -> list[str]:
    """Strings without a translation, or with one that is only guessed."""

    def lacks(message: object) -> bool:
        given = message.string  # type: ignore[attr-defined]
        return message.fuzzy or not (all(given) if isinstance(given, tuple) else given)  # type: ignore[attr-defined]

    return [str(message.id) for message in catalogue if message.id and lacks(message)]


def _write(file: Path, catalogue: Catalog) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalogue, width=110, omit_header=False, sort_output=True, include_lineno=False)
