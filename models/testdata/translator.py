"""Makes translator.json: an encoder-decoder as PyTorch computes it, for the Go tests to agree with.

    python3 models/testdata/translator.py

from the root of the repository; it needs PyTorch and nothing else. Nothing is random and no input is stored: element k
(row-major, in PyTorch's layout) of parameter number n, by the order of the names, is

    0.5 * cos((388*n + 130*k + 7*k*k) / 100)

The recurrent parts are torch.nn.RNN, GRU and LSTM; the encoder reads packed sequences. Attention is written with
PyTorch's operations from the papers (Bahdanau et al. 2015, Luong et al. 2015). All in float64. The loss is the weighted
mean of the cross entropy with smoothed labels, CrossEntropyLoss(label_smoothing=0.1). Numbers are the shortest decimals
that read back as the same float64.
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

COMMAND = "python3 models/testdata/translator.py"
SOURCE, TARGET, EMBED = 6, 7, 3
IDS = {
    "source": [[1, 2, 5], [3, 4, 5], [0, 0, 5], [2, 5, 5]],
    "lens": [4, 2, 1],
    "input": [[6, 6, 6], [1, 2, 0], [3, 0, 0]],
    "target": [[1, 2, 0], [3, 6, 6], [6, 0, 0]],
    "weight": [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 0.0, 0.0]],
}
KINDS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def config(cell, hidden, layers, attention, **more):
    c = {"cell": cell, "embed": EMBED, "hidden": hidden, "layers": layers, "attention": attention}
    return c | {"longest": 9, "longest_target": 9} | more


CASES = {
    "none": config("gru", 4, 1, "none"),
    "dot": config("gru", 4, 1, "dot"),
    "general": config("gru", 4, 1, "general", bidirectional=True, width=5),
    "fed": config("lstm", 4, 2, "general", bidirectional=True, decoder_hidden=3, feed=True, width=EMBED, tied=True),
    "bahdanau": config("rnn", 3, 1, "bahdanau", bidirectional=True, decoder_hidden=5, decoder_layers=2, attention_width=4),
}


class Translator(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        hidden = c.get("decoder_hidden") or c["hidden"]
        layers = c.get("decoder_layers") or c["layers"]
        both = c.get("bidirectional", False)
        memory = c["hidden"] * (1 + both)
        context = 0 if c["attention"] == "none" else memory
        out = c.get("width") or hidden + context
        kind = KINDS[c["cell"]]
        self.encoder = nn.Module()
        self.encoder.embed = nn.Embedding(SOURCE, EMBED)
        self.encoder.rnn = kind(EMBED, c["hidden"], c["layers"], bidirectional=both)
        if both or hidden != c["hidden"] or layers != c["layers"]:
            states = layers * (2 if c["cell"] == "lstm" else 1)
            self.bridge = nn.ModuleList(nn.Linear(memory, hidden) for _ in range(states))
        self.decoder = d = nn.Module()
        d.embed = nn.Embedding(TARGET, EMBED)
        wide = EMBED + (memory if c["attention"] == "bahdanau" else 0) + (out if c.get("feed") else 0)
        d.rnn = kind(wide, hidden, layers)
        d.attention = nn.Module()
        if c["attention"] == "bahdanau":
            d.attention.query = nn.Linear(hidden, c["attention_width"], bias=False)
            d.attention.memory = nn.Linear(memory, c["attention_width"])
            d.attention.score = nn.Linear(c["attention_width"], 1, bias=False)
        if c["attention"] == "general":
            d.attention.general = nn.Linear(memory, hidden, bias=False)
        if c.get("width"):
            d.mix = nn.Linear(hidden + context, out, bias=False)
        d.out = nn.Linear(out, TARGET)
        if c.get("tied"):
            d.out.weight = d.embed.weight
        self.out, self.layers = out, layers

    def look(self, query, memory, lens):
        """The context [B, M] of a query [B, Q]."""
        a = self.decoder.attention
        if self.c["attention"] == "bahdanau":
            scores = a.score(torch.tanh(a.memory(memory) + a.query(query))).squeeze(2)  # [S, B]
        else:
            keys = a.general(memory) if self.c["attention"] == "general" else memory
            scores = (keys * query).sum(2)
        past = torch.arange(len(memory))[:, None] >= lens[None, :]
        return (torch.softmax(scores.masked_fill(past, -math.inf), 0)[:, :, None] * memory).sum(0)

    def first(self, final):
        """The decoder's first state."""
        h = final[0] if isinstance(final, tuple) else final
        if not hasattr(self, "bridge"):
            return final
        last = torch.cat([h[-2], h[-1]], 1) if self.c.get("bidirectional") else h[-1]
        states = [torch.tanh(f(last)) for f in self.bridge]
        if self.c["cell"] == "lstm":  # h and c of each layer in turn
            return torch.stack(states[0::2]), torch.stack(states[1::2])
        return torch.stack(states)

    def forward(self, source, lens, ids):
        """The logits [T, B, V]."""
        c, d = self.c, self.decoder
        packed = pack_padded_sequence(self.encoder.embed(source), lens, enforce_sorted=False)
        memory, final = self.encoder.rnn(packed)
        memory, _ = pad_packed_sequence(memory, total_length=len(source))
        state = self.first(final)
        fed = torch.zeros(source.shape[1], self.out, dtype=memory.dtype)
        logits = []
        for x in d.embed(ids):
            if c["attention"] == "bahdanau":
                h = state[0] if c["cell"] == "lstm" else state
                context = self.look(h[-1], memory, lens)
                x = torch.cat([x, context], 1)
            if c.get("feed"):
                x = torch.cat([x, fed], 1)
            y, state = d.rnn(x[None], state)
            o = y[0]
            if c["attention"] in ("dot", "general"):
                context = self.look(o, memory, lens)
            if c["attention"] != "none":
                o = torch.cat([o, context], 1)
            if c.get("width"):
                o = torch.tanh(d.mix(o))
            fed = o
            logits.append(d.out(o))
        return torch.stack(logits)


def case(name, c):
    m = Translator(c).double()
    parameters = dict(sorted(m.named_parameters()))
    with torch.no_grad():
        for n, p in enumerate(parameters.values()):
            values = [0.5 * math.cos((388 * n + 130 * k + 7 * k * k) / 100) for k in range(p.numel())]
            p.copy_(torch.tensor(values, dtype=torch.float64).reshape(p.shape))
    ids = {k: torch.tensor(v) for k, v in IDS.items()}
    logits = m(ids["source"], ids["lens"], ids["input"])
    each = nn.CrossEntropyLoss(reduction="none", label_smoothing=0.1)(logits.flatten(0, 1), ids["target"].flatten())
    weight = ids["weight"].double().flatten()
    loss = (each * weight).sum() / weight.sum()
    loss.backward()
    grads = {k: p.grad.flatten().tolist() for k, p in parameters.items()}
    return {"name": name, "config": c, "names": list(parameters), "logits": logits.flatten().tolist(), "loss": loss.item(), "grads": grads}


def main():
    cases = [case(name, c) for name, c in CASES.items()]
    out = {"torch": torch.__version__, "command": COMMAND} | IDS
    head = json.dumps(out, separators=(",", ":"))[:-1] + ',"cases":[\n'
    text = head + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]}\n"
    pathlib.Path(__file__).with_name("translator.json").write_text(text)


main()
