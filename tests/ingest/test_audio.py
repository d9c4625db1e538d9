"""Decoding: every format, whole, truncated and corrupt; channels; waveform."""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from sounds import FORMATS, TWO_PEOPLE, tones, write, write_as

from ingest import audio
from models.errors import Refused

HOURS = 6.0


def refusal(path: Path, hours: float = HOURS) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Refused) as error:
        audio.decode(path, hours)
    sentence = str(error.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_is_decoded(tmp_path: Path, suffix: str) -> None:
    """Six seconds of two channels come out as six seconds of two channels at 16 kHz, each with its own tone."""
    with audio.decode(write_as(tmp_path / f"x.{suffix}", suffix), HOURS) as sound:
        assert sound.channels == 2
        assert sound.duration_s == pytest.approx(6.0, abs=0.15)
        assert sound.flaw is None
        for channel, hertz in ((0, 300), (1, 430)):
            spectrum = np.abs(np.fft.rfft(sound.read(channel, 0, 64_000)))
            assert spectrum.argmax() * 16_000 / 64_000 == pytest.approx(hertz, abs=8)


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_that_ends_too_soon_is_loaded_as_far_as_it_goes(tmp_path: Path, suffix: str) -> None:
    """What can be decoded of a truncated file is kept, and it is said after how long it stops."""
    path = write_as(tmp_path / f"x.{suffix}", suffix, seconds=30)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    if suffix == "m4a":
        assert refusal(path).startswith("The file is cut short: its index")
        return
    with audio.decode(path, HOURS) as sound:
        assert 14 < sound.duration_s < 20
        assert sound.flaw == f"The recording is cut short after {round(sound.duration_s)} s."


@pytest.mark.parametrize("suffix", FORMATS)
def test_damage_in_the_middle_never_stops_it(tmp_path: Path, suffix: str) -> None:
    """Noise in the middle of a file costs that part at most; what is lost is said."""
    path = write_as(tmp_path / f"x.{suffix}", suffix, seconds=30)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + len(data) // 8] = os.urandom(len(data) // 8)
    path.write_bytes(data)
    with audio.decode(path, HOURS) as sound:
        assert sound.duration_s > 15
        assert sound.duration_s > 29 or (sound.flaw or "").endswith(".")


@pytest.mark.parametrize("suffix", FORMATS)
def test_noise_under_any_name_is_refused(tmp_path: Path, suffix: str) -> None:
    """Bytes that are no sound at all are refused in a sentence, whatever they are called."""
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(np.random.default_rng(3).bytes(50_000))
    assert refusal(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty (0 bytes)."),
        (b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0",
         "The file holds no sound (0.00 s could be decoded)."),
        (b"Hello, this is a letter.\n" * 100, "The file isn't sound that can be decoded"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
         "The file isn't sound that can be decoded"),
        (b"ffconcat version 1.0\nfile other.wav\n", "The file isn't sound that can be decoded"),
    ],
    ids=["empty", "44 bytes", "letter", "playlist", "concat script"],
)  # fmt: skip
def test_files_without_sound_say_what_they_are(tmp_path: Path, content: bytes, sentence: str) -> None:
    """Empty files, headers alone, letters, and scripts that would make the decoder open other files."""
    write_as(tmp_path / "other.wav", "wav", 1)
    path = tmp_path / "x.wav"
    path.write_bytes(content)
    assert refusal(path).startswith(sentence)


def test_a_recorder_that_streams_leaves_the_size_open(tmp_path: Path) -> None:
    """A WAV header with an unknown length is whole, not cut short."""
    path = write_as(tmp_path / "x.wav", "wav")
    data = bytearray(path.read_bytes())
    data[4:8] = struct.pack("<I", 0xFFFFFFFF)
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", 0xFFFFFFFF)
    path.write_bytes(data)
    with audio.decode(path, HOURS) as sound:
        assert (round(sound.duration_s), sound.flaw) == (6, None)


@pytest.mark.parametrize(("layout", "channels"), [("5.1", 6), ("7.1", 8), ("hexadecagonal", 16)])
def test_many_channels_are_refused(tmp_path: Path, layout: str, channels: int) -> None:
    """A call has one or two channels; a conference mix of eight can't be assigned to two people."""
    path = write(tmp_path / "x.wav", tones(0.5, 8000, channels), layout=layout)
    assert refusal(path) == f"The file has {channels} channels; a call has one or two."


def test_a_header_that_claims_absurd_channels_is_refused(tmp_path: Path) -> None:
    """A claim of 65,535 channels costs no memory."""
    head = b"RIFF" + struct.pack("<I", 60_000) + b"WAVEfmt " + struct.pack("<I", 16)
    head += struct.pack("<HHIIHH", 1, 65535, 8000, 8000, 65535, 16) + b"data" + struct.pack("<I", 59_000)
    path = tmp_path / "x.wav"
    path.write_bytes(head + bytes(59_000))
    assert refusal(path)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    """A small file that claims, or holds, more hours than allowed is refused in a sentence."""
    path = write(tmp_path / "x.flac", np.zeros((8000 * 60, 1), np.int16), "flac", "flac")
    assert refusal(path, hours=0.5 / 60) == "The recording is longer than 0.00833333 hours (setting max_recording_h)."
    streamed = write(tmp_path / "y.ogg", np.zeros((16_000 * 60, 1), np.int16), "ogg", "libopus", 16_000)
    assert "longer than" in refusal(streamed, hours=0.5 / 60)


def film(path: Path, with_sound: bool) -> Path:
    """A second of film."""
    with path.open("wb") as file, av.open(file, "w", format="mp4") as out:
        picture = out.add_stream("mpeg4", rate=5)
        picture.width = picture.height = 64
        picture.pix_fmt = "yuv420p"
        sound = out.add_stream("aac", rate=16_000, layout="mono") if with_sound else None
        for i in range(5):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), i * 40, np.uint8), format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, 5)
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        if sound is not None:
            samples = tones(1, 16_000, 1).reshape(1, -1)
            heard = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            heard.sample_rate, heard.pts = 16_000, 0
            out.mux(sound.encode(heard))
            out.mux(sound.encode(None))
    return path


def test_of_a_film_the_sound_is_taken(tmp_path: Path) -> None:
    """A film with sound is a recording; one without is refused and says so."""
    with audio.decode(film(tmp_path / "a.mp4", True), HOURS) as sound:
        assert (sound.channels, round(sound.duration_s)) == (1, 1)
    assert refusal(film(tmp_path / "b.mp4", False)) == "The file has no sound stream (a film without sound)."


@pytest.mark.parametrize("name", [b'it\'s "quoted".wav', b"two\nlines.wav", b"\xff\xfe.wav", b"http:x.wav", b"-i.wav"])
def test_odd_names_are_no_trouble(tmp_path: Path, name: bytes) -> None:
    """The decoder gets an open file: no name is an option, an address, or undecodable."""
    path = tmp_path / os.fsdecode(name)
    with audio.decode(write_as(path, "wav", 1), HOURS) as sound:
        assert round(sound.duration_s) == 1


def layout(tmp_path: Path, left: np.ndarray, right: np.ndarray, suffix: str = "wav") -> object:
    """The layout that two channels at 16 kHz are taken for."""
    pair = np.stack([left, right], axis=1).astype(np.int16)
    container, codec, _ = FORMATS[suffix]
    with audio.decode(write(tmp_path / "x", pair, container, codec, 16_000), HOURS) as sound:
        return audio.layout_of(sound)


def test_stereo_is_told_from_mono_in_disguise(tmp_path: Path) -> None:
    """Equal channels, also after a lossy codec or at another level, and an empty channel are one signal."""
    voices = tones(5, 16_000).astype(np.int32)
    mix = voices.sum(axis=1)
    assert layout(tmp_path, voices[:, 0], voices[:, 1]) == ("two_channel", [0, 1])
    assert layout(tmp_path, mix, mix) == ("false_stereo", [0])
    assert layout(tmp_path, mix // 2, mix) == ("false_stereo", [1])
    assert layout(tmp_path, mix, mix + tones(5, 16_000)[::-1, 0] // 30, "mp3") == ("false_stereo", [1])
    assert layout(tmp_path, mix, mix * 0) == ("false_stereo", [0])
    assert layout(tmp_path, mix * 0, mix * 0) == ("false_stereo", [0])


def test_one_channel_is_mono(tmp_path: Path) -> None:
    """Nothing to compare."""
    with audio.decode(write_as(tmp_path / "x.wav", "wav", 1, channels=1), HOURS) as sound:
        assert audio.layout_of(sound) == ("mono", [0])


def test_a_real_call_has_two_channels() -> None:
    """Half a minute of a real two-party call."""
    with audio.decode(TWO_PEOPLE, HOURS) as sound:
        assert audio.layout_of(sound) == ("two_channel", [0, 1])
        assert sound.duration_s == pytest.approx(30.0, abs=0.1)


def test_the_waveform_shows_where_it_is_loud(tmp_path: Path) -> None:
    """At most a thousand slices a lane, 0 to 255, at the loudest of each slice."""
    samples = np.zeros((16_000, 1), np.int16)
    samples[8_000:] = -32768
    with audio.decode(write(tmp_path / "x.wav", samples, rate=16_000), HOURS) as sound:
        (lane,) = audio.peaks(sound, [0])
        assert lane == (0,) * 500 + (255,) * 500
        assert len(audio.peaks(sound, [0], slices=7)[0]) == 7
