"""Redaction of spoken card numbers and the like: recall and precision per kind, language and half of the phrasings.

    python -m bench.redaction [--missed] [--half development]

The calls are generated (bench/spoken_secrets.py), half of the phrasings were kept apart while the rules were made. Recall is
the share of values of which nothing is left; precision the share of what was taken out that is part of a value. Named
is the share of found values that got their own mark; extra counts harmless words that went.
"""

from __future__ import annotations

import argparse
from collections import Counter

from bench.spoken_secrets import HALVES, KINDS, LANGUAGES, Case, cases
from models.redaction import redact, wanted
from models.redaction.finding import find
from models.redaction.rules import rules
from models.settings import Settings


def measure(case: Case) -> Counter[str]:
    """values, found and named of the case's secret; taken and right of what was taken out, extra words that went with it."""
    what = wanted(Settings())
    secrets = find(case.turns, rules(), what.kinds, what.regions, strict=False)
    taken = [(t.turn, t.start, t.end, f.kind) for f in secrets for t in f.tokens]
    count: Counter[str] = Counter()
    if case.secrets:
        gone = {(turn, at) for turn, start, end, _ in taken for at in range(start, end)}
        left = [
            c
            for s in case.secrets
            for at, c in enumerate(case.turns[s.turn].text)
            if s.start <= at < s.end and c.isalnum() and (s.turn, at) not in gone
        ]
        count.update(values=1, found=not left)
        if not left:
            kinds = {
                k
                for turn, start, _, k in taken
                if any(s.turn == turn and s.start <= start < s.end for s in case.secrets)
            }
            count.update(named=kinds == {case.kind})
    hit = {(s.turn, at) for s in case.secrets for at in range(s.start, s.end)}
    for secret in secrets:
        inside = [(t.turn, t.start) in hit for t in secret.tokens if t.is_word]
        count.update(taken=1, right=any(inside), extra=inside.count(False))
    return count


def main() -> None:
    """Print the table; with --missed, what got away and what was taken wrongly."""
    parser = argparse.ArgumentParser(description="Recall and precision of redaction.")
    parser.add_argument("--missed", action="store_true", help="print the turns of misses and false alarms")
    parser.add_argument("--half", choices=HALVES, help="one half of the phrasings only")
    parser.add_argument("--each", type=int, default=25, help="calls per kind, language and half [default: 25]")
    parser.add_argument("--seed", type=int, default=8)
    given = parser.parse_args()
    totals: dict[tuple[str, str, str], Counter[str]] = {}
    for case in cases(given.seed, given.each):
        if given.half in (None, case.half):
            count = measure(case)
            totals.setdefault((case.half, case.kind, case.language), Counter()).update(count)
            if given.missed and (count["found"] < count["values"] or count["right"] < count["taken"] or count["extra"]):
                print(
                    case.kind,
                    [t.text for t in case.turns],
                    "->",
                    [t.text for t in redact(case.turns, wanted(Settings()))[0]],
                )
    print(
        f"{'half':<12} {'kind':<14} {'lang':<5} {'values':>6} {'recall':>7} {'named':>7} {'taken':>6} {'precision':>9} {'extra':>6}"
    )
    for half in HALVES:
        for kind in (*KINDS, "none"):
            for language in LANGUAGES:
                if count := totals.get((half, kind, language)):
                    print(line(half, kind, language, count))
        parts = [c for (h, _, _), c in totals.items() if h == half]
        if parts:
            print(line(half, "all", "", sum(parts, Counter())))


def line(half: str, kind: str, language: str, count: Counter[str]) -> str:
    """One row of the table."""
    recall = f"{count['found'] / count['values']:.3f}" if count["values"] else "-"
    named = f"{count['named'] / count['found']:.3f}" if count["found"] else "-"
    precision = f"{count['right'] / count['taken']:.3f}" if count["taken"] else "-"
    return f"{half:<12} {kind:<14} {language:<5} {count['values']:>6} {recall:>7} {named:>7} {count['taken']:>6} {precision:>9} {count['extra']:>6}"


if __name__ == "__main__":
    main()
