"""Implicit neural representations without INRR, in PyTorch. With a budget the rate falls along a cosine and the fit ends with
it. Without one (infinity) some of the known samples are held out, and the fit ends when they have not become better for long."""
import copy
import math
import time

import numpy as np

from ..interpolation import rounded

WIDTH, LAYERS, FREQUENCY, POINTS = 256, 4, 30.0, 16384
# Fits without a budget: the share of the known pixels that is held out, the steps between two looks at them, how many looks
# without a rise of so many dB make the rate a fifth (twice) and then end the fit, and how many steps there are at most.
HELD_OUT, LOOK, PATIENCE, RISE, FALLS, MOST = 0.03, 100, 8, 0.02, 2, 20_000


def siren(samples, mask, budget):
    """V. Sitzmann, J. Martel, A. Bergman, D. Lindell, G. Wetzstein, NeurIPS 2020, arXiv:2006.09661: one network of the
    coordinates (frame, row, column) on random known pixels."""
    import torch

    torch.manual_seed(0)
    net = _network(torch, [3] + [WIDTH] * LAYERS + [samples.shape[1]], FREQUENCY)
    fitted, judged = _split(torch, mask, budget)
    scale = torch.tensor([max(1, side - 1) / 2 for side in mask.shape])
    colours = torch.from_numpy(np.moveaxis(samples, 1, -1).astype(np.float32) / 127.5 - 1)

    def error(places):
        return torch.mean((net(places / scale - 1) - colours[tuple(places.T)]) ** 2)

    def loss():
        return error(fitted[torch.randint(len(fitted), (POINTS,))])

    _fit(torch, net, loss, lambda: error(judged), 5e-4, budget)
    result = np.moveaxis(samples, 1, -1).copy()
    holes = torch.from_numpy(np.argwhere(~mask))
    with torch.no_grad():
        made = [net(part / scale - 1) for part in holes.split(1 << 16)]
    if made:
        result[~mask] = rounded((torch.cat(made).numpy() + 1) * 127.5)
    return np.moveaxis(result, -1, 1)


def lrtfr(samples, mask, budget, frequency=30.0):
    """Y. Luo, X. Zhao, Z. Li, M. Ng, D. Meng, TPAMI 2024, arXiv:2212.00262: a Tucker tensor whose factors along frames, rows
    and columns are networks of one coordinate each, on all known pixels at once. Ranks are half of the sides."""
    import torch

    torch.manual_seed(0)
    frames, planes, height, width = samples.shape
    ranks = [max(2, side // 2) for side in (frames, height, width)]
    sides = [torch.linspace(-1, 1, side)[:, None] for side in (frames, height, width)]

    class Tucker(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.factors = torch.nn.ModuleList(_network(torch, [1, WIDTH, WIDTH, r], frequency) for r in ranks)
            self.core = torch.nn.Parameter(torch.randn(planes, *ranks) / math.sqrt(math.prod(ranks)))

        def forward(self):
            t, y, x = (factor(side) for factor, side in zip(self.factors, sides))
            return torch.einsum("cabe,xe,yb,ta->tcyx", self.core, x, y, t)

    net = Tucker()
    fitted, judged = _split(torch, mask, budget)
    values = torch.from_numpy(samples.astype(np.float32) / 127.5 - 1)

    def error(places):
        t, y, x = places.T
        return torch.mean((net()[t, :, y, x] - values[t, :, y, x]) ** 2)

    _fit(torch, net, lambda: error(fitted), lambda: error(judged), 1e-3, budget)
    with torch.no_grad():
        made = rounded((net().numpy() + 1) * 127.5)
    return np.where(mask[:, None], samples, made)


def _network(torch, widths, frequency):
    """Layers of sines, the last one linear, begun as in SIREN's paper."""

    class Sine(torch.nn.Module):
        def __init__(self, inputs, outputs, bound):
            super().__init__()
            self.linear = torch.nn.Linear(inputs, outputs)
            torch.nn.init.uniform_(self.linear.weight, -bound, bound)

        def forward(self, x):
            return torch.sin(frequency * self.linear(x))

    bounds = [1 / widths[0]] + [math.sqrt(6 / width) / frequency for width in widths[1:]]
    layers = [Sine(a, b, bound) for a, b, bound in zip(widths, widths[1:-1], bounds)]
    last = torch.nn.Linear(widths[-2], widths[-1])
    torch.nn.init.uniform_(last.weight, -bounds[-1], bounds[-1])
    return torch.nn.Sequential(*layers, last)


def _split(torch, mask, budget):
    """Places (frame, row, column) of known pixels that are fitted, and of those that are held out."""
    places = torch.from_numpy(np.argwhere(mask))
    if math.isfinite(budget):
        return places, places[:0]
    places = places[torch.randperm(len(places))]
    count = max(1, min(int(HELD_OUT * len(places)), 1 << 16))
    return places[count:], places[:count]


def _fit(torch, net, loss, judge, rate, budget):
    optimiser = torch.optim.Adam(net.parameters(), lr=rate)
    start = time.monotonic()
    best, state, waited, falls = -math.inf, copy.deepcopy(net.state_dict()), 0, 0
    step = 0
    while True:
        if math.isfinite(budget):
            share = (time.monotonic() - start) / budget
            if share >= 1:
                return
            optimiser.param_groups[0]["lr"] = rate * (0.02 + 0.98 * (1 + math.cos(math.pi * share)) / 2)
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()
        step += 1
        if math.isfinite(budget) or step % LOOK:
            continue
        with torch.no_grad():
            reached = -10 * math.log10(max(1e-12, float(judge())))
        waited = 0 if reached > best + RISE else waited + 1
        if reached > best:
            best, state = reached, copy.deepcopy(net.state_dict())
        if waited >= PATIENCE or step >= MOST:
            net.load_state_dict(state)
            if falls == FALLS or step >= MOST:
                return
            falls, waited = falls + 1, 0
            optimiser = torch.optim.Adam(net.parameters(), lr=rate / 5 ** falls)
