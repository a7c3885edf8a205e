"""Checks that PyTorch and unroll read each other's captioners.

    python3 models/testdata/torch_captioner.py

from the root of the repository, as torch_check.py beside it, whose functions it takes. For each of MODELS it writes
a module of nn.Conv2d, nn.LayerNorm, nn.Embedding, nn.LSTM or nn.GRU and nn.Linear, filled by the formula, as
models/testdata/torch/NAME.safetensors, and what it thinks of the caption IDS of a picture, -log p of each token, to
models/testdata/torch/captioner.json; lets TestTorchCaptioners read and write the files, and gives what was written
to load_state_dict(strict=True). It printed, with PyTorch 1.13.0a0:

    captioner_lstm: <All keys matched successfully>, nats differ by at most 0
    captioner_gru: <All keys matched successfully>, nats differ by at most 0
"""

import json
import math
import os
import pathlib
import subprocess
import tempfile

import torch
from torch import nn

from torch_check import HERE, ROOT, fill, read, write

RUNES = "가나다 "
IDS = [0, 2, 3, 1]
H, W = 5, 6

BASE = {"embed": 3, "hidden": 4, "layers": 2, "height": H, "width": W, "channels": 3, "blocks": [4, 6], "longest": 9}
MODELS = {
    "captioner_lstm": BASE | {"cell": "lstm", "norm": True, "attention": "none"},
    "captioner_gru": BASE | {"cell": "gru", "convs": 2, "attention": "bahdanau"},
}


class Bahdanau(nn.Module):
    """Additive attention: memory [S, M], query [Q]."""

    def __init__(self, query, memory, width):
        super().__init__()
        self.query = nn.Linear(query, width, bias=False)
        self.memory = nn.Linear(memory, width)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(self, query, memory):
        scores = self.score(torch.tanh(self.query(query) + self.memory(memory)))
        return (scores.softmax(0) * memory).sum(0)


class Captioner(nn.Module):
    """The module whose state_dict a captioner's file is."""

    def __init__(self, cell, embed, hidden, layers, channels, blocks, attention, convs=1, norm=False, **_):
        super().__init__()
        self.encoder = nn.ModuleDict()
        for i, out in enumerate(blocks):
            block = nn.ModuleDict()
            for j in range(convs):
                block[f"conv{j}"] = nn.Conv2d(channels, out, 3, padding=1)
                if norm:
                    block[f"norm{j}"] = nn.LayerNorm(out)
                channels = out
            self.encoder[f"block{i}"] = block
        h, w = H >> len(blocks), W >> len(blocks)
        v, In = hidden, embed
        if attention == "none":
            self.summary = nn.ModuleDict({"conv": nn.Conv2d(channels, hidden, (h, w)), "norm": nn.LayerNorm(hidden)})
        else:
            self.place = nn.Embedding(h * w, channels)
            v, In = channels, embed + channels
        self.init = nn.ModuleList(nn.Linear(v, hidden) for _ in range(layers * (2 if cell == "lstm" else 1)))
        self.decoder = nn.ModuleDict({"embed": nn.Embedding(len(RUNES) + 1, embed)})
        self.decoder["rnn"] = {"lstm": nn.LSTM, "gru": nn.GRU}[cell](In, hidden, layers)
        if attention != "none":
            self.decoder["attention"] = Bahdanau(hidden, channels, hidden)
            self.decoder["mix"] = nn.Linear(hidden + channels, hidden, bias=False)
        self.decoder["out"] = nn.Linear(hidden, len(RUNES) + 1)

    def maps(self, x):
        """x [1, C, H, W] as maps [1, F, H', W']."""
        for block in self.encoder.values():
            for j in range(len(block)):
                if f"conv{j}" in block:
                    x = block[f"conv{j}"](x)
                    if f"norm{j}" in block:
                        x = block[f"norm{j}"](x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
                    x = x.relu()
            x = nn.functional.max_pool2d(x, 2)
        return x

    def state(self, v):
        """The first state, as PyTorch's modules want it, of v [1, V]: h and c of each layer in turn."""
        s = [torch.tanh(f(v)) for f in self.init]
        if isinstance(self.decoder["rnn"], nn.LSTM):
            return torch.stack(s[0::2]), torch.stack(s[1::2])
        return torch.stack(s)

    def nats(self, x):
        """-log p of each token of IDS and of the end."""
        end, logits, d = len(RUNES), [], self.decoder
        with torch.no_grad():
            maps = self.maps(x)
            if hasattr(self, "summary"):
                s = self.state(self.summary["norm"](self.summary["conv"](maps).flatten(1)).relu())
            else:
                memory = maps[0].flatten(1).T
                s, memory = self.state(memory.mean(0, keepdim=True)), memory + self.place.weight
            for i in [end, *IDS]:
                e = d["embed"](torch.tensor([[i]]))
                if "attention" in d:
                    c = d["attention"](s[-1, 0], memory)
                    y, s = d["rnn"](torch.cat([e, c.reshape(1, 1, -1)], 2), s)
                    y = torch.tanh(d["mix"](torch.cat([y[0, 0], c])))
                else:
                    y, s = d["rnn"](e, s)
                    y = y[0, 0]
                logits.append(d["out"](y))
            return nn.functional.cross_entropy(torch.stack(logits), torch.tensor([*IDS, end]), reduction="none")


def picture():
    """Byte k of the picture [H, W, 3], as the network sees it: [1, 3, H, W] in [-1, 1]."""
    pix = torch.tensor([(37 * k + k * k) % 256 for k in range(H * W * 3)], dtype=torch.float32)
    return ((pix / 255 - 0.5) / 0.5).reshape(1, H, W, 3).permute(0, 3, 1, 2)


def main():
    nats = {}
    for name, config in MODELS.items():
        module = Captioner(**config)
        fill(module)
        nats[name] = module.nats(picture())
        metadata = {
            "format": "pt",
            "unroll.kind": "captioner/1",
            "unroll.config": json.dumps(config),
            "unroll.vocab": json.dumps({"kind": "rune", "runes": RUNES, "unknown": False}),
        }
        write(HERE / f"{name}.safetensors", module.state_dict(), metadata)
    stored = {"torch": torch.__version__, "ids": IDS, "nats": {k: t.tolist() for k, t in nats.items()}}
    (HERE / "captioner.json").write_text(json.dumps(stored) + "\n")

    with tempfile.TemporaryDirectory() as dir:
        command = ["go", "test", "-count=1", "-run=TestTorchCaptioners", "./models"]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"UNROLL_TORCH_DIR": dir}, check=True, stdout=subprocess.DEVNULL)
        for name, want in nats.items():
            tensors, metadata = read(pathlib.Path(dir) / f"{name}.safetensors")
            module = Captioner(**json.loads(metadata["unroll.config"]))
            print(f"{name}: {module.load_state_dict(tensors, strict=True)}", end="")
            print(f", nats differ by at most {(module.nats(picture()) - want).abs().max().item():.1g}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
