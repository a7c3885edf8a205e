#!/usr/bin/env python3
"""Writes the network of I1 to I3 as an ONNX file for bench.js.

    python3 benchmarks/peers/ort/export.py --hidden 128 --out /tmp/lstm128.onnx
"""
import argparse

import torch
from torch import nn


class Network(nn.Module):
    """From tokens [T, B] and the state to probabilities [T, B, V] and the next state."""

    def __init__(self, vocab, emb, hidden, layers):
        super().__init__()
        self.embed = nn.Embedding(vocab, emb)
        self.rnn = nn.LSTM(emb, hidden, num_layers=layers)
        self.project = nn.Linear(hidden, vocab)

    def forward(self, ids, h, c):
        ys, (h, c) = self.rnn(self.embed(ids), (h, c))
        return self.project(ys).softmax(-1), h, c


def main():
    p = argparse.ArgumentParser(description="write the network of I1 to I3 as an ONNX file")
    p.add_argument("--out", required=True, help="the file to write")
    for size, preset in ("vocab", 65), ("emb", 64), ("hidden", 128), ("layers", 2):
        p.add_argument("--" + size, type=int, default=preset)
    o = p.parse_args()
    torch.manual_seed(1)
    network = Network(o.vocab, o.emb, o.hidden, o.layers).eval()
    state = torch.zeros(o.layers, 2, o.hidden)
    rows = {1: "batch"}
    sequence = {0: "time", **rows}
    torch.onnx.export(
        network, (torch.zeros(5, 2, dtype=torch.long), state, state), o.out, opset_version=14,
        input_names=["ids", "h", "c"], output_names=["probs", "hNext", "cNext"],
        dynamic_axes={"ids": sequence, "probs": sequence, "h": rows, "c": rows, "hNext": rows, "cNext": rows},
    )


main()
