"""Whisper in plain PyTorch with Hugging Face's parameter names, so that the weights load into transformers.

faster-whisper pads features with zeros to 3000 frames (1500 encoder positions), whatever the window.  Positions
after the window hold the same input; if they share one position embedding too, they stay the same in every layer,
so ONE position with an attention bias of log(how many) computes exactly the same thing.  Training therefore runs
on about 300 positions instead of 1500."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tools.speech_model.vocabulary import LETTERS, SIZE

WIDTH, HEADS, ENCODER_LAYERS, DECODER_LAYERS, INNER = 192, 3, 4, 2, 768
POSITIONS, REAL_POSITIONS, TEXT_POSITIONS = 1500, 501, 448


def sinusoids(count: int, width: int) -> Tensor:
    """Whisper's position embeddings."""
    step = math.log(10000) / (width // 2 - 1)
    angle = torch.arange(count)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angle.sin(), angle.cos()], 1)


class Attention(nn.Module):
    """Multi-head attention, of a sequence to itself or to the encoder's output."""

    def __init__(self) -> None:
        super().__init__()
        self.k_proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.v_proj, self.q_proj = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.out_proj = nn.Linear(WIDTH, WIDTH)

    @staticmethod
    def split(x: Tensor) -> Tensor:
        """(batch, length, width) -> (batch, heads, length, width of a head)"""
        return x.view(x.shape[0], x.shape[1], HEADS, -1).transpose(1, 2)

    def weights(self, x: Tensor, to: Tensor, bias: Tensor | None = None, causal: bool = False) -> Tensor:
        """How much each position of x looks at each of `to`: (batch, heads, length, length of `to`)."""
        queries = self.split(self.q_proj(x)) * (WIDTH // HEADS) ** -0.5
        scores = queries @ self.split(self.k_proj(to)).transpose(-1, -2)
        if causal:
            scores = scores + torch.full(scores.shape[-2:], -math.inf, dtype=scores.dtype).triu(1)
        if bias is not None:
            scores = scores + bias.to(scores.dtype)
        # in bfloat16, where autocast would take float32: a third faster than scaled_dot_product_attention
        with torch.autocast("cpu", enabled=False):
            return scores.softmax(-1)

    def forward(self, x: Tensor, to: Tensor | None = None, bias: Tensor | None = None, causal: bool = False) -> Tensor:
        to = x if to is None else to
        mixed = self.weights(x, to, bias, causal) @ self.split(self.v_proj(to))
        return self.out_proj(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A transformer layer; `cross` makes it a decoder's."""

    def __init__(self, cross: bool) -> None:
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = Attention(), nn.LayerNorm(WIDTH)
        if cross:
            self.encoder_attn, self.encoder_attn_layer_norm = Attention(), nn.LayerNorm(WIDTH)
        self.fc1, self.fc2, self.final_layer_norm = (
            nn.Linear(WIDTH, INNER),
            nn.Linear(INNER, WIDTH),
            nn.LayerNorm(WIDTH),
        )
        self.cross = cross

    def forward(self, x: Tensor, encoded: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        y = self.self_attn_layer_norm(x)
        x = x + (self.self_attn(y, causal=True) if self.cross else self.self_attn(y, bias=bias))
        if self.cross:
            x = x + self.encoder_attn(self.encoder_attn_layer_norm(x), encoded, bias)
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))


class Encoder(nn.Module):
    """Mel frames to states, two frames a position."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(80, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.layers = nn.ModuleList(Layer(False) for _ in range(ENCODER_LAYERS))
        self.layer_norm = nn.LayerNorm(WIDTH)
        self.register_buffer("pos", sinusoids(REAL_POSITIONS + 1, WIDTH))

    def forward(self, mel: Tensor) -> tuple[Tensor, Tensor]:
        """mel (batch, 80, T + 4), T even, the last four frames zero -> (batch, T/2 + 2, width), attention bias"""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
        count = x.shape[1]
        x = x + torch.cat([self.pos[: count - 1], self.pos[REAL_POSITIONS:]])
        bias = torch.zeros(1, 1, 1, count, dtype=x.dtype)
        bias[..., -1] = math.log(POSITIONS - (count - 1))
        for layer in self.layers:
            x = layer(x, bias=bias)
        return self.layer_norm(x), bias


class Decoder(nn.Module):
    """Tokens so far to the state that predicts the next."""

    def __init__(self) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(SIZE, WIDTH)
        self.embed_positions = nn.Embedding(TEXT_POSITIONS, WIDTH)
        nn.init.normal_(self.embed_tokens.weight, std=0.05)
        self.embed_positions.weight.data = 0.05 * sinusoids(TEXT_POSITIONS, WIDTH)
        self.layers = nn.ModuleList(Layer(True) for _ in range(DECODER_LAYERS))
        self.layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, tokens: Tensor, encoded: Tensor, bias: Tensor) -> Tensor:
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        for layer in self.layers:
            x = layer(x, encoded, bias)
        return self.layer_norm(x)


class TinyWhisper(nn.Module):
    """Whisper of 3.5 million parameters, with a CTC head that only training and alignment use."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder()
        self.ctc = nn.Linear(WIDTH, len(LETTERS) + 1)

    def states(self, mel: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Encoder states and decoder states."""
        encoded, bias = self.encoder(mel)
        return encoded, self.decoder(tokens, encoded, bias)

    def logits(self, states: Tensor) -> Tensor:
        """Scores of every token."""
        return states @ self.decoder.embed_tokens.weight.T
