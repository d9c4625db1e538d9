"""The index for words: it may name too many calls, never too few, and follows what is published."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from models import said_index

SCHEMA = "create table transcripts (call_id varchar, loaded_at timestamptz); create table turns (call_id varchar, text varchar)"
TEXTS = st.lists(st.text(alphabet="aé ß'-_9Ω\u0301eשt\n.", max_size=12), min_size=1, max_size=4)


def store(calls: list[list[str]], loaded: int = 0) -> duckdb.DuckDBPyConnection:
    """A snapshot with these turns per call."""
    con = duckdb.connect()
    con.execute(SCHEMA)
    add(con, calls, loaded)
    return con


def add(con: duckdb.DuckDBPyConnection, calls: list[list[str]], loaded: int, first: int = 0) -> None:
    """Calls numbered from ``first``, loaded at a moment."""
    for n, texts in enumerate(calls, first):
        con.execute("insert into transcripts values (?, ?)", [f"c{n}", datetime.fromtimestamp(loaded, UTC)])
        con.executemany("insert into turns values (?, ?)", [[f"c{n}", text] for text in texts])


@settings(deadline=None, max_examples=50)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.data())
def test_every_call_with_a_word_is_found(calls: list[list[str]], data: st.DataObject) -> None:
    """A call with a word is found by any beginning of that word, whatever letters, accents and marks are around it."""
    with TemporaryDirectory() as name, closing(store(calls)) as con:
        said_index.refresh(Path(name), con)
        for n, texts in enumerate(calls):
            for token in said_index.tokens(" ".join(texts)):
                beginning = token[: data.draw(st.integers(1, len(token)))]
                found = said_index.find(Path(name), [beginning], 100)
                if said_index.tokens(beginning) and not beginning.startswith("\u0301"):
                    assert found is not None
                    assert f"c{n}" in found


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sets(st.sampled_from(["red", "reds", "blue", "green"])), min_size=1, max_size=8), st.integers(0, 4))
def test_no_call_with_all_words_is_left_out(calls: list[set[str]], most: int) -> None:
    """However common each of two words is, every call with both is named, unless the index says that it can't tell."""
    with TemporaryDirectory() as name, closing(store([[" ".join(words)] for words in calls])) as con:
        said_index.refresh(Path(name), con)
        found = said_index.find(Path(name), ["red", "blue"], most)
    both = {f"c{n}" for n, words in enumerate(calls) if "blue" in words and words & {"red", "reds"}}
    assert (found is None and len(both) > most) or (found is not None and both <= set(found))


def test_a_common_word_is_not_asked_for_beside_a_rare_one(tmp_path: Path) -> None:
    """Few calls with the rare word are named whether they hold the common one or not: reading them is quicker."""
    with closing(store([["blue please"], ["blue"], *[["please"]] * 5])) as con:
        said_index.refresh(tmp_path, con)
    assert said_index.find(tmp_path, ["please", "blue"], 3) == ["c0", "c1"]
    assert said_index.find(tmp_path, ["please", "blue"], 10) == ["c0"]


def test_accents_and_case_do_not_matter(tmp_path: Path) -> None:
    """A word is found as it is typed without accents, in capitals or small letters; all words must be there."""
    with closing(store([["Ma facture a été PRÉLEVÉE", "deux fois"], ["facture"]])) as con:
        assert said_index.refresh(tmp_path, con) == 2
    assert said_index.find(tmp_path, ["prelevee"], 10) == ["c0"]
    assert said_index.find(tmp_path, ["FACT", "deux"], 10) == ["c0"]
    assert said_index.find(tmp_path, ["l'xylophone"], 10) == []


def test_only_new_transcripts_are_read(tmp_path: Path) -> None:
    """Published again nothing is read; a transcript that changed or came is read, one that is gone is not found."""
    with closing(store([["alpha"], ["beta"]])) as con:
        assert said_index.refresh(tmp_path, con) == 2
        assert said_index.refresh(tmp_path, con) == 0
        con.execute("delete from turns where call_id = 'c1'; delete from transcripts where call_id = 'c1'")
        add(con, [["gamma"], ["delta"]], loaded=5, first=1)
        assert said_index.refresh(tmp_path, con) == 2
    assert said_index.find(tmp_path, ["beta"], 10) == []
    assert said_index.find(tmp_path, ["gamma"], 10) == ["c1"]


def test_what_is_gone_hides_nobody(tmp_path: Path) -> None:
    """The index keeps words of transcripts that are gone: they count towards too many, and never in another call's place."""
    with closing(store([["alpha"]] * 4)) as con:
        said_index.refresh(tmp_path, con)
        con.execute("delete from turns where call_id = 'c0'; delete from transcripts where call_id = 'c0'")
        said_index.refresh(tmp_path, con)
    assert said_index.find(tmp_path, ["alph"], 2) is None
    assert said_index.find(tmp_path, ["alph"], 4) == ["c1", "c2", "c3"]


def test_says_when_it_cannot_tell(tmp_path: Path) -> None:
    """No index, nothing to look for, a damaged file or too many calls: None, so that the caller looks elsewhere."""
    assert said_index.find(tmp_path, ["alpha"], 10) is None
    with closing(store([["alpha"], ["alpha"]])) as con:
        said_index.refresh(tmp_path, con)
    assert said_index.find(tmp_path, ["alpha"], 1) is None
    assert said_index.find(tmp_path, ["al"], 1) is None
    assert said_index.find(tmp_path, ["al"], 2) == ["c0", "c1"]
    assert said_index.find(tmp_path, ["…", '"'], 10) is None
    assert said_index.find(tmp_path, ['alpha" OR "beta'], 10) == [], "typed text is never an expression"
    (tmp_path / said_index.FILE).write_bytes(b"no database at all, whatever its name says" * 50)
    assert said_index.find(tmp_path, ["alpha"], 10) is None
