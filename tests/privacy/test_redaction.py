"""What people say in confidence is gone before anything is written; everything else stays as it was said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.spoken_secrets import cases
from ingest.loader import Loader
from ingest.transcripts import read_transcripts
from models.errors import SettingsError
from models.records import InputFile, RefusedRow, Transcript, Turn, Word
from models.redaction import counts, muted, redact, redact_text, redact_transcript, wanted
from models.redaction.refused import redact_json, redact_row
from models.setting_checks import REDACTED
from models.settings import Settings, load
from models.store import first_row

ALL = wanted(Settings())


def said(*lines: str) -> list[Turn]:
    """Turns of agent and customer in turn."""
    return [Turn(("agent", "customer")[n % 2], None, None, text) for n, text in enumerate(lines)]  # type: ignore[arg-type]


def texts(*lines: str) -> list[str]:
    """The lines after redaction."""
    return [t.text for t in redact(said(*lines), ALL)[0]]


@pytest.mark.parametrize(
    ("question", "answer", "left"),
    [
        ("Card number?", "4242 4242 4242 4242.", "[card number]."),
        ("Hello?", "My card is 4242-4242-4242-4242, ok?", "My card is [card number], ok?"),
        (
            "Hello?",
            "It's four triple zero double zero double oh double zero double oh double zero oh two",
            "It's [card number]",
        ),
        (
            "Le numéro de carte ?",
            "quarante-deux quarante-deux, 4242 4242, quarante-deux quarante-deux",
            "[card number]",
        ),
        ("Card number?", "four two four two uh four two four two then four two four three", "[card number]"),
        ("The CVV?", "It's one two three.", "It's [security code]."),
        ("And your IBAN?", "G B eight two WEST 1 2 3 4 5 6 9 8 7 6 5 4 3 2.", "[bank account]."),
        ("Yes?", "FR14 2004 1010 0505 0001 3M02 606 is the account", "[bank account] is the account"),
        ("Votre numéro de sécu ?", "un, quatre-vingt-cinq, zéro cinq, soixante-dix-huit", "[national id]"),
        ("Yes?", "My number is AB 12 34 56 C.", "My number is [national id]."),
        ("What's your password?", "It's blue tiger.", "It's [password]."),
        ("Donnez-moi votre code secret.", "Oui, c'est quatre deux un neuf.", "Oui, c'est [password]."),
        ("Hello?", "Write to anna dot berg at example dot org, please.", "Write to [e-mail], please."),
        ("Votre mail ?", "julie point roche arobase example point fr", "[e-mail]"),
        ("Your number?", "oh seven seven double oh nine double oh one two three", "[phone]"),
        ("Card number?", "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", "[card number]"),
    ],
)
def test_a_secret_goes(question: str, answer: str, left: str) -> None:
    """A number told by its check digits or asked for leaves a mark, however it is read out; its digits are gone."""
    assert texts(question, answer)[1] == left


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What's your order number?", "1234 5678."),
        ("The last four digits of the card?", "4242."),
        ("How much was it?", "Two hundred and fifty pounds, or 250.00."),
        ("When?", "On 12/03/2026 at ten fifteen."),
        ("Have you tried resetting your password?", "Yes, twice, but the password is wrong."),
        ("Account number, please.", "It's 34836."),
        ("Hello?", "My bank account was debited 1,250.00 on 12/03/2026 and 350 on 2026-03-13."),
        ("Hello?", "On my phone bill I see 12.50 on 3 March 2026, 14.50 on 4 April 2026."),
        ("Bonjour ?", "Ma carte SIM ne marche plus depuis le 12 03 2026, 25 jours, 49 euros."),
        ("Serial number?", "SN 8820 4471 9923 1105"),
        ("What's your customer account number?", "1029 3847 56."),
        ("Hello?", "I rang on my mobile at 9:15, 10:45, 11:20 and 12:05."),
        ("And then?", "I rang four times in two weeks, one of them for an hour."),
        ("Et alors ?", "J'ai attendu vingt-cinq minutes pour un colis."),
    ],
)
def test_what_is_no_secret_stays(question: str, answer: str) -> None:
    """Order numbers, prices, dates and talk about passwords are left as they were said."""
    assert texts(question, answer) == [question, answer]


def test_a_number_over_two_turns_is_one() -> None:
    """A card read out in two goes leaves a mark in each turn, and counts once; the agent's repetition goes, too."""
    turns, spans = redact(
        said(
            "The card number?",
            "It's four two four two four two four two",
            "Four two four two, yes, and then?",
            "4242 4242.",
        ),
        ALL,
    )
    assert [t.text for t in turns][1:] == ["It's [card number]", "[card number], yes, and then?", "[card number]."]
    assert dict(counts(spans))["card_number"] <= 2


def test_words_and_times() -> None:
    """The words of a secret become one with its times; these, and a little around them, are silenced."""
    words = tuple(Word(w, float(n), n + 0.5, 0.9) for n, w in enumerate(["pin", "is", "4", "2", "1", "9", "ok"]))
    (turn,), spans = redact([Turn("customer", 0.0, 6.5, "My pin is 4 2 1 9 ok"[3:], 0.9, words)], ALL)
    assert (turn.text, [w.word for w in turn.words]) == ("pin is [password] ok", ["pin", "is", "[password]", "ok"])
    assert (turn.words[2].start_s, turn.words[2].end_s) == (2.0, 5.5)
    assert muted(spans) == [(pytest.approx(1.85), pytest.approx(5.75))]


def test_words_that_are_not_those_of_the_text_are_left_out() -> None:
    """Words brought along that say something else than the text were never looked through."""
    strange = Turn("customer", 0.0, 1.0, "Hello.", None, (Word("4242424242424242", 0.0, 1.0, 1.0),))
    assert redact([strange], ALL)[0][0].words == ()


def test_only_what_the_setting_lists() -> None:
    """A kind that the setting leaves out stays; an unknown kind is refused with a sentence."""
    turns = said("Your number?", "06 12 34 56 78, and my card is 4242 4242 4242 4242")
    some = wanted(replace(Settings(), redact="card_number"))
    assert redact(turns, some)[0][1].text == "06 12 34 56 78, and my card is [card number]"
    assert redact(turns, wanted(replace(Settings(), redact="")))[0] == tuple(turns)
    with pytest.raises(SettingsError, match="shoe size"):
        load({"EARSHOT_REDACT": "shoe size"}, Path("none"))
    assert set(Settings().redacted_kinds) == set(REDACTED)


@pytest.mark.parametrize("half", ["development", "apart"])
def test_generated_calls(half: str) -> None:
    """Of the values of the generated calls nearly none is left; of the harmless numbers nearly all are."""
    missed, wrong, values = 0, 0, 0
    for case in (c for c in cases(seed=8, each=10, harmless=80) if c.half == half):
        _, spans = redact(case.turns, ALL)
        wrong += bool(spans) and case.kind == "none"
        values += case.kind != "none"
        missed += any(s.turn not in {p.turn for p in spans} for s in case.secrets)
    assert (missed <= values * 0.05, wrong <= 2) == (True, True)


@given(st.lists(st.tuples(st.sampled_from(["agent", "customer", "unknown"]), st.text(max_size=60)), max_size=6))
def test_any_text_at_all(lines: list[tuple[str, str]]) -> None:
    """Whatever is said, the turns keep their number, speakers and times, and a second pass finds nothing to change."""
    turns = [Turn(who, 1.0, 2.0, text) for who, text in lines]  # type: ignore[arg-type]
    once, _ = redact(turns, ALL)
    assert [(t.speaker, t.start_s, t.end_s) for t in once] == [(t.speaker, t.start_s, t.end_s) for t in turns]
    assert [t.text for t in redact(once, ALL)[0]] == [t.text for t in once]


def test_refused_text_keeps_no_number() -> None:
    """Nobody knows who says what in a line that can't be read: each number of four digits and more goes."""
    raw = '{"turns": [{"text": "card number?"}, {"text": "four two four two"}, {"text": "12 34 and mail a@b.com'
    left = redact_text(raw, ALL)
    assert "four two" not in left and "12 34" not in left and "a@b.com" not in left and "card number?" in left


def test_ids_and_times_of_refused_lines_stay() -> None:
    """Whoever mends a refused line finds its call, day and time in it; the card in its text is gone."""
    raw = (
        '{"call_id": "1768387425.7178", "started_at": "2026-03-02T09:14:05+01:00", "customer_id": "0199001011", "turns": '
        '[{"text": "On 12/03/2026 I paid with 4242 4242 4242 4242", "start_s": 1234.56}, {"text": 7}]}'
    )
    left = redact_json(raw, ALL)
    assert left == raw.replace("4242 4242 4242 4242", "[card number]")


def test_refused_lines_are_read_as_calls() -> None:
    """In a refused line, too, an answer to a question for a password goes, and no word of it is left word by word."""
    words = [{"word": w, "start_s": n, "end_s": n} for n, w in enumerate(["four", "two", "four", "two"])]
    turns = [
        {"text": "What is your password?"},
        {"text": "It's blue tiger."},
        {"text": "The CVV?"},
        {"text": "one two three", "words": words},
    ]
    left = redact_json(json.dumps({"call_id": "1", "turns": turns})[:-3], ALL)
    assert not [w for w in ("tiger", "two", "three", "four") if w in left]


@given(
    st.sampled_from(["call_id", "text", "words", "started_at", "x"]), st.sampled_from(["", " ", '"', "}", "\\", ","]), st.text(max_size=30)
)  # fmt: skip
def test_no_card_in_words_of_a_refused_line(key: str, before: str, around: str) -> None:
    """However a refused line is broken, the card number that its text holds is not kept."""
    raw = '{"' + key + '": "' + around + '", "text": "' + before + " 4242 4242 4242 4242 " + around
    assert "4242 4242" not in redact_json(raw, ALL)


@pytest.mark.parametrize(
    ("raw", "cells", "left"),
    [
        ("177.1,06 12 34 56 78,02/03/2026 14:05,bad: 4219", ["177.1", "06 12 34 56 78", "02/03/2026 14:05"], "177.1,06 12 34 56 78,02/03/2026 14:05,bad: [card number]"),
        ("1,my card,4242 4242 4242 4242", ["1", "4242 4242 4242 4242"], "1,my card,[card number]"),
        ("pin 4219,1", ["pin 4219"], "pin [card number]"),
    ],
)  # fmt: skip
def test_own_cells_of_refused_lines_stay(raw: str, cells: list[str], left: str) -> None:
    """Ids, telephone numbers and times in their own columns stay; a secret that slipped into one does not."""
    assert redact_row(raw, cells, ALL) == left


def test_nothing_reaches_the_store(settings: Settings, tmp_path: Path) -> None:
    """A card number in a transcript file, in a good line and in a refused one, is in no file of the store."""
    call = {
        "call_id": "1",
        "turns": [{"speaker": "agent", "text": "Card?"}, {"speaker": "customer", "text": "4242 4242 4242 4242"}],
    }
    path = tmp_path / "calls.jsonl"
    path.write_text(json.dumps(call) + '\n{"call_id": "2", "turns": [{"text": "4242 4242 4242 4242"}], broken\n')
    items = list(read_transcripts(path, settings))
    good = [i for i in items if isinstance(i, Transcript)]
    rows = [i for i in items if isinstance(i, RefusedRow)]
    assert (len(good), len(rows), good[0].redacted) == (1, 1, (("card_number", 1),))
    loader = Loader(settings)
    loader.load_transcripts(InputFile(str(path), "transcript", "s", 1, "partly_refused"), good, rows)
    with loader.store.writing() as con:
        assert con.execute("select * from redactions").fetchall() == [("1", "card_number", 1)]
        assert first_row(con.execute("select text from turns where turn_no = 2")) == ("[card number]",)
    loader.load_transcripts(InputFile(str(path), "transcript", "s", 1, "partly_refused"), good, rows)
    with loader.store.writing() as con:
        assert con.execute("select * from redactions").fetchall() == [("1", "card_number", 1)]
    assert all(b"4242" not in f.read_bytes() for f in settings.data.rglob("*") if f.is_file())


def test_a_transcript_carries_its_counts() -> None:
    """The number taken out, by kind, travels with the transcript; nothing else of it is kept."""
    done = redact_transcript(Transcript("1", "file", "en", tuple(said("PIN please?", "4219"))), ALL)
    assert (done.redacted, done.turns[1].text) == ((("password", 1),), "[password]")
