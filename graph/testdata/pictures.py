"""Makes pictures.json: what PyTorch computes of pictures, for the Go tests to agree with.

Regenerate
----------
    python3 graph/testdata/pictures.py

from the root of the repository; it needs PyTorch (python3-torch on Debian) and nothing else.

Nothing random, and no input is stored: element k (row-major, in PyTorch's layout) of tensor number n is
0.5 * cos((388*n + 130*k + 7*k*k) / 100), as in cells/testdata/golden.py: x is tensor 0, weight 1, bias 2, and 47 the
weights wy of the loss sum(y*wy). All in float64, row-major in PyTorch's layout: pictures [B, C, H, W], weights
[F, C, KH, KW]. The version and the command are recorded in the file.
"""

import json
import math
import pathlib

import torch
from torch.nn import functional as F

NUMBERS = {"x": 0, "weight": 1, "bias": 2, "wy": 47}

# name, operation, pictures, weights or size, stride, padding
CASES = [
    ("plain", "conv", (2, 3, 6, 7), (4, 3, 3, 3), (1, 1), (0, 0)),
    ("same", "conv", (2, 3, 6, 7), (4, 3, 3, 3), (1, 1), (1, 1)),
    ("strides", "conv", (3, 2, 7, 9), (5, 2, 3, 2), (2, 3), (2, 1)),
    ("single pixels", "conv", (2, 3, 4, 5), (4, 3, 1, 1), (1, 1), (0, 0)),
    ("whole picture", "conv", (2, 3, 4, 5), (4, 3, 4, 5), (1, 1), (0, 0)),
    ("halves", "max", (2, 3, 6, 8), (2, 2), (2, 2), (0, 0)),
    ("overlap", "max", (2, 3, 7, 6), (3, 2), (2, 1), (1, 1)),
    ("left over", "max", (2, 2, 7, 7), (2, 3), (3, 4), (0, 0)),
    ("halves", "mean", (2, 3, 6, 8), (2, 2), (2, 2), (0, 0)),
    ("overlap", "mean", (2, 3, 7, 6), (3, 2), (2, 1), (1, 1)),
    ("whole picture", "mean", (2, 3, 3, 5), (3, 5), (3, 5), (0, 0)),
]


def fill(name, shape):
    """The tensor of that name, by the formula."""
    n = NUMBERS[name]
    values = [0.5 * math.cos((388 * n + 130 * k + 7 * k * k) / 100) for k in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def case(name, op, pictures, kernel, stride, padding):
    """One case with its results."""
    leaves = {"x": fill("x", pictures).requires_grad_()}
    if op == "conv":
        leaves["weight"] = fill("weight", kernel).requires_grad_()
        leaves["bias"] = fill("bias", kernel[:1]).requires_grad_()
        y = F.conv2d(*leaves.values(), stride=stride, padding=padding)
    elif op == "max":
        y = F.max_pool2d(leaves["x"], kernel, stride, padding)
    else:
        y = F.avg_pool2d(leaves["x"], kernel, stride, padding)
    (y * fill("wy", y.shape)).sum().backward()
    grad = {k: {"shape": t.shape, "values": t.grad.reshape(-1).tolist()} for k, t in leaves.items()}
    return {"name": f"{op} {name}", "op": op, "kernel": kernel[-2:], "stride": stride, "padding": padding,
            "y": {"shape": y.shape, "values": y.detach().reshape(-1).tolist()}, "grad": grad}


def main():
    """Writes the file, a tensor to a line."""
    made = {"command": "python3 graph/testdata/pictures.py", "torch": torch.__version__, "numbers": NUMBERS,
            "cases": [case(*c) for c in CASES]}
    text = json.dumps(made).replace('{"name"', '\n{"name"').replace('"y":', '\n"y":').replace('"grad":', '\n"grad":')
    pathlib.Path(__file__).with_name("pictures.json").write_text(text + "\n")


main()
