"""Speaks the scripts: stereo recordings with sidecars, and `reference.jsonl`, the words with their true times."""

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np

from tools.sample.plan import SAMPLE_DIR, PlannedCall, moment, seeded, settings, unique_id
from tools.sample.scripts import SPEAKERS, Script, read_scripts
from tools.sample.voices import RATE_HZ, line_noise, mu_law, person, speak

TAIL_S = 0.7
CODECS = {
    ".ogg": ("libopus", {"b": "26000", "application": "voip"}),
    ".mp3": ("libmp3lame", {"b": "32000", "joint_stereo": "0"}),
    ".m4a": ("aac", {"b": "32000", "aac_ms": "0", "aac_is": "0"}),
    ".wav": ("pcm_mulaw", {}),
}
SUFFIXES = {
    "charged-twice-hold-thanked": ".mp3",
    "parcel-options": ".mp3",
    "internet-evening-checked": ".m4a",
    "reset-email-routine": ".wav",
}
OTHER_NAMES = {
    "charged-twice-hold-thanked": "{stamp}_{phone}_{queue}_{name}",
    "internet-evening-checked": "{queue}_CUST_{phone}_GUID_{call_id}_AGENT_{name}_DT_{dashed}",
}


@dataclass(frozen=True)
class Spoken:
    """A call as sound (samples × 2 at 8 kHz, agent left) with its turns (speaker, start_s, end_s, text)."""

    sound: np.ndarray
    turns: list[dict]

    @property
    def duration_s(self) -> float:
        """Length of the recording in seconds."""
        return len(self.sound) / RATE_HZ


def _speak_turn(text: str, who, rng) -> np.ndarray:
    """A turn spoken sentence by sentence, with short pauses between the sentences."""
    parts: list[np.ndarray] = []
    for sentence in re.split(r"(?<=[.?!]) ", text):
        if parts:
            parts.append(np.zeros(round(rng.uniform(0.25, 0.5) * RATE_HZ), np.float32))
        parts.append(speak(sentence, who))
    return np.concatenate(parts)


def speak_script(script: Script) -> Spoken:
    """Speak all turns of a script, one channel a party, with line noise on both."""
    rng = seeded(f"speak {script.call}")
    people = {
        "agent": person(script.agent, script.voices["agent"]),
        "customer": person(script.customer, script.voices["customer"]),
    }
    pieces, turns, now_s = [], [], 0.4 + rng.random()
    for number, turn in enumerate(script.turns):
        gap_s = rng.uniform(0.3, 0.8) if turn.gap_s is None else turn.gap_s
        start_s = now_s + gap_s if number else now_s
        sound = _speak_turn(turn.text, people[turn.speaker], rng)
        pieces.append((SPEAKERS.index(turn.speaker), round(start_s * RATE_HZ), sound))
        now_s = start_s + len(sound) / RATE_HZ
        turns.append(
            {"speaker": turn.speaker, "start_s": round(start_s, 2), "end_s": round(now_s, 2), "text": turn.text}
        )
    length = max(begin + len(sound) for _, begin, sound in pieces) + round(TAIL_S * RATE_HZ)
    return Spoken(_mix(pieces, length, script), turns)


def _mix(pieces: list[tuple[int, int, np.ndarray]], length: int, script: Script) -> np.ndarray:
    """Lay the spoken pieces (channel, first sample, sound) into a stereo call of `length` samples."""
    noise = np.random.default_rng(seeded(f"noise {script.call}").getrandbits(32))
    stereo = np.stack([line_noise(length, noise) for _ in SPEAKERS], axis=1)
    for channel, begin, sound in pieces:
        level = 10 ** (script.levels_db[SPEAKERS[channel]] / 20)
        stereo[begin : begin + len(sound), channel] += level * sound
    return mu_law(stereo)


def write_audio(sound: np.ndarray, path: Path) -> None:
    """Encode samples × 2 at 8 kHz; the codec follows the suffix of `path`, parties never share a channel."""
    codec, options = CODECS[path.suffix]
    options = dict(options)
    bit_rate = int(options.pop("b", 0))
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(codec, rate=RATE_HZ, layout="stereo", options=options)
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        if bit_rate:
            stream.bit_rate = bit_rate
        samples = np.ascontiguousarray((np.clip(sound, -1, 1) * 32767).astype(np.int16)).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = RATE_HZ, 0
        for packet in stream.encode(frame) + stream.encode(None):
            container.mux(packet)


def planned(script: Script, duration_s: float) -> PlannedCall:
    """The place of a recorded call in the sample."""
    entered_at = moment(script.when.week, script.when.day, script.when.time)
    return PlannedCall(
        unique_id(entered_at),
        entered_at,
        script.queue,
        script.agent,
        script.customer,
        script.when.wait_s,
        round(duration_s),
    )


def planned_recordings(sample_dir: Path = SAMPLE_DIR) -> list[PlannedCall]:
    """The recorded calls in the order of their scripts, with the lengths of the recordings already written."""
    lines = (sample_dir / "reference.jsonl").read_text(encoding="utf-8").splitlines()
    ends = {call["call_id"]: max(turn["end_s"] for turn in call["turns"]) for call in map(json.loads, lines)}
    calls = [planned(script, 0.0) for script in read_scripts()]
    return [replace(call, talk_s=round(ends[call.call_id] + TAIL_S)) for call in calls]


def file_name(script: Script, call: PlannedCall) -> str:
    """A name as telephone systems give it: FreePBX, for a few calls VICIdial or AWS Post Call Analytics."""
    pattern = OTHER_NAMES.get(script.call, "q-{queue}-{phone}-{stamp}-{call_id}")
    stem = pattern.format(
        queue=call.queue,
        phone=call.customer.replace("+33", "0"),
        call_id=call.call_id,
        stamp=f"{call.entered_at:%Y%m%d-%H%M%S}",
        dashed=f"{call.entered_at:%Y-%m-%dT%H-%M-%S}",
        name=call.agent.removeprefix("Agent/"),
    )
    return stem + SUFFIXES.get(script.call, ".ogg")


def _sidecar(call: PlannedCall) -> dict:
    """What the telephone system knows about a recording."""
    return {
        "call_id": call.call_id,
        "started_at": call.entered_at.isoformat(),
        "queue": call.queue,
        "agent_id": call.agent,
        "customer_id": call.customer,
        "direction": "inbound",
        "language": settings()["language"],
        "agent_channel": 0,
    }


def write_recordings(out_dir: Path = SAMPLE_DIR) -> None:
    """Write `recordings/` and `reference.jsonl`, in the order in which the calls took place."""
    folder = out_dir / "recordings"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = []
    for script in read_scripts():
        spoken = speak_script(script)
        call = planned(script, spoken.duration_s)
        path = folder / file_name(script, call)
        write_audio(spoken.sound, path)
        sidecar = _sidecar(call)
        path.with_suffix(".json").write_text(json.dumps(sidecar, indent=2) + "\n", encoding="utf-8")
        head = {key: sidecar[key] for key in ("call_id", "started_at", "queue", "agent_id", "customer_id", "language")}
        lines.append((call.entered_at, json.dumps(head | {"turns": spoken.turns}, ensure_ascii=False)))
        print(f"{path.name}  {spoken.duration_s:.0f} s", flush=True)
    text = "".join(line + "\n" for _, line in sorted(lines))
    (out_dir / "reference.jsonl").write_text(text, encoding="utf-8")
