"""Loading into the store: each call in one transaction, each file with its record, everything once.

Whatever the order in which recordings, transcripts and queue logs arrive, the store ends the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa

from models.privacy.erased import NO_PATH, REFUSED, remembered
from models.privacy.terms import Terms
from models.privacy.withdrawing import any_unwilling, withdraw
from models.records import InputFile, Recording, RefusedRow, Transcript, Turn
from models.settings import Settings
from models.store import Store, first_row, query

MAX_RAW = 2_000
"""Longest piece of refused text that is kept, in characters."""

WORDS = pa.list_(
    pa.struct(
        [("word", pa.string()), ("start_s", pa.float32()), ("end_s", pa.float32()), ("probability", pa.float32())]
    )
)
TURNS = pa.schema(
    [
        ("call_id", pa.string()), ("turn_no", pa.int32()), ("speaker", pa.string()), ("start_s", pa.float64()),
        ("end_s", pa.float64()), ("text", pa.string()), ("confidence", pa.float64()), ("words", WORDS),
    ]
)  # fmt: skip
TRANSCRIPTS = pa.schema(
    [
        ("call_id", pa.string()), ("origin", pa.string()), ("recording_id", pa.string()), ("file_path", pa.string()),
        ("language", pa.string()), ("language_probability", pa.float64()), ("model", pa.string()),
        ("is_demonstration", pa.bool_()), ("turn_count", pa.int32()), ("word_count", pa.int32()),
        ("mean_confidence", pa.float64()), ("started_at", pa.timestamp("us", "UTC")), ("queue", pa.string()),
        ("agent_id", pa.string()), ("customer_id", pa.string()), ("direction", pa.string()),
        ("duration_s", pa.float64()), ("consent", pa.bool_()), ("loaded_at", pa.timestamp("us", "UTC")),
    ]
)  # fmt: skip

REDACTIONS = pa.schema([("call_id", pa.string()), ("kind", pa.string()), ("count", pa.int32())])


class Loader:
    """The one writer of the store."""

    def __init__(self, settings: Settings) -> None:
        self.store = Store(settings)

    def known_recordings(self) -> dict[str, str]:
        """recording_id -> path of every recording in the store."""
        with self.store.writing() as con:
            return dict(con.execute("select recording_id, path from recordings").fetchall())

    def load_recording(self, file: InputFile, recording: Recording, transcript: Transcript | None) -> None:
        """Store one recording with its transcript, in one transaction. The same recording twice changes nothing."""
        with self.store.writing() as con:
            if self.was_erased(con, recording):
                (self.store.root / (recording.audio_path or "none")).unlink(missing_ok=True)
                record_file(
                    con, replace(file, path=NO_PATH, status="refused", reason=REFUSED, rows_loaded=0, rows_refused=1)
                )
                return
            record_file(con, file)
            sql = "select count(*) from recordings where recording_id = ?"
            if one(con.execute(sql, [recording.recording_id])):
                return
            call_id, link = find_call(con, recording)
            insert_recording(con, recording, call_id, link)
            if transcript is not None and speaks_for(con, call_id, recording):
                put_transcripts(con, [(transcript, call_id, recording.recording_id, None)])
            touch(con, [call_id])
            self.finish(con)

    def load_transcripts(
        self, file: InputFile, transcripts: Sequence[Transcript], rows: Sequence[RefusedRow] = ()
    ) -> None:
        """Store transcripts that were brought along, in one transaction; the last one of a call wins."""
        with self.store.writing() as con:
            record_file(con, file)
            record_refused(con, rows)
            erased = remembered(con, self.store.settings)
            latest = {
                t.call_id: t
                for t in transcripts
                if not erased.holds(("customer", t.metadata.customer_id), ("call", t.call_id))
            }
            put_transcripts(con, [(t, t.call_id, None, file.path) for t in latest.values()])
            touch(con, latest)
            self.finish(con)

    def refuse(self, file: InputFile, rows: Sequence[RefusedRow] = ()) -> None:
        """Keep and list a file that was not loaded, with its refused rows; a duplicate is listed as a file only."""
        whole = [] if file.status == "duplicate" else [RefusedRow(file.path, 0, file.reason or "refused", "")]
        with self.store.writing() as con:
            record_file(con, file)
            record_refused(con, rows or whole)

    def was_erased(self, con: duckdb.DuckDBPyConnection, recording: Recording) -> bool:
        """Whether a recording, its call or its customer was erased from this store."""
        said = recording.metadata
        items = (("recording", recording.recording_id), ("call", said.call_id), ("customer", said.customer_id))
        return remembered(con, self.store.settings).holds(*items)

    def finish(self, con: duckdb.DuckDBPyConnection) -> None:
        """Refresh ``calls`` for the ids in temp table touched_calls, and link recordings that now find their call."""
        con.execute("create temp table if not exists touched_calls (call_id varchar)")
        forget_again(con, self.store.settings)
        link_recordings(con)
        if any_unwilling(con):
            withdraw(con, self.store)
        con.execute("delete from calls where call_id in (select call_id from touched_calls)")
        con.execute(f"insert into calls by name from ({query('refresh_calls')}) order by started_at")
        con.execute("drop table touched_calls")


def forget_again(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Take erased customers out of what a queue log has just brought again: their calls keep figures alone."""
    erased = remembered(con, settings)
    if not erased.hashes:
        return
    touched = "call_id in (select call_id from touched_calls)"
    known = con.execute(f"select distinct customer_id from queue_visits where customer_id is not null and {touched}")  # noqa: S608
    for customer in [str(row[0]) for row in known.fetchall() if erased.holds(("customer", str(row[0])))]:
        forget_customer(con, customer)


def forget_customer(con: duckdb.DuckDBPyConnection, customer: str) -> None:
    """Take a customer's id out of stays, events and refused rows; events that are then told twice stay once."""
    terms = Terms((customer,), NO_PATH)
    names = ["data1", "data2", "data3", "data4", "data5"]
    calls = "call_id in (select call_id from queue_visits where customer_id = $customer)"
    for pattern, replacement in terms.patterns or [("^" + re.escape(customer) + "$", NO_PATH)]:
        given = {"pattern": pattern, "new": replacement}
        columns = ", ".join(f"{n} = regexp_replace({n}, $pattern, $new, 'g')" for n in names)
        con.execute(f"update queue_events set {columns} where {calls}", {**given, "customer": customer})  # noqa: S608
        con.execute(
            "update rejected_rows set raw = regexp_replace(raw, $pattern, $new, 'g') where regexp_matches(raw, $pattern)",
            given,
        )
    same = "call_id, event_at, queue, agent_id, event, " + ", ".join(names)
    con.execute(
        f"delete from queue_events where {calls} and rowid not in (select min(rowid) from queue_events group by {same})",  # noqa: S608
        {"customer": customer},
    )
    con.execute("update queue_visits set customer_id = null where customer_id = $customer", {"customer": customer})


def one(result: duckdb.DuckDBPyConnection) -> Any:
    """The single value of a result, or None."""
    row = first_row(result)
    return row[0] if row else None


def touch(con: duckdb.DuckDBPyConnection, call_ids: Iterable[str]) -> None:
    """Name the calls whose row in ``calls`` must be made again."""
    con.execute("create temp table if not exists touched_calls (call_id varchar)")
    insert(con, "touched_calls", pa.table({"call_id": pa.array(call_ids, pa.string())}))


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """Append Arrow rows to one of our tables, matched by column name."""
    if rows.num_rows:
        con.register("incoming", rows)
        con.execute(f"insert into {table} by name select * from incoming")  # noqa: S608 - our own names
        con.unregister("incoming")


def record_file(con: duckdb.DuckDBPyConnection, file: InputFile) -> None:
    """Keep what became of an input file; looked at again, its row is replaced, unless it is the same."""
    same = (
        "select count(*) from ingest_files where path = ? and sha256 = ? and status = ? "
        "and reason is not distinct from ? and rows_loaded = ? and rows_refused = ?"
    )
    if one(con.execute(same, [file.path, file.sha256, file.status, file.reason, file.rows_loaded, file.rows_refused])):
        return
    con.execute("delete from ingest_files where path = ? and sha256 = ?", [file.path, file.sha256])
    con.execute(
        "insert into ingest_files values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [file.path, file.kind, file.sha256, file.size_bytes, file.status, file.reason,
         file.rows_loaded, file.rows_refused, datetime.now(UTC)],
    )  # fmt: skip


def record_refused(con: duckdb.DuckDBPyConnection, rows: Sequence[RefusedRow]) -> None:
    """Keep refused rows, each once."""
    if not rows:
        return
    table = pa.table(
        {
            "source": pa.array([r.source for r in rows], pa.string()),
            "line_no": pa.array([r.line_no for r in rows], pa.int64()),
            "reason": pa.array([r.reason for r in rows], pa.string()),
            "raw": pa.array([r.raw[:MAX_RAW] for r in rows], pa.string()),
        }
    )
    con.register("incoming", table)
    con.execute(
        "insert into rejected_rows select distinct i.*, cast(? as timestamptz) from incoming i anti join rejected_rows r "
        "using (source, line_no, reason, raw)",
        [datetime.now(UTC)],
    )
    con.unregister("incoming")


def find_call(con: duckdb.DuckDBPyConnection, recording: Recording) -> tuple[str, str]:
    """(call_id, how it was found) of a recording: by telephony id, bridged id, or agent and time."""
    given = recording.metadata
    rows = con.execute(query("find_call"), [given.call_id, given.agent_id, given.started_at]).fetchall()
    if rows:
        return str(rows[0][0]), str(rows[0][1])
    return given.call_id or f"rec-{recording.recording_id[:16]}", "recording only"


def link_recordings(con: duckdb.DuckDBPyConnection) -> None:
    """Give recordings that stood alone the call that a queue log now knows; their transcripts move with them."""
    con.execute("create or replace temp table moved as " + query("link_recordings"))
    if one(con.execute("select count(*) from moved")):
        con.execute("create or replace temp table settled as " + query("settle_transcripts"))
        con.execute(
            "update recordings set call_id = m.call_id, link = m.link from moved m "
            "where recordings.recording_id = m.recording_id"
        )
        for table in ("turns", "redactions", "transcripts"):
            con.execute(f"delete from {table} where call_id in (select holder from settled where not keeps)")  # noqa: S608
            con.execute(
                f"update {table} set call_id = s.target from settled s "  # noqa: S608
                f"where {table}.call_id = s.holder and s.keeps and s.target <> s.holder"
            )
        con.execute(
            "insert into touched_calls select call_id from moved union select old_call_id from moved "
            "except select call_id from touched_calls"
        )
        con.execute("drop table settled")
    con.execute("drop table moved")


def insert_recording(con: duckdb.DuckDBPyConnection, recording: Recording, call_id: str, link: str) -> None:
    """One row of ``recordings``."""
    said, heard = recording.metadata, recording.measures
    row = {
        "recording_id": recording.recording_id, "call_id": call_id, "link": link, "path": recording.path,
        "audio_path": recording.audio_path, "size_bytes": recording.size_bytes, "format": recording.format,
        "sample_rate_hz": recording.sample_rate_hz, "channels": recording.channels, "layout": recording.layout,
        "agent_channel": recording.agent_channel, "agent_channel_source": recording.agent_channel_source,
        "metadata_source": said.source, "given_call_id": said.call_id, "started_at": said.started_at,
        "queue": said.queue, "agent_id": said.agent_id, "customer_id": said.customer_id,
        "direction": said.direction, "language": said.language, "duration_s": heard.duration_s,
        "agent_talk_s": heard.agent_talk_s, "customer_talk_s": heard.customer_talk_s, "silence_s": heard.silence_s,
        "longest_silence_s": heard.longest_silence_s, "overlap_s": heard.overlap_s,
        "agent_interruptions": heard.agent_interruptions, "customer_interruptions": heard.customer_interruptions,
        "consent": said.consent, "waveform": [list(lane) for lane in recording.waveform], "loaded_at": datetime.now(UTC),
    }  # fmt: skip
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    con.execute(f"insert into recordings ({names}) values ({marks})", list(row.values()))  # noqa: S608


def speaks_for(con: duckdb.DuckDBPyConnection, call_id: str, recording: Recording) -> bool:
    """Whether this recording's transcript is its call's: a brought file wins, then the longest recording."""
    sql = (
        "select r.duration_s, r.recording_id, t.origin from transcripts t "
        "left join recordings r on r.recording_id = t.recording_id where t.call_id = ?"
    )
    row = first_row(con.execute(sql, [call_id]))
    if row is None:
        return True
    mine = (recording.measures.duration_s, recording.recording_id)
    return row[2] == "recording" and mine > (row[0] or 0.0, row[1] or "")


Labelled = tuple[Transcript, str, str | None, str | None]
"""(transcript, call_id, recording_id, file path)"""


def put_transcripts(con: duckdb.DuckDBPyConnection, labelled: Sequence[Labelled]) -> None:
    """Store transcripts with their turns, in place of those that their calls had."""
    ids = pa.table({"call_id": pa.array([call_id for _, call_id, _, _ in labelled], pa.string())})
    con.register("replaced", ids)
    if one(con.execute("select count(*) from transcripts semi join replaced using (call_id)")):
        for table in ("transcripts", "turns", "redactions"):
            con.execute(f"delete from {table} where call_id in (select call_id from replaced)")  # noqa: S608
    con.unregister("replaced")
    insert(con, "transcripts", pa.Table.from_pylist([transcript_row(*item) for item in labelled], TRANSCRIPTS))
    turns = [turn_row(call_id, n, t) for tr, call_id, _, _ in labelled for n, t in enumerate(tr.turns, 1)]
    insert(con, "turns", pa.Table.from_pylist(turns, TURNS))
    taken = [{"call_id": i, "kind": kind, "count": n} for tr, i, _, _ in labelled for kind, n in tr.redacted]
    insert(con, "redactions", pa.Table.from_pylist(taken, REDACTIONS))


def transcript_row(
    transcript: Transcript, call_id: str, recording_id: str | None, file_path: str | None
) -> dict[str, Any]:
    """One row of ``transcripts``."""
    said, turns = transcript.metadata, transcript.turns
    confident = [t.confidence for t in turns if t.confidence is not None]
    ends = [t.end_s for t in turns if t.end_s is not None]
    return {
        "call_id": call_id, "origin": transcript.origin, "recording_id": recording_id, "file_path": file_path,
        "language": transcript.language, "language_probability": transcript.language_probability,
        "model": transcript.model, "is_demonstration": transcript.is_demonstration, "turn_count": len(turns),
        "word_count": sum(len(t.text.split()) for t in turns),
        "mean_confidence": sum(confident) / len(confident) if confident else None,
        "started_at": said.started_at, "queue": said.queue, "agent_id": said.agent_id,
        "customer_id": said.customer_id, "direction": said.direction, "consent": said.consent, "duration_s": max(ends, default=None),
        "loaded_at": datetime.now(UTC),
    }  # fmt: skip


def turn_row(call_id: str, turn_no: int, turn: Turn) -> dict[str, Any]:
    """One row of ``turns``."""
    words = [{"word": w.word, "start_s": w.start_s, "end_s": w.end_s, "probability": w.probability} for w in turn.words]
    return {
        "call_id": call_id, "turn_no": turn_no, "speaker": turn.speaker, "start_s": turn.start_s,
        "end_s": turn.end_s, "text": turn.text, "confidence": turn.confidence, "words": words or None,
    }  # fmt: skip
