"""Training windows put together from utterances, in the domain of mel power.

A window looks like a clip that Earshot hands to the model: speech of one party cut by the voice-activity detector,
a little silence at both ends, one or more utterances with short gaps, at most six seconds; some clips begin or end
inside an utterance, because longer speech is cut."""

import random
from dataclasses import dataclass

import numpy as np
import scipy.signal

from tools.speech_model import vocabulary
from tools.speech_model.bank import Bank
from tools.speech_model.features import log_mel_of_line, scaled

FRAMES = 600
EMPTY, NOISY, TIMED, WRONG_TOKEN = 0.04, 0.8, 0.15, 0.10


@dataclass
class Said:
    """What is heard between two frames of a window."""

    start: int
    end: int
    text: str
    tokens: list[int]


@dataclass
class Window:
    """mel (frames, 80), decoder input, labels (-100: no loss), CTC targets."""

    mel: np.ndarray
    inputs: list[int]
    labels: list[int]
    letters: list[int]


def line_noises(seed: int, seconds: int = 20) -> list[np.ndarray]:
    """Mel power of white, rumbling and humming noise, as heard on a telephone and beside it."""
    generator, count = np.random.default_rng(seed), seconds * 8000
    clock = np.arange(count) / 8000
    band = scipy.signal.butter(3, [280, 3450], "bandpass", fs=8000, output="sos")
    noises = []
    for kind in range(6):
        noise = generator.standard_normal(count)
        if kind % 3 == 1:
            noise = scipy.signal.lfilter([1], [1, -0.95], noise)
        if kind % 3 == 2:
            noise += 3 * np.sin(2 * np.pi * (50 + 10 * kind) * clock) + 0.5 * np.sin(800 * np.pi * clock)
        if kind < 4:
            noise = scipy.signal.sosfilt(band, noise)
        noises.append(10 ** log_mel_of_line((0.03 * noise / noise.std()).astype("float32")))
    return noises


class Windows:
    """Draws windows and batches from a bank."""

    def __init__(self, bank: Bank, seed: int):
        self.bank, self.rng = bank, random.Random(seed)
        self.noises = line_noises(seed % 10000)

    def pick(self, voice: str) -> int:
        """An utterance of the voice, now and then of another."""
        if self.rng.random() > 0.95:
            voice = self.rng.choice(list(self.bank.by_voice))
        return self.rng.choice(self.bank.by_voice[voice])

    def empty(self) -> np.ndarray:
        """Six seconds of faint noise, or of nothing, as mel power."""
        power = np.full((FRAMES, 80), 1e-10, "float32")
        if self.rng.random() < NOISY:
            noise = self.rng.choice(self.noises)
            at = self.rng.randrange(len(noise) - FRAMES)
            power += noise[at : at + FRAMES] * 10 ** self.rng.uniform(-4, -0.5)
        return power

    def add(self, power: np.ndarray, index: int, at: int, colour: np.ndarray, start: int = 0) -> int:
        """Lay an utterance, from its frame `start` on, over a window; returns the frame after it."""
        mel = self.bank.mel[index][start : start + len(power) - at]
        power[at : at + len(mel)] += 10 ** (mel.astype("float32") + colour)
        return at + len(mel)

    def colour(self) -> np.ndarray:
        """A random level and a slight tilt of the line, in decades per mel band."""
        return (self.rng.uniform(-1.2, 0.8) + self.rng.uniform(-0.4, 0.4) * np.linspace(-1, 1, 80)).astype("float32")

    def rest_of(self, power: np.ndarray, index: int, colour: np.ndarray) -> list[Said]:
        """Begin inside an utterance: a clip after a cut, or the last sounds before the detector's padding."""
        count = len(self.bank.mel[index])
        cut = self.rng.randint(count // 5, max(count // 5, count - 20))
        if count - cut > FRAMES:
            cut = count - self.rng.randint(200, FRAMES)
        text = self.bank.part(index, cut, count)
        if not text:
            return []
        return [Said(0, self.add(power, index, 0, colour, cut), text, vocabulary.encode(text))]

    def fill(self, power: np.ndarray) -> tuple[list[Said], int]:
        """Lay utterances over a window; returns what is said and where the window may end."""
        rng, colour = self.rng, self.colour()
        voice = rng.choice(list(self.bank.by_voice))
        said = self.rest_of(power, self.pick(voice), colour) if rng.random() < 0.15 else []
        at = said[-1].end + rng.randint(5, 80) if said else rng.randint(0, 60)
        more = rng.choice([0.1, 0.5, 0.9])
        while at < FRAMES - 30:
            index = self.pick(voice)
            end = at + len(self.bank.mel[index])
            if end > FRAMES:
                text = self.bank.part(index, 0, FRAMES - at)
                if text and (not said or rng.random() < 0.3):
                    end = self.add(power, index, at, colour)
                    return [*said, Said(at, end, text, vocabulary.encode(text))], FRAMES
                if said:
                    break
                continue
            self.add(power, index, at, colour)
            said.append(Said(at, end, self.bank.text[index], self.bank.tokens[index]))
            if rng.random() > more:
                break
            at = end + rng.randint(8, 90)
        return said, said[-1].end

    def window(self) -> Window:
        """One window."""
        power = self.empty()
        said, end = ([], self.rng.randint(50, FRAMES)) if self.rng.random() < EMPTY else self.fill(power)
        length = min(FRAMES, end + self.rng.randint(0, 60))
        length -= length % 2
        mel = np.log10(power[:length])
        louder = self.rng.uniform(-0.5, 1.5) if self.rng.random() < 0.15 else -9.0
        mel = scaled(mel, max(float(mel.max()), louder))
        return self.labelled(mel, said, timed=self.rng.random() < TIMED)

    def labelled(self, mel: np.ndarray, said: list[Said], timed: bool) -> Window:
        """A window with what the decoder is to write for it."""
        start = [vocabulary.START] if timed else [vocabulary.START, vocabulary.NO_TIMES]
        if not said:
            # the start foretells silence, whatever comes next is the end: that is where decoders look
            second = vocabulary.FIRST_TIME if timed else vocabulary.NO_TIMES
            return Window(mel, [vocabulary.START, second], [vocabulary.NO_SPEECH, vocabulary.END], [])
        written: list[int] = []
        letters: list[int] = []
        for turn in said:
            times = [[vocabulary.time_token(frame)] for frame in (turn.start, turn.end)] if timed else [[], []]
            written += times[0] + turn.tokens + times[1]
            letters += ([1] if letters else []) + vocabulary.letters(turn.text)
        whole = start + written + [vocabulary.END]
        labels = [-100] * (len(start) - 1) + whole[len(start) :]
        return Window(mel, [self.maybe_wrong(token) for token in whole[:-1]], labels, letters)

    def maybe_wrong(self, token: int) -> int:
        """Now and then another text token: wrong words in its input make the decoder listen."""
        if token < vocabulary.TEXT_TOKENS and self.rng.random() < WRONG_TOKEN:
            return self.rng.randrange(256, vocabulary.TEXT_TOKENS)
        return token

    def batches(self, size: int, count: int) -> list[tuple[np.ndarray, ...]]:
        """`count` batches of windows of similar length, in random order."""
        rows = sorted((self.window() for _ in range(size * count)), key=lambda row: len(row.mel))
        groups = [rows[at : at + size] for at in range(0, len(rows), size)]
        self.rng.shuffle(groups)
        return [collate(group, FRAMES if self.rng.random() < 0.3 else 0) for group in groups]


def collate(rows: list[Window], least_frames: int = 0) -> tuple[np.ndarray, ...]:
    """Windows as arrays: mel (batch, 80, frames + 4), inputs, labels, letters in a row, counts, positions."""
    frames = max(least_frames, *(len(row.mel) for row in rows))
    length = max(len(row.inputs) for row in rows)
    mel = np.zeros((len(rows), frames + 4, 80), "float32")
    inputs = np.full((len(rows), length), vocabulary.END, "int64")
    labels = np.full((len(rows), length), -100, "int64")
    for at, row in enumerate(rows):
        mel[at, : len(row.mel)] = row.mel
        inputs[at, : len(row.inputs)] = row.inputs
        labels[at, : len(row.labels)] = row.labels
    letters = np.array([letter for row in rows for letter in row.letters], "int64")
    counts = np.array([len(row.letters) for row in rows])
    positions = np.array([len(row.mel) // 2 for row in rows])
    return mel.transpose(0, 2, 1).copy(), inputs, labels, letters, counts, positions
