"""The optional remote judge: off by default, quotes checked, nonsense and silence harmless."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ingest.remote_judge import RemoteJudge
from models.errors import SettingsError
from models.judging.engine import judge
from models.judging.records import CallSaid, CriterionResult, SaidTurn
from models.judging.scorecard import load
from models.settings import Settings

SAID = ("Good morning, how can I help you?", "My parcel never came and I am angry.", "What is your account number?")
CALL = CallSaid("c", tuple(SaidTurn(n, ("customer", "agent")[n % 2], t) for n, t in enumerate(SAID, 1)), "en")  # type: ignore[arg-type]
QUOTE = {"turn_no": 3, "quote": "What is your account number?", "points": "against"}


def verdict(**changes: Any) -> dict[str, Any]:
    """A verdict that holds, with changes."""
    return {"criterion": "control", "result": "not_met", "score": 0.2, "evidence": [QUOTE], **changes}


@contextmanager
def serving(answer: Callable[[dict[str, Any]], bytes]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that speaks the protocol: (address, requests it got)."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append({"path": self.path, "key": self.headers["Authorization"], "body": body})
            reply = answer(body)
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(reply)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def chat(*verdicts: Any) -> bytes:
    """An answer in the form of the protocol."""
    content = json.dumps({"verdicts": list(verdicts)})
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def judged(reply: bytes, timeout_s: float = 5.0) -> CriterionResult:
    """The verdict on ``control`` after a remote judge replied so."""
    card = load()
    with serving(lambda _: reply) as (url, _):
        judgement = RemoteJudge(url, "m", timeout_s).judge(CALL, judge(CALL, card), card)
    return next(r for r in judgement.results if r.criterion == "control")


def test_it_is_off_unless_an_address_is_set() -> None:
    """Without judge_url there is no remote judge; half a setting is refused with a sentence."""
    assert RemoteJudge.from_settings(Settings()) is None
    with pytest.raises(SettingsError, match="judge_model"):
        RemoteJudge.from_settings(Settings(judge_url="http://127.0.0.1:1/v1"))
    with pytest.raises(SettingsError, match="judge_url"):
        RemoteJudge.from_settings(Settings(judge_url="file:///etc/passwd", judge_model="m"))


def test_a_verdict_with_its_quote_counts_and_names_its_source() -> None:
    """The remote verdict takes the place of the scorecard's, and says who judged."""
    found = judged(chat(verdict()))
    assert (found.result, found.score, found.judge) == ("not_met", 0.2, "remote:m")
    assert found.evidence[0].quote == QUOTE["quote"]


def test_the_request_has_the_form_of_the_answer_and_the_key() -> None:
    """Criteria and turns go out as data, with the schema of the answer and the key from the environment."""
    card = load()
    with serving(lambda _: chat(verdict())) as (url, seen):
        remote = RemoteJudge.from_settings(Settings(judge_url=url, judge_model="m"), {"EARSHOT_JUDGE_API_KEY": "k"})
        assert remote is not None
        remote.judge(CALL, judge(CALL, card), card)
    (request,) = seen
    assert (request["path"], request["key"]) == ("/v1/chat/completions", "Bearer k")
    assert request["body"]["response_format"]["json_schema"]["strict"] is True
    assert len(json.loads(request["body"]["messages"][1]["content"])["turns"]) == 3


REFUSED = {
    "quote not in the transcript": chat(verdict(evidence=[{**QUOTE, "quote": "I do not care."}])),
    "quote in another turn": chat(verdict(evidence=[{**QUOTE, "turn_no": 1}])),
    "no quote": chat(verdict(evidence=[])),
    "score against the result": chat(verdict(score=0.9)),
    "score out of range": chat(verdict(score=-1)),
    "score is no number": chat(verdict(score="low")),
    "unknown result": chat(verdict(result="maybe")),
    "a list of nonsense": chat(3, None, {"criterion": []}),
    "no JSON": b"sorry, I can't",
    "not the protocol": b'{"hello": 1}',
    "nothing": b"",
    "deep nesting": b"[" * 100_000,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_hold_is_refused(name: str) -> None:
    """Invented quotes, contradictions and nonsense leave the scorecard's own verdict in place."""
    assert judged(REFUSED[name]).judge == "scorecard"


def test_a_judge_that_does_not_answer_is_not_waited_for() -> None:
    """After the time-out, or with nobody there, the scorecard's own judgement stands."""
    card = load()
    own = judge(CALL, card)
    asked = threading.Event()

    def later(_: dict[str, Any]) -> bytes:
        assert asked.wait(60)
        return b""

    with serving(later) as (url, _):
        assert RemoteJudge(url, "m", 0.2).judge(CALL, own, card) == own  # though nothing was answered yet
        asked.set()
    assert RemoteJudge("http://127.0.0.1:9/v1", "m", 1.0).judge(CALL, own, card) == own
