"""Makes golden.json, and optim.json for train: what PyTorch computes, for the Go tests to agree with.

Regenerate
----------
    python3 cells/testdata/golden.py

from the root of the repository; it needs PyTorch (python3-torch on Debian) and nothing else, takes some
seconds, and overwrites golden.json beside this script and train/testdata/optim.json. The same PyTorch on the
same machine gives the same bytes; another version or processor may change the last digits of the floats, and
nothing else. The version and the command are recorded in the files.

Inputs
------
Nothing random, and no input is stored: element k (row-major, in PyTorch's layout) of tensor number n is

    fill(n, k) = 0.5 * cos((388*n + 130*k + 7*k*k) / 100)

The numerator is an integer, so the argument is the same double in every language. It is computed in float64
and, for the float32 numbers, rounded once. NUMBERS gives n for each tensor; both files carry it as "numbers".
(3.88 is about 2*pi/golden ratio, which keeps the tensors apart; k*k keeps a matrix from having rank 2.)

golden.json
-----------
Losses, with the weights wy, wh, wc filled by the formula too, so that every gradient is exercised:

    recurrent:  sum(y*wy) + sum(h_n*wh) [+ sum(c_n*wc), LSTM]
    embedding:  sum(weights*losses) / sum(weights), losses = cross entropy of (table[ids] . weight' + bias)

Each case holds its results twice, "f64" and "f32": the whole computation in that type. Tensors are flat,
row-major, in PyTorch's layout (weights [out, in], gates i f g o and r z n); "shapes" has their shapes. A packed
case goes through pack_padded_sequence(enforce_sorted=False): y and the gradient of x are zero beyond a row's
length, h_n and c_n are from its last step, and the reverse direction starts there.

train/testdata/optim.json
-------------------------
Five steps of each optimiser on w = fill(numbers["w"], 0..5), with the gradient g_k = cos(3*w_k + k) computed
again before each step, in float64. "clip" is the argument of clip_grad_norm_, which multiplies the gradient by
min(1, clip / (norm + 1e-6)); 0 means that it is not called.

Numbers: the shortest decimal that reads back as the same float64; nine significant digits for float32.
"""

import itertools
import json
import math
import pathlib

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, rnn

COMMAND = "python3 cells/testdata/golden.py"
ROOT = pathlib.Path(__file__).parents[2]  # of the repository
FORMULA = "0.5*cos((388*n + 130*k + 7*k*k)/100)"

T, B, D, H = 5, 3, 3, 4
FULL, LENS = [T] * B, [3, 5, 1]
TYPES = {"f64": torch.float64, "f32": torch.float32}
KINDS = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]


def numbers():
    """The number n of each tensor: 10 + 8*layer + 4*reverse + kind for a recurrent parameter."""
    n = {"x": 0, "h0": 1, "c0": 2}
    n |= {"wy": 47, "wh": 28, "wc": 44}  # with these no loss is a small difference of large sums
    for layer, reverse, kind in itertools.product(range(2), range(2), range(4)):
        n[f"{KINDS[kind]}_l{layer}" + "_reverse" * reverse] = 10 + 8 * layer + 4 * reverse + kind
    return n | {"table": 30, "weight": 31, "bias": 32, "w": 40}


NUMBERS = numbers()


def fill(name, shape, dtype):
    """The tensor of that name, by the formula."""
    n = NUMBERS[name]
    values = [0.5 * math.cos((388 * n + 130 * k + 7 * k * k) / 100) for k in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).to(dtype)


def leaf(name, shape, dtype):
    return fill(name, shape, dtype).requires_grad_()


def flat(t):
    """The elements of t as json shall print them."""
    t = t.detach()
    values = [v + 0.0 for v in t.reshape(-1).tolist()]  # + 0.0: no -0
    return values if t.dtype == torch.float64 else [float("%.9g" % v) for v in values]


def results(outputs, loss, leaves):
    """One case in one type: outputs, loss, and the gradient of each leaf."""
    loss.backward()
    r = {name: flat(t) for name, t in outputs.items()}
    r["loss"] = flat(loss)[0]
    r["grad"] = {name: flat(t.grad) for name, t in leaves.items()}
    return r


def module(case, dtype):
    """The PyTorch module of a case, its parameters filled."""
    args = {"num_layers": case["layers"], "bidirectional": case["directions"] == 2}
    args |= {"bias": case["bias"], "dtype": dtype}
    if case["cell"].startswith("rnn_"):
        net = nn.RNN(D, H, nonlinearity=case["cell"][4:], **args)
    else:
        net = {"lstm": nn.LSTM, "gru": nn.GRU}[case["cell"]](D, H, **args)
    with torch.no_grad():
        for name, p in net.named_parameters():
            p.copy_(fill(name, p.shape, dtype))
    return net


def forward(net, case, x, start):
    """y, h_n and c_n (LSTM) of a case; start is [h0], [h0, c0], or [] for the zero state."""
    lstm = case["cell"] == "lstm"
    state = (tuple(start) if lstm else start[0]) if start else None
    if case["packed"]:
        x = rnn.pack_padded_sequence(x, case["lens"], enforce_sorted=False)
    y, last = net(x, state)
    if case["packed"]:
        y, _ = rnn.pad_packed_sequence(y, total_length=T)
    return dict(zip(["y", "h_n", "c_n"], [y, *last] if lstm else [y, last]))


def recurrent(case, dtype):
    """Results of one recurrent case in one type, and the shapes of everything in it."""
    net = module(case, dtype)
    leaves = {"x": leaf("x", (T, B, D), dtype)}
    if case["state"]:
        for name in ["h0", "c0"] if case["cell"] == "lstm" else ["h0"]:
            leaves[name] = leaf(name, (case["layers"] * case["directions"], B, H), dtype)
    outputs = forward(net, case, leaves["x"], list(leaves.values())[1:])

    loss = 0
    for name, w in zip(outputs, ["wy", "wh", "wc"]):
        loss = loss + (outputs[name] * fill(w, outputs[name].shape, dtype)).sum()

    leaves |= dict(net.named_parameters())
    shapes = {name: list(t.shape) for name, t in (leaves | outputs).items()}
    return results(outputs, loss, leaves), shapes


def recurrent_cases():
    """Every combination, and four without bias."""
    cells, sizes, no_yes = ["rnn_tanh", "rnn_relu", "lstm", "gru"], [1, 2], [False, True]
    rows = list(itertools.product(cells, sizes, sizes, no_yes, no_yes, [True]))
    for cell in ["rnn_tanh", "rnn_relu"]:
        rows += [(cell, 1, 1, True, False, False), (cell, 2, 2, True, True, False)]
    for cell, layers, directions, state, packed, bias in rows:
        words = [cell, f"layers{layers}", f"directions{directions}"]
        words += ["state" if state else "zero", "packed" if packed else "full"] + ["nobias"] * (not bias)
        yield {
            "name": "/".join(words),
            "cell": cell, "T": T, "B": B, "D": D, "H": H,
            "layers": layers, "directions": directions, "bias": bias, "state": state,
            "packed": packed, "lens": LENS if packed else FULL,
        }


def embedding(case, dtype):
    """Embedding, linear, cross entropy with a weight per item, and the weighted mean."""
    V, D = case["V"], case["D"]
    shapes = {"table": (V, D), "weight": (V, D), "bias": (V,)}
    leaves = {name: leaf(name, shape, dtype) for name, shape in shapes.items()}
    ids, targets = torch.tensor(case["ids"]), torch.tensor(case["targets"])
    w = torch.tensor(case["weights"], dtype=dtype)

    h = nn.functional.embedding(ids, leaves["table"])
    logits = nn.functional.linear(h, leaves["weight"], leaves["bias"])
    logits.retain_grad()
    losses = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="none").reshape(w.shape)
    loss = (w * losses).sum() / w.sum()

    outputs = {"logits": logits, "losses": losses}
    shapes = {name: list(t.shape) for name, t in (leaves | outputs).items()}
    return results(outputs, loss, leaves | {"logits": logits}), shapes


def embedding_case():
    """Ids 0 to 6 with repeats, id 6 never looked up, id 0 only at weight 0."""
    return {
        "name": "embedding",
        "T": 4, "B": 3, "V": 7, "D": 3,
        "ids": [[1, 5, 2], [2, 2, 4], [3, 1, 0], [5, 4, 1]],
        "targets": [[2, 2, 4], [3, 1, 6], [5, 4, 1], [0, 6, 3]],
        "weights": [[1, 0.5, 2], [1, 1, 0.25], [1, 0, 0], [0, 1.5, 1]],
    }


def both(case, run):
    """The case with its results in both types, which must agree (they would not across a corner of a ReLU)."""
    done = case | {"shapes": None}
    for key, dtype in TYPES.items():
        done[key], done["shapes"] = run(case, dtype)
    a, b = done["f64"], done["f32"]
    for name in a["grad"]:
        near(f"{case['name']}: gradient of {name}", a["grad"][name], b["grad"][name])
    for name in a.keys() - {"grad", "loss"}:
        near(f"{case['name']}: {name}", a[name], b[name])
    return done


def near(what, a, b):
    if math.dist(a, b) > 2e-6 * math.hypot(*a):
        raise SystemExit(f"{what}: float32 is not near float64")


OPTIMISERS = {
    "adam": (torch.optim.Adam, {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8}),
    "adamw": (torch.optim.AdamW, {"lr": 0.1, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.05}),
    "sgd": (torch.optim.SGD, {"lr": 0.1}),
    "momentum": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
}


def trajectory(name, clip, steps=5):
    """Each step: the gradient, its norm, the gradient clipped, and w after the step."""
    make, args = OPTIMISERS[name]
    w = leaf("w", (6,), torch.float64)
    optimiser = make([w], **args)
    case = {"name": f"{name}/clip{clip}", "optimiser": name, **args, "clip": clip, "w0": flat(w), "steps": []}
    for _ in range(steps):
        g = torch.cos(3 * w.detach() + torch.arange(6))
        w.grad = g.clone()
        if clip:
            clip_grad_norm_([w], clip)
        clipped = flat(w.grad)
        optimiser.step()
        case["steps"].append({"g": flat(g), "norm": g.norm().item(), "clipped": clipped, "w": flat(w)})
    return case


def write(name, cases):
    """The file: a header, then one case per line."""
    path = ROOT / name
    numbers = {k: n for k, n in NUMBERS.items() if (k == "w") == (path.name == "optim.json")}
    head = {"torch": torch.__version__, "command": COMMAND, "formula": FORMULA, "numbers": numbers}
    compact = {"separators": (",", ":")}
    lines = ",\n".join(json.dumps(c, **compact) for c in cases)
    text = json.dumps(head, **compact)[:-1] + ',"cases":[\n' + lines + "\n]}\n"
    path.write_text(text)


if __name__ == "__main__":
    torch.set_num_threads(1)
    cases = [both(case, recurrent) for case in recurrent_cases()]
    write("cells/testdata/golden.json", cases + [both(embedding_case(), embedding)])
    write("train/testdata/optim.json", [trajectory(name, clip) for name in OPTIMISERS for clip in (0.5, 0)])
