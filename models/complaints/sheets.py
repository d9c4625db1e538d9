"""Files of complaints as people have them: any usual encoding and separator, headings in English or French, odd dates.

Nothing is guessed silently: what was found is told (``Sheet``), and a line that can't be read is refused with its reason.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from models.errors import ChangeRefused

LARGEST = 20_000_000
"""Bytes of a file."""
MOST_LINES = 50_000
HEADING_WITHIN = 10
"""The heading is one of the first lines."""
LONGEST_RECORD = 40
"""Lines of one record: a text in quotes may go over several."""
SEPARATORS = (";", ",", "\t", "|")
NEEDED = ("nature", "received_at")
MORE_CELLS = str(ChangeRefused("The line has more cells than the heading."))
NO_DATE = str(ChangeRefused("This is no date that can be read; write it like 2026-03-09 14:30."))
QUOTES = str(ChangeRefused("The quotation marks of the line don't match."))

HEADINGS = {
    "reference": "reference ref complaint_id number complaint_number case_number id numero numero_de_reclamation dossier",
    "kind": "kind type genre",
    "channel": "channel source received_by_channel canal moyen",
    "customer_id": "customer_id customer_number client_id account numero_client id_client",
    "customer_name": "customer_name customer name client nom nom_du_client nom_client",
    "customer_address": "customer_address address adresse adresse_du_client",
    "customer_phone": "customer_phone phone telephone tel mobile numero_de_telephone",
    "received_by": "received_by employee agent taken_by recu_par employe conseiller",
    "received_at": "received_at received date date_received complaint_date created_at opened recu_le date_de_reception ouvert_le",
    "resolved_at": "resolved_at resolved date_resolved resolution_date resolu_le date_de_resolution",
    "nature": "nature complaint description subject text comment message objet motif reclamation commentaire",
    "issue_id": "issue_id issue probleme",
    "call_id": "call_id call appel id_appel",
    "solution": "solution agreed_solution resolution solution_convenue",
    "done_on_spot": "done_on_spot on_the_spot immediate sur_le_champ immediatement",
    "promised_for": "promised_for promised promised_by due due_date promis_pour echeance",
    "steps": "steps steps_under_way actions action etapes etapes_en_cours",
    "follow_up_at": "follow_up_at follow_up followup follow_up_date suivi suivi_le rappel_le",
    "satisfied_after": "satisfied_after satisfied satisfait",
    "would_buy_again": "would_buy_again buy_again racheterait",
    "compensation_value": "compensation_value compensation_amount amount montant montant_du_dedommagement",
    "compensation": "compensation compensation_given gesture dedommagement geste_commercial",
    "prevention": "prevention suggestion to_prevent_it",
    "answered_at": "answered_at answered reply_date replied_at repondu_le date_de_reponse",
}
"""Field → the headings that mean it, as ``plain`` writes them."""
KNOWN = {heading: field for field, words in HEADINGS.items() for heading in words.split()}
WORDS = {
    "yes": "yes y true 1 oui o vrai x", "no": "no n false 0 non faux",
    "unknown": "unknown inconnu not_known ne_sait_pas nsp",
    "complaint": "complaint reclamation plainte", "comment": "comment feedback commentaire avis",
    "call": "call phone telephone appel tel", "letter": "letter mail_post post courrier lettre",
    "email": "email e_mail mail courriel mel", "website": "website web site form online site_web internet formulaire",
    "chat": "chat messaging messagerie", "visit": "visit shop store counter visite boutique guichet", "other": "other autre",
}  # fmt: skip
"""Code → the words that mean it."""
MEANT = {word: code for code, words in WORDS.items() for word in words.split()}
DAY = re.compile(
    r"(\d{1,4})[./\-\s](\d{1,2})[./\-\s](\d{1,4})(?:[T,\s]+(?:à\s+)?(\d{1,2})[:h.](\d{2})(?::(\d{2}))?\s*([ap]m)?)?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that can't be used: the heading of the cell (empty: the line as a whole) and a sentence."""

    line_no: int
    heading: str
    sentence: str
    raw: str

    @property
    def reason(self) -> str:
        """What is wrong, in English."""
        return f"{self.heading}: {self.sentence}" if self.heading else self.sentence


@dataclass(frozen=True, slots=True)
class Line:
    """One line (or record over several): field → cell, and the text as it was read."""

    line_no: int
    cells: dict[str, str]
    raw: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was understood. ``headings``: field → its heading; ``ignored``: headings that mean nothing here."""

    encoding: str
    separator: str
    headings: dict[str, str]
    ignored: tuple[str, ...]
    lines: tuple[Line, ...]
    refused: tuple[RefusedLine, ...]


def read(data: bytes) -> Sheet:
    """Read a file. Raises ChangeRefused when it is too large, no text, or has no heading that can be used."""
    if len(data) > LARGEST:
        raise ChangeRefused("The file is too large: at most 20 MB and 50,000 lines. Split it.")
    text, encoding = decode(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise ChangeRefused("The file is too large: at most 20 MB and 50,000 lines. Split it.")
    at, separator, names = _heading(lines)
    fields = _fields(names)
    good: list[Line] = []
    refused: list[RefusedLine] = []
    for line_no, raw, cells in _records(lines, at + 1, separator):
        if isinstance(cells, str):
            refused.append(RefusedLine(line_no, "", cells, raw))
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            refused.append(RefusedLine(line_no, "", MORE_CELLS, raw))
        else:
            good.append(Line(line_no, {fields[n]: cell.strip() for n, cell in enumerate(cells) if n in fields}, raw))
    found = {field: names[n].strip() for n, field in fields.items()}
    ignored = tuple(name.strip() for n, name in enumerate(names) if n not in fields and name.strip())
    return Sheet(encoding, separator, found, ignored, tuple(good), tuple(refused))


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises ChangeRefused for what is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data or data.startswith(b"PK\x03\x04"):
        raise ChangeRefused("This is no text file. Save the table as CSV, then try again.")
    else:
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return data.decode(encoding), {"utf-8-sig": "utf-8"}.get(encoding, encoding)
        except UnicodeDecodeError:
            continue
    raise ChangeRefused("This is no text file. Save the table as CSV, then try again.")


def plain(text: str) -> str:
    """A heading or a word without case, accents and punctuation: « Reçu le » is recu_le."""
    letters = unicodedata.normalize("NFD", text.lower())
    return re.sub(r"[^a-z0-9]+", "_", "".join(c for c in letters if not unicodedata.combining(c))).strip("_")


def _heading(lines: list[str]) -> tuple[int, str, list[str]]:
    """Where the heading is, the separator, and the names; a title may stand above it."""
    for at, line in enumerate(lines[:HEADING_WITHIN]):
        for separator in SEPARATORS:
            names = _cells(line, separator)
            if isinstance(names, list) and set(NEEDED) <= set(_fields(names).values()):
                return at, separator, names
    raise ChangeRefused(
        "The file needs a column that says what it is about (nature) and one that says when it was received (received_at)."
    )


def _fields(names: list[str]) -> dict[int, str]:
    """Place of a column → its field; the first column of a field counts."""
    found: dict[int, str] = {}
    for place, name in enumerate(names):
        field = KNOWN.get(plain(name))
        if field and field not in found.values():
            found[place] = field
    return found


def _cells(record: str, separator: str) -> list[str] | str | None:
    """The cells of a record; a sentence when it is malformed; None when a quoted text goes on in the next line."""
    try:
        return next(csv.reader([record], delimiter=separator, strict=True), [])
    except csv.Error as error:
        return None if "end of data" in str(error) else QUOTES


def _records(lines: list[str], start: int, separator: str) -> Iterator[tuple[int, str, list[str] | str]]:
    """Line number from 1, text and cells of each record; a quote that never ends costs one line, not the rest."""
    at = start
    while at < len(lines):
        for more in range(1, min(LONGEST_RECORD, len(lines) - at) + 1):
            record = "\n".join(lines[at : at + more])
            if (cells := _cells(record, separator)) is not None:
                yield at + 1, record, cells
                at += more
                break
        else:
            yield at + 1, lines[at], QUOTES
            at += 1


def code(text: str, known: tuple[str, ...]) -> str | None:
    """The code that a word means, if it is one of ``known``; None for an empty cell. Raises ChangeRefused otherwise."""
    if not text:
        return None
    meant = MEANT.get(plain(text), plain(text))
    if meant not in known:
        raise ChangeRefused("This word is not one of those that are known here.")
    return meant


def flag(text: str) -> bool | None:
    """Yes or no; None for an empty cell. Raises ChangeRefused for anything else."""
    meant = code(text, ("yes", "no"))
    return None if meant is None else meant == "yes"


def amount(text: str) -> float | None:
    """Money: 1234.50, 1 234,50 €. Raises ChangeRefused for what is no amount, or could be two."""
    if not text:
        return None
    digits = re.sub(r"[\s\u00a0\u202f'’]|[^\W\d_]|[€$£]", "", text)
    if not re.fullmatch(r"[+-]?\d+([.,]\d+)*", digits) or re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", digits):
        raise ChangeRefused("This is no amount, or could be two; write it like 1234.50.")
    whole, mark, rest = digits.rpartition("," if digits.rfind(",") > digits.rfind(".") else ".")
    if mark and len(rest) != 3:
        return float(re.sub("[.,]", "", whole) + "." + rest)
    return float(re.sub("[.,]", "", digits))


def day_first(sheet: Sheet, fields: tuple[str, ...]) -> bool | None:
    """Whether dates like 03/04/2026 are days first, as its other dates show; None when nothing shows it."""
    seen = [DAY.fullmatch(line.cells.get(field, "")) for line in sheet.lines for field in fields]
    pairs = [(int(found[1]), int(found[2])) for found in seen if found and len(found[1]) <= 2]
    if any(first > 12 for first, _ in pairs):
        return True
    return False if any(second > 12 for _, second in pairs) else None


def moment(text: str, zone: ZoneInfo, days_first: bool, at_end: bool = False) -> datetime | None:
    """An aware moment; a day without a time is its beginning, or ``at_end`` its last minute. None for an empty cell.

    Raises ChangeRefused for what is no date.
    """
    if not text:
        return None
    whole = time(23, 59) if at_end else time()
    found = _iso(text, whole) or _written(text, days_first, whole)
    if found is None:
        raise ChangeRefused(NO_DATE)
    if not 1990 <= found.year <= 2100:
        raise ChangeRefused("The year of this date makes no sense.")
    return found if found.tzinfo else found.replace(tzinfo=zone)


def day(text: str, zone: ZoneInfo, days_first: bool) -> date | None:
    """A day of the call centre; None for an empty cell. Raises ChangeRefused for what is no date."""
    found = moment(text, zone, days_first)
    return found.astimezone(zone).date() if found else None


def _iso(text: str, whole: time) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return datetime.combine(date.fromisoformat(text), whole) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _written(text: str, days_first: bool, whole: time) -> datetime | None:
    """A date as people write it: 9/3/2026, 09.03.26 14h30, 2026/3/9, 3/9/2026 2:30 pm."""
    found = DAY.fullmatch(text.strip())
    if not found:
        return None
    first, second, third = (int(found[n]) for n in (1, 2, 3))
    if len(found[1]) == 4:
        year, month, of_month = first, second, third
    else:
        year = third + 2000 if len(found[3]) <= 2 else third
        of_month, month = (first, second) if days_first else (second, first)
    at = whole
    try:
        if found[4]:
            hour = int(found[4]) % 12 + (12 if found[7].lower() == "pm" else 0) if found[7] else int(found[4])
            at = time(hour, int(found[5]), int(found[6] or 0))
        return datetime.combine(date(year, month, of_month), at)
    except ValueError:
        return None
