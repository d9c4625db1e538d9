"""The index behind the search for words: which transcripts hold words that begin like the ones typed.

``store/said.sqlite`` is made from snapshots and may be deleted at any time: publishing makes it again. It holds words
without their order (SQLite's full-text search, contentless), so what it finds is looked up in the snapshot.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice
from pathlib import Path

import duckdb
import pyarrow as pa

from models.errors import StoreError
from models.store import first_row

FILE = "said.sqlite"
BATCH = 5_000
"""Transcripts of one transaction: bounds memory, and what a killed run has to do again."""

SCHEMA = """
create virtual table if not exists said
    using fts5(text, content = '', detail = none, columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');
-- stamp: hash of the call and the time of loading; a transcript that changed gets a new doc
create table if not exists docs (doc integer primary key autoincrement, stamp integer not null, call_id text not null);
create index if not exists docs_by_stamp on docs (stamp);
-- digest of the transcripts that the index is up to; no row while it is brought up to others
create table if not exists up_to (digest text not null);
"""
DIGEST = "select format('{} {} {}', count(*), coalesce(bit_xor(hash(call_id, loaded_at)), 0), coalesce(sum(hash(loaded_at, call_id)), 0)) from transcripts"
"""The same as long as no transcript is added, replaced or removed: far cheaper than comparing each."""
UNREAD = """
create or replace temp table unread as
with stamps as (
    select (md5_number_lower(call_id || ' ' || epoch_us(loaded_at)) >> 1)::bigint as stamp, call_id from transcripts
)
select coalesce(s.stamp, k.stamp) as stamp, s.call_id, s.stamp is null as is_gone
from stamps s full join known k using (stamp)
where s.stamp is null or k.stamp is null
"""
TURNS = "select stamp, call_id, text from turns join unread using (call_id) order by turns.rowid"
FEW = 200
"""So few calls are read sooner than SQLite gathers all the others that hold a common word beside."""
COUNTED = "select count(*) from (select rowid from said where said match ? limit ?)"
FOUND = "select call_id from (select rowid as doc from said where said match ? limit ?) left join docs using (doc)"

Doc = tuple[int, str, str]
"""Stamp, call_id and everything that was said."""


def refresh(folder: Path, con: duckdb.DuckDBPyConnection) -> int:
    """Bring the index in the store ``folder`` up to the transcripts of ``con``; how many were read.

    Raises StoreError when it can't be written.
    """
    try:
        with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as index:
            index.execute("pragma journal_mode = wal")
            index.executescript(SCHEMA)
            digest = first_row(con.execute(DIGEST)) or ("",)
            if digest == index.execute("select digest from up_to").fetchone():
                return 0
            index.execute("delete from up_to")
            docs, read = _unread(index, con), 0
            while batch := list(islice(docs, BATCH)):
                _add(index, batch)
                read += len(batch)
            index.execute("insert into up_to values (?)", digest)
            return read
    except sqlite3.Error as error:
        raise StoreError(f"{FILE} can't be written: {error}. Delete it, and publish again.") from error


def find(folder: Path, words: Sequence[str], most: int) -> list[str] | None:
    """Calls that can hold words beginning like each of ``words``: too many perhaps, never too few.

    Where a few calls hold the rarer words, the others are not asked for. The snapshot may have fewer calls.
    None when the index can't tell: it isn't there, the words have no letters or digits, or more than ``most`` match.
    """
    asked = [token for word in words for token in tokens(word)]
    path = folder / FILE
    if not asked or not path.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as index:
            # whole words first: where they are too many already, SQLite need not gather all words that begin like them
            common = {token for token in asked if _counted(index, [token], most) > most}
            rare = [token for token in asked if token not in common]
            if common and rare and (calls := _beginning(index, rare, FEW)) is not None:
                return calls
            return None if _counted(index, asked, most) > most else _beginning(index, asked, most)
    except sqlite3.Error:
        return None


def _counted(index: sqlite3.Connection, tokens: Sequence[str], most: int) -> int:
    """How many transcripts hold all of these whole words, as far as one more than ``most``."""
    (count,) = index.execute(COUNTED, (" ".join(f'"{token}"' for token in tokens), most + 1)).fetchone()
    return int(count)


def _beginning(index: sqlite3.Connection, tokens: Sequence[str], most: int) -> list[str] | None:
    """Calls with words that begin like all of these; None for more than ``most``, transcripts that are gone included."""
    rows = index.execute(FOUND, (" ".join(f'"{token}"*' for token in tokens), most + 1)).fetchall()
    return None if len(rows) > most else [str(call_id) for (call_id,) in rows if call_id is not None]


def tokens(word: str) -> list[str]:
    """``word`` as the index cuts it: runs of letters, digits and their accents."""
    kept = (c if unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "Co" else " " for c in word)
    return "".join(kept).split()


def _unread(index: sqlite3.Connection, con: duckdb.DuckDBPyConnection) -> Iterator[Doc]:
    """What the index has not read, in the order of the transcripts; forgets what is gone."""
    known = [row[0] for row in index.execute("select stamp from docs")]
    con.register("known", pa.table({"stamp": pa.array(known, pa.int64())}))
    con.execute(UNREAD)
    con.unregister("known")
    gone = con.execute("select stamp from unread where is_gone").fetchall()
    index.execute("begin")
    index.executemany("delete from docs where stamp = ?", gone)
    index.execute("commit")
    turns = con.execute(TURNS)
    rows = (row for some in iter(lambda: turns.fetchmany(10_000), []) for row in some)
    for (stamp, call_id), said in groupby(rows, key=lambda row: (row[0], row[1])):
        yield stamp, call_id, "\n".join(text for _, _, text in said)


def _add(index: sqlite3.Connection, batch: Sequence[Doc]) -> None:
    """Read some transcripts, in one transaction."""
    index.execute("begin")
    for stamp, call_id, text in batch:
        added = index.execute("insert into docs (stamp, call_id) values (?, ?)", (stamp, call_id))
        index.execute("insert into said (rowid, text) values (?, ?)", (added.lastrowid, text))
    index.execute("commit")
