"""Implicit neural representations without a regulariser."""
import math
import time

import numpy as np

from ..interpolation import rounded

WIDTH, LAYERS, FREQUENCY, POINTS = 256, 4, 30.0, 16384


def siren(samples, mask, budget):
    """V. Sitzmann, J. Martel, A. Bergman, D. Lindell, G. Wetzstein, NeurIPS 2020, arXiv:2006.09661: one network of the
    coordinates (frame, row, column), in PyTorch, on random known pixels; the rate falls along a cosine over the budget."""
    import torch

    torch.manual_seed(0)

    class Sine(torch.nn.Module):
        def __init__(self, inputs, bound):
            super().__init__()
            self.linear = torch.nn.Linear(inputs, WIDTH)
            torch.nn.init.uniform_(self.linear.weight, -bound, bound)

        def forward(self, x):
            return torch.sin(FREQUENCY * self.linear(x))

    hidden = math.sqrt(6 / WIDTH) / FREQUENCY
    net = torch.nn.Sequential(
        Sine(3, 1 / 3), *(Sine(WIDTH, hidden) for _ in range(LAYERS - 1)), torch.nn.Linear(WIDTH, samples.shape[1]))
    torch.nn.init.uniform_(net[-1].weight, -math.sqrt(6 / WIDTH) / FREQUENCY, math.sqrt(6 / WIDTH) / FREQUENCY)
    places = torch.from_numpy(np.argwhere(mask).astype(np.float32))
    scale = torch.tensor([max(1, side - 1) / 2 for side in mask.shape])
    colours = torch.from_numpy(np.moveaxis(samples, 1, -1)[mask].astype(np.float32)) / 127.5 - 1
    optimiser = torch.optim.Adam(net.parameters(), lr=5e-4)
    start = time.monotonic()
    while (share := (time.monotonic() - start) / budget) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 5e-4 * (0.02 + 0.98 * (1 + math.cos(math.pi * share)) / 2)
        batch = torch.randint(len(places), (POINTS,))
        loss = torch.mean((net(places[batch] / scale - 1) - colours[batch]) ** 2)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    result = np.moveaxis(samples, 1, -1).copy()
    holes = torch.from_numpy(np.argwhere(~mask).astype(np.float32))
    with torch.no_grad():
        made = [net(part / scale - 1) for part in holes.split(1 << 16)]
    if made:
        result[~mask] = rounded((torch.cat(made).numpy() + 1) * 127.5)
    return np.moveaxis(result, -1, 1)
