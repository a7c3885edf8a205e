"""Makes attention.json: attention as PyTorch computes it, for the Go tests to agree with.

    python3 cells/testdata/attention.py

from the root of the repository. golden.py says how tensors are filled and how numbers are written; here, too,
nothing is random and no input is stored.

PyTorch has no module for these scores, so they are written with its operations, from the papers: Bahdanau et al.
(2015), e = v.tanh(Wq q + Wm m + b), and Luong et al. (2015), e = q.m and e = q.(W m). Steps past a row's length are
filled with -inf before the softmax. Three steps feed the context back, q_t = x_t + P context_{t-1}, as decoders do, and

    loss = sum(context*wc) + sum(weights*ww)

over all steps. Matrices are in PyTorch's layout, [out, in].
"""

import json
import math
import pathlib
import sys

sys.dont_write_bytecode = True  # of golden.py, beside it

import golden
import torch
from golden import TYPES, flat
from torch.nn.functional import linear

COMMAND = "python3 cells/testdata/attention.py"
T, S, B, Q, M, W = 3, 5, 3, 4, 3, 6
LENS = [3, 5, 1]
NAMES = ["x", "memory", "P", "Wq", "Wm", "b", "v", "W", "wc", "ww"]
NUMBERS = {name: 60 + i for i, name in enumerate(NAMES)} | {"wc": 47, "ww": 28}  # no loss is a small difference
golden.NUMBERS = NUMBERS


def score(case, p):
    """The function from a query [B, Q] to scores [B, S]."""
    memory = p["memory"]
    if case["name"] == "bahdanau":
        keys = linear(memory, p["Wm"], p["b"])
        return lambda q: linear(torch.tanh(keys + linear(q, p["Wq"])), p["v"]).squeeze(2).t()
    keys = linear(memory, p["W"]) if case["name"] == "general" else memory
    return lambda q: torch.bmm(keys.transpose(0, 1), q.unsqueeze(2)).squeeze(2)


def attention(case, dtype):
    """Results of one case in one type."""
    p = {name: golden.leaf(name, shape, dtype) for name, shape in case["shapes"].items() if name[0] != "w"}
    past = torch.arange(S) >= torch.tensor(LENS).unsqueeze(1)
    scores, context, outs, alphas = score(case, p), None, [], []
    for x in p["x"]:
        q = x if context is None else x + linear(context, p["P"])
        alpha = torch.softmax(scores(q).masked_fill(past, -math.inf), 1)
        context = torch.bmm(alpha.unsqueeze(1), p["memory"].transpose(0, 1)).squeeze(1)
        outs.append(context)
        alphas.append(alpha)
    outputs = {"context": torch.stack(outs), "weights": torch.stack(alphas)}
    loss = sum((outputs[o] * golden.fill(w, outputs[o].shape, dtype)).sum() for o, w in [("context", "wc"), ("weights", "ww")])
    loss.backward()
    return {
        "out": {name: flat(t) for name, t in outputs.items()} | {"loss": flat(loss)},
        "grad": {name: flat(t.grad) for name, t in p.items()},
    }


def cases():
    for name in ["bahdanau", "general", "dot"]:
        m = Q if name == "dot" else M
        shapes = {"x": (T, B, Q), "memory": (S, B, m), "P": (Q, m), "wc": (T, B, m), "ww": (T, B, S)}
        if name == "bahdanau":
            shapes |= {"Wq": (W, Q), "Wm": (W, m), "b": (W,), "v": (1, W)}
        if name == "general":
            shapes |= {"W": (Q, m)}
        yield {"name": name, "T": T, "S": S, "B": B, "lens": LENS, "shapes": shapes}


if __name__ == "__main__":
    torch.set_num_threads(1)
    done = [case | {key: attention(case, dtype) for key, dtype in TYPES.items()} for case in cases()]
    head = {"torch": torch.__version__, "command": COMMAND, "formula": golden.FORMULA, "numbers": NUMBERS}
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in done)
    text = json.dumps(head, separators=(",", ":"))[:-1] + ',"cases":[\n' + lines + "\n]}\n"
    pathlib.Path(__file__).with_name("attention.json").write_text(text)
