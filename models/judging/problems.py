"""What is wrong with a scorecard, as sentences that name the entry and its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from models.judging.conduct import MEASURES
from models.judging.cues import BadCue, Compiler
from models.judging.scorecard import CONTEXTS, NEEDED_FAMILIES, SIDES, Place, Readers, When, inline_families

CONTRACT = (
    "friendliness", "empathy", "fairness", "control", "options", "information", "timeliness", "restatement",
    "ownership", "customer_idea", "resolution", "satisfaction_check", "no_policy_weapon",
)  # fmt: skip
"""Criteria that the rest of Earshot counts on; give one the weight 0 to leave it out of the overall score."""
TOP = {"languages": list, "assessable": dict, "criterion": list, "family": dict, "language": dict}
LIMITS = ("min_agent_words", "min_known_share", "min_confidence")
CRITERION = {
    "id": str, "name": dict, "definition": dict, "applies": dict, "when": str, "opportunity": list, "routine": list, "like": str,
    "excused": list, "min_wait_s": float,
    "prior": float, "weight": float, "auto_fail": bool, "for": list, "against": list,
}  # fmt: skip
OPTIONAL = {*SIDES, "like", "min_wait_s", "auto_fail"}
TEXTS = ("name", "definition", "applies")
WEIGHED = {
    "family": str, "cues": dict, "points": float, "most": float, "at_least": int, "place": str, "speaker": str,
    "beside": str, "to": str,
}  # fmt: skip
FAMILY = {"about": str, "reported": bool, "negated": bool, "formal": bool, "measured": str, "but_not": dict}
LANGUAGE = {
    "common": str, "spelling": dict, "lists": dict, "negation": list, "negation_adjacent": list,
    "negation_after": list, "clause_breaks": list, "not_misheard": list, "prefixes": str,
    **dict.fromkeys(CONTEXTS, list),
}  # fmt: skip
WORDS = {str: "text", dict: "a table", list: "a list", bool: "true or false", float: "a number", int: "a whole number"}
HEAVIEST = 100.0


class Lines:
    """Finds the line on which something is written."""

    def __init__(self, content: str) -> None:
        self.lines = content.splitlines()

    def of(self, *needles: str, after: int = 0) -> int:
        """Number, from 1, of the first line from ``after`` on with one of the needles; ``after`` when there is none."""
        for needle in needles:
            for number, line in enumerate(self.lines[max(after - 1, 0) :], max(after, 1)):
                if needle in line and not line.lstrip().startswith("#"):
                    return number
        return max(after, 1)

    def of_criterion(self, key: str) -> int:
        """Line of a criterion's id."""
        return self.of(f'id = "{key}"', f'"{key}"', key)


def problems(raw: Mapping[str, Any], content: str, readers: Readers) -> list[str]:
    """Every problem of a scorecard as TOML gave it; none when it can be used."""
    lines = Lines(content)
    if shape := [*shapes(raw, lines)]:
        return shape
    return [*languages(raw, readers, lines), *criteria(raw, lines), *families(raw, readers, lines)]


def typed(value: Any, kind: type) -> bool:
    """Whether a TOML value is of a kind; a whole number is a number, true is none."""
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def keys(what: str, line: int, given: Any, known: Mapping[str, type], needed: set[str]) -> Iterator[str]:
    """Unknown keys, missing keys, and values of the wrong kind."""
    if not isinstance(given, dict):
        yield f"line {line}: {what} must be a table."
        return
    for key, value in given.items():
        if key not in known:
            yield f"line {line}: {what} has the unknown key {key!r}; known are {', '.join(known)}."
        elif not typed(value, known[key]):
            yield f"line {line}: {key!r} of {what} must be {WORDS[known[key]]}, not {value!r}."
    for key in sorted(needed - set(given)):
        yield f"line {line}: {what} has no {key!r}."


def shapes(raw: Mapping[str, Any], lines: Lines) -> Iterator[str]:
    """Whether everything is there and of its kind, so that what follows can rely on it."""
    yield from keys("the scorecard", 1, raw, TOP, set(TOP))
    if any(not isinstance(raw.get(key), kind) for key, kind in TOP.items()):
        return
    line = lines.of("[assessable]")
    yield from keys("[assessable]", line, raw["assessable"], dict.fromkeys(LIMITS, float), set(LIMITS))
    for code in raw["languages"]:
        if code not in raw["language"]:
            yield f"line {lines.of('languages')}: the language {code!r} has no section [language.{code}]."
    for code, given in raw["language"].items():
        yield from keys(f"[language.{code}]", lines.of(f"[language.{code}]"), given, LANGUAGE, {"common"})
    for number, entry in enumerate(raw["criterion"], 1):
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        line = lines.of_criterion(str(name))
        yield from keys(f"the criterion {name!r}", line, entry, CRITERION, set(CRITERION) - OPTIONAL)
        yield from entry_shapes(str(name), entry, line)
    for key, given in raw["family"].items():
        known = {**FAMILY, **dict.fromkeys(raw["languages"], list)}
        line = lines.of(f"[family.{key}]")
        yield from keys(f"the family {key!r}", line, given, known, set())
        if isinstance(given, dict) and isinstance(given.get("but_not", {}), dict):
            listed = dict.fromkeys(raw["languages"], list)
            yield from keys(f"'but_not' of the family {key!r}", line, given.get("but_not", {}), listed, set())


def entry_shapes(name: str, entry: Any, line: int) -> Iterator[str]:
    """Shapes of what speaks for and against one criterion."""
    for side in SIDES:
        listed = entry.get(side, []) if isinstance(entry, dict) else []
        for weighed in listed if isinstance(listed, list) else []:
            what = f"{side!r} of the criterion {name!r}"
            yield from keys(what, line, weighed, WEIGHED, {"points"} if side in ("for", "against") else set())
            if isinstance(weighed, dict) and ("family" in weighed) == ("cues" in weighed):
                yield f"line {line}: each entry of {what} names either a family or cues of its own."


def languages(raw: Mapping[str, Any], readers: Readers, lines: Lines) -> Iterator[str]:
    """Languages whose own cues can't be read."""
    for code in raw["languages"]:
        reader = readers[code]
        for context in CONTEXTS:
            for text in raw["language"][code].get(context, ()):
                yield from cue(reader, text, f"{context!r} of [language.{code}]", lines, f"[language.{code}]")


def criteria(raw: Mapping[str, Any], lines: Lines) -> Iterator[str]:
    """Criteria that are missing, doubled, or hold values that make no sense."""
    ids = [entry["id"] for entry in raw["criterion"]]
    for missing in (key for key in CONTRACT if key not in ids):
        yield f"line 1: the criterion {missing!r} is missing; give it the weight 0 to leave it out of the overall score."
    for key in sorted({key for key in ids if ids.count(key) > 1}):
        yield f"line {lines.of_criterion(key)}: the criterion {key!r} is there {ids.count(key)} times."
    for entry in raw["criterion"]:
        line = lines.of_criterion(entry["id"])
        yield from (f"line {line}: the criterion {entry['id']!r} {problem}" for problem in values(entry, raw))
        yield from overlaps(entry, raw, lines)


def values(entry: Mapping[str, Any], raw: Mapping[str, Any]) -> Iterator[str]:
    """Values of one criterion that make no sense, as ends of a sentence."""
    if not str(entry["id"]).isidentifier():
        yield "has an id that is not made of letters, digits and _."
    for text in TEXTS:
        for code in raw["languages"]:
            if not isinstance(entry[text].get(code), str) or not entry[text][code].strip():
                yield f"has no {text} in the language {code!r}."
    if not 0 <= entry["weight"] <= HEAVIEST:
        yield f"has the weight {entry['weight']}, which must be from 0 to {HEAVIEST:g}."
    if not 0 <= entry["prior"] <= 1:
        yield f"has the prior {entry['prior']}, which must be from 0 to 1."
    if entry["when"] not in get_args(When):
        yield f"applies when {entry['when']!r}, which must be one of {', '.join(get_args(When))}."
    ids = {other["id"] for other in raw["criterion"] if "like" not in other}
    if "like" in entry and entry["like"] not in ids:
        yield f"applies like {entry['like']!r}, which is no criterion with occasions of its own."
    elif entry["when"] == "customer" and not (entry.get("opportunity") or "like" in entry):
        yield "applies on what customers say, but names no opportunity."
    for side in SIDES:
        for weighed in entry.get(side, ()):
            yield from weighed_values(weighed, side, raw)


def weighed_values(weighed: Mapping[str, Any], side: str, raw: Mapping[str, Any]) -> Iterator[str]:
    """Values of one entry of ``for``, ``against`` or ``opportunity`` that make no sense."""
    points = weighed.get("points", 1.0)
    if not 0 < points <= 1:
        yield f"gives {points} points in {side!r}, which must be above 0 and at most 1."
    if weighed.get("place", "anywhere") not in get_args(Place):
        yield f"has the place {weighed['place']!r} in {side!r}, which must be one of {', '.join(get_args(Place))}."
    if weighed.get("speaker", "agent") not in ("agent", "customer", "anyone"):
        yield f"has the speaker {weighed['speaker']!r} in {side!r}, which must be agent, customer or anyone."
    for key in ("family", "beside", "to"):
        if key in weighed and weighed[key] not in raw["family"]:
            yield f"names the {'family' if key == 'family' else 'companion'} {weighed[key]!r}, which is not there."


def overlaps(entry: Mapping[str, Any], raw: Mapping[str, Any], lines: Lines) -> Iterator[str]:
    """Cues that one criterion counts both for and against."""
    known = inline_families(raw)
    for code in raw["languages"]:
        sides = []
        for side in ("for", "against"):
            names = [w.get("family", f"{entry['id']}.{side}.{n}") for n, w in enumerate(entry.get(side, ()), 1)]
            sides.append({t for name in names for t in known.get(name, {}).get(code, ()) if isinstance(t, str)})
        for text in sorted(sides[0] & sides[1]):
            at = lines.of(f'"{text}"', after=1)
            yield f"line {at}: the cue {text!r} ({code}) speaks both for and against the criterion {entry['id']!r}."


def families(raw: Mapping[str, Any], readers: Readers, lines: Lines) -> Iterator[str]:
    """Families that lack a language, or hold cues that can't be read or are written twice."""
    for needed in (key for key in NEEDED_FAMILIES if key not in raw["family"]):
        yield f"line 1: the family {needed!r} is missing; holds and greetings are measured by it."
    for key, given in inline_families(raw).items():
        heading = f"[family.{key}]" if key in raw["family"] else f'id = "{key.split(".")[0]}"'
        line = lines.of(heading)
        if "measured" in given:
            if given["measured"] not in MEASURES:
                yield f"line {line}: the family {key!r} is measured by {given['measured']!r}; known are {', '.join(MEASURES)}."
            continue
        for code in raw["languages"]:
            if not given.get(code):
                yield f"line {line}: the family {key!r} has no cues in the language {code!r}."
            yield from cues(key, given.get(code, ()), code, readers[code], lines, heading)
            for text in given.get("but_not", {}).get(code, ()):
                yield from cue(readers[code], text, f"'but_not' of the family {key!r} ({code})", lines, heading)


def cues(key: str, given: Any, code: str, reader: Compiler, lines: Lines, heading: str) -> Iterator[str]:
    """Cues of one family and language that can't be read or are written twice."""
    seen = set()
    for text in given:
        what = f"the family {key!r} ({code})"
        yield from cue(reader, text, what, lines, heading)
        if text in seen:
            at = lines.of(f'"{text}"', after=lines.of(heading))
            yield f"line {at}: {what} has the cue {text!r} twice."
        seen.add(text)


def cue(reader: Compiler, text: Any, what: str, lines: Lines, heading: str) -> Iterator[str]:
    """Why one cue can't be read."""
    if not isinstance(text, str) or not text.strip():
        yield f"line {lines.of(heading)}: {what} has {text!r} where a cue should be."
        return
    try:
        reader.cue("", text)
    except BadCue as error:
        at = lines.of(f'"{text}"', after=lines.of(heading))
        yield f"line {at}: {what} has the cue {text!r}, which {error}."
