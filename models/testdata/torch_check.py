"""Checks that PyTorch and unroll read each other's character models.

    python3 models/testdata/torch_check.py

from the root of the repository; it needs PyTorch (python3-torch on Debian) and Go, and nothing else: the
safetensors format is a length, a JSON header and the numbers. For each of MODELS it

1. fills an nn.Module with the formula of cells/testdata/golden.py, both biases included, and writes it as
   models/testdata/torch/NAME.safetensors, with the logits for IDS in models/testdata/torch/logits.json, which
   TestTorchModels compares with ours (the files are kept, so CI needs no PyTorch);
2. runs that test with UNROLL_TORCH_DIR set, which makes it write the models again as unroll writes them;
3. gives those to load_state_dict(strict=True) of a fresh module and compares the logits.

It printed, with PyTorch 1.13.0a0:

    rnn: <All keys matched successfully>, logits differ by at most 6e-08
    lstm: <All keys matched successfully>, logits differ by at most 3e-08
    gru: <All keys matched successfully>, logits differ by at most 3e-08
    onehot: <All keys matched successfully>, logits differ by at most 1e-07
    tied: <All keys matched successfully>, logits differ by at most 3e-08
"""

import json
import math
import os
import pathlib
import struct
import subprocess
import tempfile

import torch
from torch import nn

ROOT = pathlib.Path(__file__).parents[2]
HERE = pathlib.Path(__file__).parent / "torch"

RUNES = "강가의 \n"  # the vocabulary, in the order of its ids
IDS = [0, 1, 2, 3, 0, 4, 4, 1]

MODELS = {
    "rnn": {"cell": "rnn", "embed": 3, "hidden": 4, "layers": 1},
    "lstm": {"cell": "lstm", "embed": 3, "hidden": 4, "layers": 2},
    "gru": {"cell": "gru", "embed": 3, "hidden": 4, "layers": 2},
    "onehot": {"cell": "gru", "embed": 0, "hidden": 4, "layers": 1},
    "tied": {"cell": "lstm", "embed": 4, "hidden": 4, "layers": 1, "tied": True},
}


class CharLM(nn.Module):
    """The module whose state_dict a model file is."""

    def __init__(self, cell, embed, hidden, layers, tied=False):
        super().__init__()
        V = len(RUNES)
        if embed:
            self.embed = nn.Embedding(V, embed)
        else:
            self.one_hot = lambda ids: nn.functional.one_hot(ids, V).float()
        rnn = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell]
        self.rnn = rnn(embed or V, hidden, layers)
        self.out = nn.Linear(hidden, V)
        if tied:
            self.out.weight = self.embed.weight

    def forward(self, ids):
        x = self.embed(ids) if hasattr(self, "embed") else self.one_hot(ids)
        return self.out(self.rnn(x)[0])

    def logits(self):
        with torch.no_grad():
            return self(torch.tensor(IDS)[:, None])[:, 0]


def fill(module):
    """Element k of parameter n, as in cells/testdata/golden.py."""
    with torch.no_grad():
        for n, p in enumerate(module.parameters()):
            values = [0.5 * math.cos((388 * n + 130 * k + 7 * k * k) / 100) for k in range(p.numel())]
            p.copy_(torch.tensor(values, dtype=torch.float64).reshape(p.shape))


def write(path, tensors, metadata):
    header, data = {"__metadata__": metadata}, b""
    for name, t in tensors.items():
        raw = t.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def read(path):
    raw = path.read_bytes()
    (n,) = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8 : 8 + n]), raw[8 + n :]
    metadata, tensors = header.pop("__metadata__"), {}
    for name, e in header.items():
        assert e["dtype"] == "F32", e
        begin, end = e["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32).reshape(e["shape"])
    return tensors, metadata


def main():
    HERE.mkdir(exist_ok=True)
    logits = {}
    for name, config in MODELS.items():
        module = CharLM(**config)
        fill(module)
        logits[name] = module.logits()
        metadata = {
            "format": "pt",
            "unroll.kind": "charlm/1",
            "unroll.config": json.dumps(config),
            "unroll.vocab": json.dumps({"kind": "rune", "runes": RUNES, "unknown": False}),
        }
        write(HERE / f"{name}.safetensors", module.state_dict(), metadata)
    stored = {name: [float("%.9g" % x) for x in t.flatten().tolist()] for name, t in logits.items()}
    lines = ",\n".join(f'"{name}":' + json.dumps(x, separators=(",", ":")) for name, x in stored.items())
    head = f'"torch":{json.dumps(torch.__version__)},"ids":{json.dumps(IDS)}'
    (HERE / "logits.json").write_text(f'{{{head},"logits":{{\n{lines}\n}}}}\n')

    with tempfile.TemporaryDirectory() as dir:
        command = ["go", "test", "-count=1", "-run=TestTorchModels", "./models"]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"UNROLL_TORCH_DIR": dir}, check=True, stdout=subprocess.DEVNULL)
        for name, want in logits.items():
            tensors, metadata = read(pathlib.Path(dir) / f"{name}.safetensors")
            config = json.loads(metadata["unroll.config"])
            module = CharLM(**config)
            print(f"{name}: {module.load_state_dict(tensors, strict=True)}", end="")
            print(f", logits differ by at most {(module.logits() - want).abs().max().item():.1g}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
