"""Train on windows from the utterance bank with two single-thread workers that average their weights.

On two shared cores that gives about three times the throughput of one process with two threads.  The first worker
writes the averaged weights and the whole state every two minutes; a state that is there is gone on from."""

import json
import math
import multiprocessing
import os
import queue
import socket
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.distributed
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from tools.speech_model.bank import Bank
from tools.speech_model.network import TinyWhisper
from tools.speech_model.vocabulary import FIRST_TIME, TEXT_TOKENS
from tools.speech_model.windows import Windows

AVERAGE_EVERY, LOG_EVERY, REFRESH_EVERY, SAVE_EVERY_S = 10, 50, 200, 120


@dataclass(frozen=True)
class Plan:
    """What to train, for how long, from what."""

    bank: Path
    out: Path
    minutes: float
    init: Path | None = None
    peak: float = 1.5e-3
    batch: int = 16
    workers: int = 2
    rank: int = 0
    port: int = 0

    @property
    def state(self) -> Path:
        """Weights, averages and moments to go on from."""
        return self.out.with_suffix(".state.safetensors")


def speech_loss(model: TinyWhisper, batch: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """Cross entropy of the tokens, CTC loss of the encoder per letter, share of text tokens foreseen."""
    mel, inputs, labels, letters, counts, positions = batch
    with torch.autocast("cpu", torch.bfloat16):
        encoded, states = model.states(mel, inputs)
        known = labels >= 0
        logits, wanted = model.logits(states[known]).float(), labels[known]
        spelled = model.ctc(encoded).float().log_softmax(-1).transpose(0, 1)
    times, text = wanted >= FIRST_TIME, wanted < TEXT_TOKENS
    # neighbouring 20 ms bins of a timestamp are nearly right
    bins = torch.arange(logits.shape[1] - FIRST_TIME)[None] - (wanted[times] - FIRST_TIME)[:, None]
    soft = torch.exp(-0.5 * (bins / 2.0) ** 2)
    soft = soft / soft.sum(1, keepdim=True)
    timed = (soft * logits[times].log_softmax(-1)[:, FIRST_TIME:]).sum()
    entropy = (F.cross_entropy(logits[~times], wanted[~times], reduction="sum") - timed) / len(wanted)
    positions = torch.minimum(positions, torch.tensor(len(spelled)))
    ctc = F.ctc_loss(spelled, letters, positions, counts, zero_infinity=True)
    return entropy, ctc, (logits.argmax(-1) == wanted)[text].float().mean()


class Trainer:
    """One worker."""

    def __init__(self, plan: Plan):
        self.plan = plan
        self.bank = Bank(plan.bank)
        self.model = TinyWhisper()
        if plan.init:
            self.model.load_state_dict(load_file(plan.init))
        self.average = {name: value.clone() for name, value in self.model.state_dict().items()}
        matrices = [p for p in self.model.parameters() if p.ndim > 1]
        vectors = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.02}, {"params": vectors, "weight_decay": 0.0}],
            lr=plan.peak,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.step, self.before_s, self.started, self.saved = 0, 0.0, time.time(), time.time()
        if plan.state.exists():
            self.resume()
        self.batches: queue.Queue[tuple[np.ndarray, ...]] = queue.Queue(24)

    @property
    def progress(self) -> float:
        """How much of the planned time is over, 0..1."""
        return min(1.0, (self.before_s + time.time() - self.started) / (60 * self.plan.minutes))

    def resume(self) -> None:
        """Go on from the saved state: weights, averages, moments, step and time spent."""
        tensors = load_file(self.plan.state)
        with safe_open(self.plan.state, "pt") as file:
            about = json.loads(file.metadata()["about"])
        self.step, self.before_s = about["step"], about["seconds"]
        kinds: dict[str, dict[str, Tensor]] = {}
        for name, tensor in tensors.items():
            kind, _, name = name.partition("/")
            kinds.setdefault(kind, {})[name] = tensor
        self.model.load_state_dict(kinds["model"])
        self.average = kinds["average"]
        for name, parameter in self.model.named_parameters():
            self.optimizer.state[parameter] = {
                "step": torch.tensor(float(self.step)),
                "exp_avg": kinds["exp_avg"][name],
                "exp_avg_sq": kinds["exp_avg_sq"][name],
            }

    def save(self) -> None:
        """Write the averaged weights and the state, each in one step."""
        tensors = {f"model/{name}": value for name, value in self.model.state_dict().items()}
        tensors |= {f"average/{name}": value for name, value in self.average.items()}
        for name, parameter in self.model.named_parameters():
            for moment in ("exp_avg", "exp_avg_sq"):
                tensors[f"{moment}/{name}"] = self.optimizer.state[parameter][moment]
        seconds = self.before_s + time.time() - self.started
        about = {"about": json.dumps({"step": self.step, "seconds": seconds})}
        for path, content, notes in ((self.plan.out, self.average, None), (self.plan.state, tensors, about)):
            unfinished = path.with_suffix(".tmp")
            save_file({name: value.contiguous() for name, value in content.items()}, unfinished, notes)
            unfinished.replace(path)
        self.saved = time.time()

    def produce(self) -> None:
        """Keep batches coming (a thread: numpy works while torch does)."""
        windows = Windows(self.bank, int(time.time()) * 2 + self.plan.rank)
        while True:
            for batch in windows.batches(self.plan.batch, 8):
                self.batches.put(batch)

    def learn(self) -> list[float]:
        """One step; returns the losses."""
        rate = self.plan.peak * min(1, (self.step + 1) / 60)
        rate *= 0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * self.progress))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = [torch.from_numpy(np.ascontiguousarray(part)) for part in self.batches.get()]
        entropy, ctc, right = speech_loss(self.model, batch)
        # the CTC loss is per letter, so it may weigh as much; it teaches the encoder directly
        loss = entropy + (1.0 if self.progress < 0.5 else 0.4 if self.progress < 0.8 else 0.1) * ctc
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return [entropy.item(), ctc.item(), right.item()]

    def agree(self) -> bool:
        """Average the weights of all workers; true once any is done."""
        weights = [p.data for p in self.model.parameters()]
        flat = torch.cat([p.flatten() for p in weights] + [torch.tensor([float(self.progress >= 1)])])
        if self.plan.workers > 1:
            torch.distributed.all_reduce(flat)
            flat /= self.plan.workers
        for weight, mean in zip(weights, flat[:-1].split([p.numel() for p in weights]), strict=True):
            weight.copy_(mean.view_as(weight))
        return bool(flat[-1] > 0)

    def follow(self) -> None:
        """Move the running average of the weights."""
        keep, now = min(0.998, (1 + self.step) / (20 + self.step)), self.model.state_dict()
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), [now[name] for name in self.average], 1 - keep)

    def log(self, losses: list[list[float]], seconds: float) -> None:
        """A line of progress."""
        entropy, ctc, right = np.mean(losses, 0)
        print(
            f"{self.progress:6.1%} step {self.step} entropy {entropy:.3f} ctc {ctc:.3f} foreseen {right:.3f} "
            f"{seconds / len(losses):.3f} s/step, {len(self.bank.mel)} utterances",
            flush=True,
        )

    def run(self) -> None:
        """Train until the planned minutes are over."""
        threading.Thread(target=self.produce, daemon=True).start()
        losses, since, done = [], time.time(), False
        first = self.plan.rank == 0
        while not done:
            losses.append(self.learn())
            if self.step % AVERAGE_EVERY == 0:
                done = self.agree()
            self.follow()
            if self.step % LOG_EVERY == 0:
                if first:
                    self.log(losses, time.time() - since)
                losses, since = [], time.time()
            if self.step % REFRESH_EVERY == 0:
                self.bank.refresh()
            if first and (done or time.time() - self.saved > SAVE_EVERY_S):
                self.save()


def work(plan: Plan) -> None:
    """A worker process."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if plan.workers > 1:
        torch.distributed.init_process_group(
            "gloo", init_method=f"tcp://127.0.0.1:{plan.port}", rank=plan.rank, world_size=plan.workers
        )
    Trainer(plan).run()


def free_port() -> int:
    """A port of this machine that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def train(plan: Plan) -> None:
    """Start the workers and wait for them."""
    os.environ["OMP_NUM_THREADS"] = "1"
    plan.out.parent.mkdir(parents=True, exist_ok=True)
    plan, context = replace(plan, port=free_port()), multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(replace(plan, rank=rank),)) for rank in range(plan.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise SystemExit("training stopped: a worker failed")
