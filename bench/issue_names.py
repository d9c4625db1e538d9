"""What found issues are called: name, how many statements it covers, and the typical quote, of the sample and of the labelled intents.

    python -m bench.issue_names

Coverage is the share of an issue's statements that have at least half of the telling words of its name.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from click.testing import CliRunner

from bench.issues import LARGE, found
from ingest.cli import earshot
from ingest.issues import Finder
from models.issues import clusters, finding, naming, statements, titles
from models.issues.evaluation import LANGUAGE, read
from models.issues.naming import Spoken
from models.issues.titles import Heard
from models.publish import publish
from models.settings import SAMPLE, Settings
from models.store import Store, connect_snapshot

LISTED = "select issue_id from issues"
SAID = "select issue_id, language, quote, words, answer from problem_statements where issue_id is not null order by language, issue_id, md5(call_id), statement_no"
QUOTE_SHOWN = 90


def lines() -> Iterator[str]:
    """The report, line by line."""
    yield "The sample call centre"
    yield from of_sample()
    yield "\nUtterances of 22 intents, by the groups that are found (the intent of most in front)"
    yield from of_intents()


def of_sample() -> Iterator[str]:
    """The issues of the sample's transcripts, by language, the largest first; enquiries are no issues."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        os.environ["EARSHOT_DATA"] = folder
        for file in (SAMPLE / "transcripts" / "calls.jsonl", SAMPLE / "reference.jsonl"):
            CliRunner().invoke(earshot, ["ingest", "transcripts", str(file)])
        Finder(settings).run()
        with Store(settings).writing() as con:
            told = con.execute(SAID).fetchall()
        with closing(connect_snapshot(publish(settings).path)) as con:
            listed = {issue_id for (issue_id,) in con.execute(LISTED).fetchall()}
    groups: defaultdict[str, defaultdict[str, list[Spoken]]] = defaultdict(lambda: defaultdict(list))
    for issue_id, language, *said in told:
        groups[language][issue_id].append(Spoken(*said))
    for language, issues in sorted(groups.items()):
        heard = titles.counted(issues.values())
        for issue_id, inside in sorted(issues.items(), key=lambda item: (-len(item[1]), item[0])):
            others = [s for other, statements in issues.items() if other != issue_id for s in statements]
            if issue_id in listed:
                yield line(language, inside, others, heard, language)


def of_intents() -> Iterator[str]:
    """The groups of ``LARGE`` or more utterances."""
    pairs = read()
    texts = [text for text, _ in pairs]
    groups: defaultdict[int, list[Spoken]] = defaultdict(list)
    intents: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for group, (text, intent) in zip(found(texts), pairs, strict=True):
        groups[group].append(Spoken(text, statements.telling_words(text, LANGUAGE)))
        intents[group][intent] += 1
    large = {group: said for group, said in groups.items() if group != clusters.NOWHERE and len(said) >= LARGE}
    heard = titles.counted(large.values())
    for group, inside in sorted(large.items(), key=lambda item: (-len(item[1]), item[0])):
        others = [s for other, statements in large.items() if other != group for s in statements]
        yield line(intents[group].most_common(1)[0][0], inside, others, heard, LANGUAGE)


def line(label: str, inside: Sequence[Spoken], others: Sequence[Spoken], heard: Heard, language: str) -> str:
    """One issue: label, statements, coverage, name and quote."""
    found = titles.choose(inside, heard, language)
    phrases = naming.name(inside, others)
    quote = inside[finding.typical(inside, titles.first(found, phrases))].quote
    covered = f"{found.coverage:4.0%}" if found else "   –"
    return f"{label:24} {len(inside):4}  {covered}  {titles.said(found, phrases, quote):44} “{quote[:QUOTE_SHOWN]}”"


if __name__ == "__main__":
    for one in lines():
        print(one, flush=True)
