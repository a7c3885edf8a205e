#!/usr/bin/env python3
"""PyTorch on one task: prints one line of JSON, with the fields of benchmarks/speed.

    python3 benchmarks/peers/pytorch.py --task T1 --threads 1 --seconds 8

README.md beside this file says which environment makes it fastest.
"""
import argparse
import contextlib
import ctypes
import json
import math
import random
import re
import resource
import time

import torch
from torch import nn

SIZES = "cell vocab emb hidden layers batch seq classes opt".split()
TASKS = {
    "T1": ("lstm", 65, 64, 128, 1, 32, 64, 0, "adam"),
    "T2": ("lstm", 65, 64, 128, 2, 50, 50, 0, "adam"),
    "T3": ("lstm", 65, 64, 512, 2, 64, 64, 0, "adam"),
    "T4": ("gru", 65, 64, 256, 1, 32, 64, 0, "adam"),
    "T5": ("rnn", 65, 64, 128, 1, 32, 64, 0, "adam"),
    "T6": ("lstm", 10000, 200, 200, 2, 20, 35, 0, "sgd"),
    "T7": ("lstm", 20000, 100, 128, 1, 64, 40, 2, "adam"),
    "I1": ("lstm", 65, 64, 128, 2, 1, 1, 0, ""),
    "I2": ("lstm", 65, 64, 128, 2, 64, 1, 0, ""),
    "I3": ("lstm", 65, 64, 128, 2, 1, 256, 0, ""),
}
WINDOWS = 64
CLIP = 5.0


def options():
    p = argparse.ArgumentParser(description="PyTorch on one task; one line of JSON")
    p.add_argument("--task", required=True, choices=TASKS)
    p.add_argument("--cell", choices=["lstm", "gru", "rnn"])
    p.add_argument("--opt", choices=["adam", "sgd"])
    for size in ("vocab", "emb", "hidden", "layers", "batch", "seq", "classes"):
        p.add_argument("--" + size, type=int)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seconds", type=float, default=8)
    p.add_argument("--lr", type=float, default=0, help="0: 0.002 with adam, 1 with sgd")
    p.add_argument("--warm", type=int, default=5, help="steps before the clock starts")
    p.add_argument("--sparse", action="store_true", help="sparse gradients of the embedding, with SparseAdam")
    p.add_argument("--tag", default="")
    o = p.parse_args()
    for size, preset in zip(SIZES, TASKS[o.task]):
        if getattr(o, size) is None:
            setattr(o, size, preset)
    o.trains = o.task.startswith("T")
    if o.sparse and o.opt != "adam":
        p.error("--sparse goes with adam")
    return o


class Model(nn.Module):
    """Embedding, recurrent layers, projection of every step or, for classes, of the last one."""

    def __init__(self, o):
        super().__init__()
        kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[o.cell]
        self.classes = o.classes
        self.embed = nn.Embedding(o.vocab, o.emb, sparse=o.sparse)
        self.rnn = kind(o.emb, o.hidden, num_layers=o.layers)
        self.project = nn.Linear(o.hidden, o.classes or o.vocab)

    def forward(self, ids, state=None):
        ys, state = self.rnn(self.embed(ids), state)
        return self.project(ys[-1] if self.classes else ys), state


def stream(n, vocab, rng):
    """Tokens of which nine in ten follow from the one before."""
    x = [0]
    while len(x) < n:
        x.append(rng.randrange(vocab) if rng.random() < 0.1 else (5 * x[-1] + 7) % vocab)
    return x


def batches(o):
    """The windows of a task: inputs [T, B] with targets [T, B], or classes [B] named by the last token."""
    rng = random.Random(7)
    if not o.classes:
        lanes = torch.tensor([stream(WINDOWS * o.seq + 1, o.vocab, rng) for _ in range(o.batch)]).t().contiguous()
        for k in range(0, WINDOWS * o.seq, o.seq):
            yield lanes[k:k + o.seq], lanes[k + 1:k + 1 + o.seq]
        return
    for _ in range(WINDOWS):
        x, y = torch.randint(o.vocab, (o.seq, o.batch)), torch.randint(o.classes, (o.batch,))
        x[-1] = y
        yield x, y


def optimisers(o, model):
    rate = o.lr or (1.0 if o.opt == "sgd" else 0.002)
    if o.opt == "sgd":
        return [torch.optim.SGD(model.parameters(), lr=rate)]
    if not o.sparse:
        return [torch.optim.Adam(model.parameters(), lr=rate)]
    dense = [p for name, p in model.named_parameters() if not name.startswith("embed")]
    return [torch.optim.Adam(dense, lr=rate), torch.optim.SparseAdam(list(model.embed.parameters()), lr=rate)]


def trainer(o, model):
    """A function that takes one update and returns the loss."""
    opts, data, at = optimisers(o, model), list(batches(o)), {"window": 0, "state": None}
    clipped = [p for group in opts[0].param_groups for p in group["params"]]  # with --sparse, not the table

    def step():
        x, y = data[at["window"] % WINDOWS]
        at["window"] += 1
        logits, state = model(x, at["state"])
        if not o.classes:  # a language model carries its state to the next window
            at["state"] = tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()
        loss = nn.functional.cross_entropy(logits.flatten(0, -2), y.flatten())
        for opt in opts:
            opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(clipped, CLIP)
        for opt in opts:
            opt.step()
        return loss.item()

    return step


def reader(o, model):
    """A function that draws and feeds back one token for each row, or reads a whole sequence."""
    at = {"ids": torch.randint(o.vocab, (o.seq, o.batch)), "state": None}

    def step():
        logits, state = model(at["ids"], at["state"])
        if o.seq == 1:
            at["ids"], at["state"] = torch.multinomial(logits[0].softmax(-1), 1).t(), state
            at["ids"].tolist()  # whoever generates wants to see the tokens

    return step


def blas():
    """Which OpenBLAS has been loaded, and for which processor it computes."""
    with contextlib.suppress(OSError, AttributeError), open("/proc/self/maps") as maps:
        path = re.search(r"/\S*/openblas-(\w+)/\S+", maps.read())
        if path:
            core = ctypes.CDLL(path.group()).openblas_get_corename
            core.restype = ctypes.c_char_p
            return path.group(1) + " " + core().decode()


def warning(o, first, last):
    """Why a run is not a measurement of what PyTorch can do."""
    if o.trains and not (math.isfinite(last) and last < first):
        return "the loss did not fall: not a valid run"
    if (blas() or "").endswith("Prescott"):
        return "OpenBLAS does not know this processor: set OPENBLAS_CORETYPE"


def main():
    o = options()
    torch.manual_seed(1)
    torch.set_num_threads(o.threads)
    model = Model(o).train(o.trains)
    step = (trainer if o.trains else reader)(o, model)
    with contextlib.nullcontext() if o.trains else torch.inference_mode():
        first = step()
        for _ in range(1, o.warm):
            step()
        n, start = 0, time.perf_counter()
        while n < 3 or time.perf_counter() - start < o.seconds:
            last = step()
            n += 1
        seconds = time.perf_counter() - start
    config = "%s V%d E%d H%d L%d B%d T%d" % (o.cell, o.vocab, o.emb, o.hidden, o.layers, o.batch, o.seq)
    config += (" C%d" % o.classes) * bool(o.classes) + (" " + o.opt) * o.trains
    result = {
        "peer": "pytorch", "task": o.task, "threads": o.threads,
        "config": " ".join(filter(None, [config, "sparse" * o.sparse, o.tag])),
        "tokens_per_s": round(n * o.batch * o.seq / seconds, 1), "ms_per_step": round(1e3 * seconds / n, 4),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "loss0": first, "lossN": last, "steps": n, "version": torch.__version__, "blas": blas(),
    }
    if warning(o, first, last):
        result["warning"] = warning(o, first, last)
    print(json.dumps(result))


main()
