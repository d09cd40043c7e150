#!/usr/bin/env python3
"""Compares a full-batch training step of SIREN (5 x 256, 256 x 256 coordinates) with PyTorch's.

First both compute the same loss and gradients, with and without INRR: every gradient must agree to 1e-4 of its norm.
Then both are timed, in turns, on the same number of threads.

Usage: torch_step.py [--steps N] [--threads N] [--rounds N]
Needs PyTorch: installed from PyPI if it is not there.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SIDE, WIDTH, LAYERS = 256, 256, 5


def import_torch():
    try:
        import torch
    except ImportError:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "torch", "numpy"], check=True)
        import torch
    return torch


def read_safetensors(torch, path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    body = memoryview(bytearray(data[8 + length :]))
    tensors = {
        name: torch.frombuffer(body[slice(*entry["data_offsets"])], dtype=torch.float32).clone()
        for name, entry in header.items()
    }
    return tensors, metadata


def slots(sizes):
    """Where weights (inputs, outputs) and biases lie: each begins at a multiple of 16."""
    start = 0
    for inputs, outputs in sizes:
        for shape in ((inputs, outputs), (outputs,)):
            count = shape[0] * (shape[1] if len(shape) > 1 else 1)
            yield start, count, shape
            start += (count + 15) // 16 * 16


def unpack(flat, sizes):
    parts = [flat[start : start + count].reshape(shape).clone() for start, count, shape in slots(sizes)]
    return [part.requires_grad_() for part in parts]


def pack(torch, flat, sizes, parts):
    result = torch.zeros_like(flat)
    for (start, count, _), part in zip(slots(sizes), parts):
        result[start : start + count] = part.grad.reshape(-1)
    return result


def forward(torch, parts, x, first):
    for i in range(0, len(parts) - 2, 2):
        x = torch.sin((first if i == 0 else 1.0) * (x @ parts[i] + parts[i + 1]))
    return x @ parts[-2] + parts[-1]


def inrr(torch, x, parts):
    """The Dirichlet energy of x's rows by the paper's code: Laplacian and all."""
    n = x.shape[0]
    z = torch.linspace(-1, 1, n).reshape(-1, 1)
    g = torch.softmax(forward(torch, parts, z, 5.0), dim=1)
    a = g @ g.T
    a = a * (1 - torch.eye(n))
    laplacian = torch.diag(a.sum(1)) - a
    return torch.trace(x.T @ laplacian @ x)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    torch = import_torch()
    torch.set_num_threads(options.threads)
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", HERE, "--product", "KernelBenchmarks"],
        check=True, stdout=subprocess.DEVNULL)
    tool = os.path.join(HERE, ".build", "release", "KernelBenchmarks")

    sizes = [(2, WIDTH)] + [(WIDTH, WIDTH)] * (LAYERS - 1) + [(WIDTH, 1)]
    tiny = [(1, 32)] + [(32, 32)] * 4 + [(32, SIDE)]
    axis = torch.linspace(-1, 1, SIDE)
    points = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1).reshape(-1, 2)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "step.safetensors")

        def own(steps):
            command = [tool, "network", path, str(steps), str(options.threads)]
            return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        own(1)
        tensors, metadata = read_safetensors(torch, path)
        target = tensors["target"].reshape(-1, 1)
        worst = 0.0

        def compare(what, ours, theirs):
            nonlocal worst
            difference = float(((ours - theirs).norm() / theirs.norm()).item())
            worst = max(worst, difference)
            print(f"{what}: relative difference {difference:.1e}")
            if not difference <= 1e-4:
                sys.exit(f"torch_step: {what} differs by {difference}, at most 1e-4 is allowed")

        parts = unpack(tensors["weights"], sizes)
        x = torch.sigmoid(forward(torch, parts, points, 30.0))
        loss = ((x - target) ** 2).mean()
        loss.backward()
        compare("loss of SIREN", torch.tensor(float(metadata["loss"])), loss.detach())
        compare("its gradient", tensors["gradients"], pack(torch, tensors["weights"], sizes, parts))

        parts = unpack(tensors["weights"], sizes)
        nets = {name: unpack(tensors[name + ".weights"], tiny) for name in ("row", "column")}
        x = torch.sigmoid(forward(torch, parts, points, 30.0))
        picture = x.reshape(SIDE, SIDE)
        energy = inrr(torch, picture, nets["row"]) + inrr(torch, picture.T, nets["column"])
        loss = ((x - target) ** 2).mean() + 0.0655 / SIDE**2 * energy
        loss.backward()
        compare("loss of SIREN + INRR", torch.tensor(float(metadata["inrr.loss"])), loss.detach())
        compare("its gradient", tensors["inrr.gradients"], pack(torch, tensors["weights"], sizes, parts))
        for name, net in nets.items():
            compare(
                f"gradient of the {name}s' tiny network", tensors[name + ".gradients"],
                pack(torch, tensors[name + ".weights"], tiny, net))

        parts = unpack(tensors["weights"], sizes)
        adam = torch.optim.Adam(parts, lr=1e-4)

        def step():
            start = time.perf_counter()
            adam.zero_grad()
            ((torch.sigmoid(forward(torch, parts, points, 30.0)) - target) ** 2).mean().backward()
            adam.step()
            return time.perf_counter() - start

        step()
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(own(options.steps))
            theirs.append(statistics.median(step() for _ in range(options.steps)))
        print(
            f"step on {options.threads} threads: {statistics.median(ours) * 1e3:.0f} ms here, "
            f"{statistics.median(theirs) * 1e3:.0f} ms with PyTorch {torch.__version__}: "
            f"{statistics.median(theirs) / statistics.median(ours):.2f} times as fast")


if __name__ == "__main__":
    main()
