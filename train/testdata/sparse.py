"""Makes sparse.json: what torch.optim.SparseAdam computes, for the Go tests to agree with.

    python3 train/testdata/sparse.py

from the root of the repository; it needs PyTorch (python3-torch on Debian) and nothing else. A table E [V, D] is
filled by E_k = 0.5*cos(3.88 + 1.3*k). Each of five steps looks up its ids, some of them twice, some rows in none of
the steps, and has the loss sum_i sum_j E[ids_i]_j * cos(3*E[ids_i]_j + i + j), in which the cosine is taken for a
constant. All in float64; "w" is the table after each step, "m" and "v" are the means at the end, row by row.
"""

import json
import pathlib

import torch
from torch import nn

V, D = 7, 3
IDS = [[1, 4, 1, 0], [4, 4, 4, 6], [0, 2, 0, 1], [6, 1, 2, 6], [4, 0, 4, 1]]


def case(name, lr, betas, eps):
    table = nn.Embedding(V, D, sparse=True).double()
    with torch.no_grad():
        table.weight.copy_((0.5 * torch.cos(3.88 + 1.3 * torch.arange(V * D, dtype=torch.float64))).reshape(V, D))
    optimiser = torch.optim.SparseAdam(table.parameters(), lr=lr, betas=betas, eps=eps)
    w0 = table.weight.detach().flatten().tolist()
    steps = []
    for ids in IDS:
        optimiser.zero_grad()
        rows = table(torch.tensor(ids))
        at = torch.arange(len(ids))[:, None] + torch.arange(D)
        (rows * torch.cos(3 * rows.detach() + at)).sum().backward()
        optimiser.step()
        steps.append({"ids": ids, "w": table.weight.detach().flatten().tolist()})
    state = optimiser.state[table.weight]
    return {
        "name": name, "lr": lr, "betas": betas, "eps": eps, "w0": w0, "steps": steps,
        "m": state["exp_avg"].flatten().tolist(), "v": state["exp_avg_sq"].flatten().tolist(),
    }


CASES = [
    case("usual", 0.1, [0.9, 0.999], 1e-8),
    case("short memory", 0.02, [0.5, 0.8], 1e-8),
    case("large eps", 0.1, [0.9, 0.999], 0.01),
]
pathlib.Path(__file__).with_name("sparse.json").write_text(
    json.dumps({"torch": torch.__version__, "V": V, "D": D, "cases": CASES}, indent=1) + "\n"
)
