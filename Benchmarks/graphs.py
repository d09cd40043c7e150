#!/usr/bin/env python3
"""Asks where a learned graph pays in the fit of the factorised representation, beside total variation.

Fits the Tucker INR in PyTorch to damaged clips, with graphs of several kinds and with the same graphs fixed, and prints
PSNR in dB over missing samples of the fit alone: no interpolation, no shrinkage, no blend. All variants of a case have
the same seed, iterations and penalties but for what the row names. Questions:

    axes      INRR along rows, columns and time, as published
    voxels    a graph over neighbouring voxels, A_pq = <G(p), G(q)>, G the softmax of a tiny INR of (row, column, frame)
    motion    a graph over frames up to three apart, once they are aligned along optical flow, from half of the fit on
    cuts      a graph over the frames of a clip that cuts to another one and back
    weights   the weight of --graph, chosen among three by short fits to all but held-out samples

Needs FFmpeg, numpy and scipy; PyTorch and OpenCV are installed from PyPI where they are not there.
"""
import argparse
import importlib.util
import json
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Callable

sys.dont_write_bytecode = True
try:
    import numpy as np
    from support import figures, masks, media, options
except ModuleNotFoundError as missing:
    raise SystemExit(f"{missing.name} is needed: python3 -m pip install numpy scipy")

PACKAGES = {"cv2": "opencv-python-headless", "torch": "torch"}
for package in [package for name, package in PACKAGES.items() if importlib.util.find_spec(name) is None]:
    print("installing " + package, file=sys.stderr)
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", package], check=True)
import cv2  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

# Weights beside the norm of the residual of a clip of this many samples; they grow as a sum over samples falls behind.
SAMPLES = 32 * 3 * 144 * 176
TV, SSTV, STATIC_TV, STATIC_SSTV = 5e-5, 5e-4, 2e-4, 1e-3
AXES, TIME = 1e-4, 1e-3
BESIDE = 0.2  # share of the weights of INRR that is left beside TV and SSTV
MOTION, MOTION_TV, REACH = 6e-4, 3e-5, 3
RENEWED = 4  # frames whose voxels' similarities are renewed at a step
RATE, GRAPH_RATE = 3e-3, 1e-2
FACTORS = (0.25, 1, 4)
QUESTIONS = ("axes", "voxels", "motion", "cuts", "weights")


# The representation.

class Sine(nn.Module):
    def __init__(self, inputs, outputs, frequency, bound):
        super().__init__()
        self.linear, self.frequency = nn.Linear(inputs, outputs), frequency
        nn.init.uniform_(self.linear.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.frequency * self.linear(x))


def network(inputs, outputs, frequency, width, hidden):
    bound = math.sqrt(6 / width)
    layers = [Sine(inputs, width, frequency, 1.0), *(Sine(width, width, 1.0, bound) for _ in range(hidden))]
    last = nn.Linear(width, outputs)
    nn.init.uniform_(last.weight, -bound, bound)
    return nn.Sequential(*layers, last)


class Tucker(nn.Module):
    """Frames, planes, rows, columns as a core times a matrix for each of rows, columns and frames."""

    def __init__(self, frames, planes, height, width, still):
        super().__init__()
        ranks = height // 2, width // 2, 3 * frames // 4
        frequencies = (60, 60, 20) if still else (100, 100, 20)
        self.axes = [torch.linspace(-1, 1, n)[:, None] for n in (height, width, frames)]
        self.nets = nn.ModuleList(network(1, rank, w, 256, 1) for rank, w in zip(ranks, frequencies))
        self.core = nn.Parameter(torch.randn(ranks[2], planes, *ranks[:2]) * 0.3 / math.sqrt(math.prod(ranks)))

    def forward(self):
        u, v, w = factors = [net(axis) for net, axis in zip(self.nets, self.axes)]
        return u @ torch.tensordot(w, self.core, 1) @ v.T, factors

    def grams(self, u, v, w):
        """For each axis K, where (u_i - u_j)^T K (u_i - u_j) is the squared distance of its slices i and j."""
        core, gu, gv, gw = self.core, u.T @ u, v.T @ v, w.T @ w
        cw, cv, cu = torch.tensordot(gw, core, 1), core @ gv, gu @ core

        def flat(tensor, axis):
            return tensor.movedim(axis, 0).flatten(1)

        return flat(cw, 2) @ flat(cv, 2).T, flat(cw, 3) @ flat(cu, 3).T, flat(gu @ cv, 0) @ flat(core, 0).T


# Graphs. Each is a module whose value is its energy, and whose parameters are learned beside those of the fit.

class Similarity(nn.Module):
    """A symmetric matrix of n similarities with a zero diagonal: G G^T, rows of G the softmax of a tiny INR, whose
    logits have a Gaussian prior around as many centres as there are rows; or that prior's own, exp(-(i - j)^2 / 4)."""

    def __init__(self, n, learned, local=True, scenes=None):
        super().__init__()
        place = torch.arange(n, dtype=torch.float32)
        square = (place[:, None] - place) ** 2
        self.place = torch.linspace(-1, 1, n)[:, None]
        self.allowed = 1 - torch.eye(n)
        if scenes is not None:
            self.allowed *= scenes[:, None] == scenes
        self.prior = -square / 2 if local else torch.zeros(n, n)
        self.fixed = torch.exp(-square / 4)
        self.net = network(1, n, 5.0, 32, 4) if learned else None

    def forward(self):
        if self.net is None:
            return self.fixed * self.allowed
        g = torch.softmax(self.net(self.place) + self.prior, -1)
        return g @ g.T * self.allowed


def dirichlet(a, u, k):
    """Half the sum of a_ij (u_i - u_j)^T k (u_i - u_j), over the mean row sum of a, which stays out of the gradient."""
    u = u - u.mean(0)
    products = u @ k @ u.T
    square = products.diagonal()
    return 0.5 * (a * (square[:, None] + square - 2 * products)).sum() / (a.sum(1).mean().detach() + 1e-8)


class Axes(nn.Module):
    """Dirichlet energies along rows, columns and frames, each with its weight."""

    def __init__(self, shape, weights, learned, local=True, scenes=None):
        super().__init__()
        frames, _, height, width = shape
        self.weights = weights
        self.graphs = nn.ModuleList(
            Similarity(n, learned, local, scenes if n_is_time else None)
            for n, n_is_time in ((height, False), (width, False), (frames, True)))

    def forward(self, net, filled, factors):
        parts = zip(self.weights, self.graphs, factors, net.grams(*factors))
        return sum(weight * dirichlet(graph(), u, k) for weight, graph, u, k in parts if weight)


class Voxels(nn.Module):
    """Differences of neighbouring voxels in rows, columns and time, each times the similarity of the two over the mean
    similarity: one, or with `truth` what nothing can know, the inverse of their difference in the undamaged clip."""

    def __init__(self, weight, squared=False, truth=None):
        super().__init__()
        self.weight, self.squared, self.kept = weight, squared, [torch.ones(1, 1, 1)] * 3
        if truth is not None:
            pairs = neighbours(torch.from_numpy(truth.astype(np.float32) / 255), (2, 3, 0))
            self.kept = [1 / ((b - a).abs().mean(1) + 0.02) for a, b in pairs]

    def distances(self, filled):
        pairs = neighbours(filled, (2, 3, 0))
        return [(b - a).square().sum(1) if self.squared else (b - a).abs().sum(1) for a, b in pairs]

    def forward(self, net, filled, factors):
        parts = zip(self.kept, self.distances(filled))
        return self.weight * sum((a * d).sum() for a, d in parts) / mean(self.kept)


class LearnedVoxels(Voxels):
    """The same where similarities are <G(p), G(q)>, and their mean is out of the gradient, as in INRR, or takes part
    (`through`). Those of a few frames are renewed at each step, in turns, and G learns from these alone."""

    def __init__(self, shape, weight, squared=False, through=False):
        super().__init__(weight, squared)
        axes = [torch.linspace(-1, 1, n) for n in (shape[0], *shape[2:])]
        self.places = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1) * torch.tensor([0.3, 1.0, 1.0])
        self.net = network(3, 16, 30.0, 32, 2)
        self.through, self.turn = through, 0
        with torch.no_grad():
            self.kept = self.similarities(0, shape[0])

    def similarities(self, first, last):
        """Of the frames' rows, of their columns, and of each frame with the next, where there is one."""
        g = torch.softmax(self.net(self.places[first:last + 1]), -1)
        own = g[:last - first]
        return [(b * a).sum(-1) for a, b in neighbours(own, (1, 2)) + neighbours(g, (0,))]

    def forward(self, net, filled, factors):
        first = self.turn % len(filled)
        self.turn = first + RENEWED
        fresh = self.similarities(first, min(first + RENEWED, len(filled)))
        for kept, a in zip(self.kept, fresh):
            kept[first:first + len(a)] = a.detach()
        parts = zip(fresh, self.distances(filled.detach()))
        of_graph = sum((a * d[first:first + len(a)]).sum() for a, d in parts)
        size = mean(fresh)
        # The gradients are what counts: the first term's goes to the clip, the second's to G.
        of_graph = of_graph / (size if self.through else size.detach())
        return super().forward(net, filled, factors) + self.weight * of_graph


def mean(parts):
    return sum(part.sum() for part in parts) / sum(part.numel() for part in parts)


def neighbours(x, axes):
    return [(x.narrow(k, 0, x.shape[k] - 1), x.narrow(k, 1, x.shape[k] - 1)) for k in axes]


class Motion(nn.Module):
    """Absolute differences of frames t < s <= t + 3, s warped to t along the flow of the video as it is filled when
    `align` is called, where the two agree; times the similarity of t and s, over its mean sum for a frame. With `truth`
    the flow is what nothing can know, that of the undamaged clip."""

    def __init__(self, shape, weight, learned, truth=None):
        super().__init__()
        self.weight, self.graph = weight, Similarity(shape[0], learned)
        self.truth = None if truth is None else torch.from_numpy(truth.astype(np.float32) / 255 - 0.5)
        self.first, self.second = map(torch.tensor, zip(*(
            (t, s) for t in range(shape[0]) for s in range(t + 1, min(t + REACH + 1, shape[0])))))

    def align(self, filled):
        search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        clip = filled if self.truth is None else self.truth
        # Planes are green, blue, red.
        luma = (clip * torch.tensor([0.587, 0.114, 0.299])[:, None, None]).sum(1, keepdim=True) + 0.5
        gray = (luma[:, 0].clamp(0, 1) * 255).round().byte().numpy()
        flows = [search.calc(gray[t], gray[s], None) for t, s in zip(self.first, self.second)]
        height, width = gray.shape[1:]
        y, x = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
        steps = torch.from_numpy(np.stack(flows)) * torch.tensor([2 / (width - 1), 2 / (height - 1)])
        self.grid = torch.stack([x, y], -1) + steps
        residual = self.warp(luma) - luma[self.first]
        inside = (self.grid.abs() <= 1).all(-1)[:, None]
        self.confidence = torch.exp(-(residual / 0.08) ** 2) * inside

    def warp(self, frames):
        return nn.functional.grid_sample(
            frames[self.second], self.grid, padding_mode="border", align_corners=True)

    def forward(self, net, filled, factors):
        difference = (self.confidence * (filled[self.first] - self.warp(filled)).abs()).sum((1, 2, 3))
        a = self.graph()[self.first, self.second]
        return self.weight * (a * difference).sum() * len(filled) / a.sum().detach()


# The fit.

@dataclass
class Variant:
    """What a row of a table stands for: factors of TV and SSTV, and how to make a graph for a clip."""

    name: str
    tv: float = 1.0
    sstv: float = 1.0
    graph: Callable | None = None
    seed: int = 0


def variation(z, tv, sstv):
    dy, dx = z[:, :, 1:] - z[:, :, :-1], z[..., 1:] - z[..., :-1]
    result = tv * (dy.abs().sum() + dx.abs().sum())
    return result + sstv * ((dy[1:] - dy[:-1]).abs().sum() + (dx[1:] - dx[:-1]).abs().sum()) if sstv else result


def fit(samples, mask, variant, iterations, factor=1.0):
    """Samples of 8 bits, all of them the representation's, and the graph; `factor` is of the graph's weight."""
    torch.manual_seed(variant.seed)
    still = not mask.any(0).all()
    tv, sstv = (STATIC_TV, STATIC_SSTV) if still else (TV, SSTV)
    tv, sstv = tv * variant.tv, sstv * variant.sstv
    scale = math.sqrt(SAMPLES / samples.size)
    truth = torch.from_numpy(samples.astype(np.float32) / 255 - 0.5)
    known = torch.from_numpy(mask)[:, None]
    net = Tucker(*samples.shape, still)
    graph = variant.graph(samples) if variant.graph else None
    groups = [dict(params=list(net.parameters()), lr=RATE)]
    if graph:
        groups.append(dict(params=list(graph.parameters()), lr=GRAPH_RATE))
    adam = torch.optim.Adam(groups, betas=(0.9, 0.99))
    rates = [group["lr"] for group in adam.param_groups]
    moves = isinstance(graph, Motion)
    for step in range(iterations):
        for group, rate in zip(adam.param_groups, rates):
            group["lr"] = rate * (0.49 * (1 + math.cos(math.pi * step / iterations)) + 0.02)
        x, factors = net()
        filled = torch.where(known, truth, x)
        if moves and step == iterations // 2:
            graph.align(filled.detach())
            tv, sstv = tv * MOTION_TV / TV, 0.0
        loss = ((x - truth) * known).norm() + scale * variation(filled, tv, sstv)
        if graph and (not moves or step >= iterations // 2):
            loss = loss + scale * factor * graph(net, filled, factors)
        adam.zero_grad()
        loss.backward()
        adam.step()
    with torch.no_grad():
        return ((net()[0] + 0.5).clamp(0, 1) * 255).round().byte().numpy(), graph


def axes_variants():
    alone, beside = (AXES, AXES, TIME), (BESIDE * AXES, BESIDE * AXES, BESIDE * TIME)
    return [
        Variant("no regulariser", 0, 0),
        Variant("TV + SSTV"),
        Variant("TV + SSTV, another seed", seed=1),
        Variant("INRR", 0, 0, lambda clip: Axes(clip.shape, alone, True)),
        Variant("fixed Gaussian", 0, 0, lambda clip: Axes(clip.shape, alone, False)),
        Variant("TV + SSTV + INRR", graph=lambda clip: Axes(clip.shape, beside, True)),
        Variant("TV + SSTV + fixed Gaussian", graph=lambda clip: Axes(clip.shape, beside, False)),
    ]


def voxel_variants():
    return [
        Variant("TV + SSTV"),
        Variant("+ neighbours, all alike", graph=lambda clip: Voxels(TV)),
        Variant("+ learned voxel graph", graph=lambda clip: LearnedVoxels(clip.shape, TV)),
        Variant("+ learned, gradient through the mean", graph=lambda clip: LearnedVoxels(clip.shape, TV, through=True)),
        Variant("+ learned, squared differences", graph=lambda clip: LearnedVoxels(clip.shape, 10 * TV, squared=True)),
        Variant("neighbours for TV, all alike", 0, graph=lambda clip: Voxels(TV)),
        Variant("learned voxel graph for TV", 0, graph=lambda clip: LearnedVoxels(clip.shape, TV)),
        Variant("+ neighbours as alike as in the undamaged clip", graph=lambda clip: Voxels(TV, truth=clip)),
        Variant("neighbours for TV, as alike as undamaged", 0, graph=lambda clip: Voxels(TV, truth=clip)),
    ]


def motion_variants():
    return [
        Variant("TV + SSTV"),
        Variant("along motion, fixed Gaussian", graph=lambda clip: Motion(clip.shape, MOTION, False)),
        Variant("along motion, INRR on time", graph=lambda clip: Motion(clip.shape, MOTION, True)),
        Variant("along the undamaged clip's motion, fixed Gaussian",
                graph=lambda clip: Motion(clip.shape, MOTION, False, clip)),
    ]


def cut_variants(scenes):
    alone, beside = (0, 0, TIME), (0, 0, BESIDE * TIME)
    kinds = {
        "fixed Gaussian": dict(learned=False),
        "fixed Gaussian that knows the cuts": dict(learned=False, scenes=scenes),
        "INRR": dict(learned=True),
        "INRR without a local prior": dict(learned=True, local=False),
    }
    result = [Variant("no regulariser", 0, 0), Variant("TV + SSTV")]
    for start, tv, sstv, weights in (("TV + SSTV + ", 1, 1, beside), ("", 0, 0, alone)):
        result += [
            Variant(start + name, tv, sstv, lambda clip, w=weights, how=how: Axes(clip.shape, w, **how))
            for name, how in kinds.items()]
    return result


# Cases and tables.

@dataclass
class Case:
    name: str
    samples: np.ndarray
    mask: np.ndarray
    scenes: torch.Tensor | None = None


def decoded(name, crop):
    samples, _ = media.decode_clip(media.public_clip(name))
    y, x, height, width = crop
    return samples[..., y:y + height, x:x + width]


def cut(first, second):
    """32 frames: 11 of one clip, 10 of another, the next 11 of the first; and the number of each frame's scene."""
    return np.concatenate([first[:11], second[:10], first[11:22]]), torch.tensor([0] * 11 + [1] * 10 + [0] * 11)


def held_out(mask):
    """Known pixels that would be missing were the holes elsewhere; a tenth where those are most of them."""
    frames, height, width = mask.shape
    held = mask & ~np.roll(mask, (2, height // 3, width // 3), (0, 1, 2))
    if held.sum() > mask.sum() / 2:
        held &= np.random.default_rng(1).random(mask.shape) < 0.1
    return held


class Runs:
    """Fits, none of them twice; with a file, not even in a later run."""

    def __init__(self, iterations, path):
        self.iterations, self.path, self.known = iterations, path, {}
        if path and os.path.exists(path):
            with open(path) as file:
                self.known = {tuple(row["key"]): row for row in map(json.loads, file)}

    def psnr(self, case, variant, factor=1, short=False):
        """Over missing samples; of a short fit, over held-out ones that it is not shown."""
        key = (case.name, variant.name, factor, "held out" if short else "missing")
        if key not in self.known:
            start = time.monotonic()
            held = held_out(case.mask)
            mask = case.mask & ~held if short else case.mask
            result, graph = fit(case.samples, mask, variant, self.iterations // 2 if short else self.iterations, factor)
            judged = ~held if short else case.mask
            row = dict(key=key, psnr=figures.psnr_missing(case.samples, result, judged))
            if isinstance(graph, Axes) and case.scenes is not None:
                row["contrast"] = across(graph, case.scenes)
            elif isinstance(graph, LearnedVoxels):
                row["contrast"] = at_edges(graph, case.samples)
            self.keep(row, time.monotonic() - start)
        return self.known[key]["psnr"]

    def keep(self, row, seconds):
        self.known[row["key"]] = row
        print(f"{', '.join(map(str, row['key']))}: {row['psnr']:.2f} dB, {seconds:.0f} s", file=sys.stderr, flush=True)
        if self.path:
            with open(self.path, "a") as file:
                file.write(json.dumps(row | dict(seconds=round(seconds, 1))) + "\n")


def across(graph, scenes):
    """The mean similarity of the frames beside cuts, over that of all other frames that are neighbours."""
    with torch.no_grad():
        beside = graph.graphs[2]().diagonal(1)
    at = scenes[1:] != scenes[:-1]
    return float(beside[at].mean() / beside[~at].mean())


def at_edges(graph, samples):
    """The mean similarity of the tenth of neighbours that differ most in the undamaged clip, over that of others."""
    distances = torch.cat([d.flatten() for d in graph.distances(torch.from_numpy(samples.astype(np.float32)))])
    similarities = torch.cat([a.flatten() for a in graph.kept])
    at = distances > np.quantile(distances.numpy(), 0.9)
    return float(similarities[at].mean() / similarities[~at].mean())


def table(title, cases, variants, runs):
    print(f"\n{title}\n\n| | " + " | ".join(case.name for case in cases) + " | mean |\n|" + "---|" * (len(cases) + 2))
    for variant in variants:
        values = [runs.psnr(case, variant) for case in cases]
        texts = [f"{value:.2f}" for value in (*values, np.mean(values))]
        print(f"| {variant.name} | " + " | ".join(texts) + " |", flush=True)


def contrasts(title, cases, variants, runs):
    print(f"\n{title}\n")
    for variant in variants:
        rows = [runs.known[case.name, variant.name, 1, "missing"] for case in cases]
        if "contrast" in rows[0]:
            print(f"- {variant.name}: " + ", ".join(f"{row['contrast']:.2f}" for row in rows), flush=True)


def weights_table(cases, variant, runs):
    print(f"\nThe weight of '{variant.name}' by hold-out, of {', '.join(map(str, FACTORS))} times the one above\n")
    print("| case | " + " | ".join(f"held out, x {f}" for f in FACTORS) + " | "
          + " | ".join(f"missing, x {f}" for f in FACTORS) + " | chosen |\n|" + "---|" * (2 * len(FACTORS) + 2))
    for case in cases:
        held = [runs.psnr(case, variant, factor, short=True) for factor in FACTORS]
        missing = [runs.psnr(case, variant, factor) for factor in FACTORS]
        texts = [f"{value:.2f}" for value in held + missing] + [f"x {FACTORS[int(np.argmax(held))]}"]
        print(f"| {case.name} | " + " | ".join(texts) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", default="carphone,bikes", help="public clips, by default %(default)s")
    parser.add_argument("--kinds", default="random,block,logo,frames", help="kinds of damage, by default %(default)s")
    parser.add_argument("--cut-kinds", default="random,scratch,frames", help="of the cuts, by default %(default)s")
    parser.add_argument("--questions", default=",".join(QUESTIONS), help="by default %(default)s")
    parser.add_argument("--graph", default="along motion, INRR on time", help="whose weight, by default '%(default)s'")
    parser.add_argument("--crop", default="40,48,64,80", help="Y,X,H,W of the clips' 144 x 176, by default %(default)s")
    parser.add_argument("--iterations", type=int, default=200, help="of each fit, by default %(default)s")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="by default all cores")
    parser.add_argument("--log", metavar="FILE", help="keeps figures; those that are there are not measured again")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    questions = options.chosen(given.questions, QUESTIONS, "--questions")
    kinds = options.chosen(given.kinds, masks.KINDS, "--kinds")
    cut_kinds = options.chosen(given.cut_kinds, masks.KINDS, "--cut-kinds")
    names = options.chosen(given.clips, media.PUBLIC, "--clips")
    groups = {
        "axes": ("INRR along rows, columns and time", axes_variants()),
        "voxels": ("A graph over neighbouring voxels", voxel_variants()),
        "motion": ("A graph over frames that are aligned along motion", motion_variants()),
    }
    graphs = {variant.name: variant for _, variants in groups.values() for variant in variants if variant.graph}
    if given.graph not in graphs:
        raise SystemExit(f"--graph {given.graph}: choose among '" + "', '".join(graphs) + "'")
    if "cuts" in questions and len(names) < 2:
        raise SystemExit("--questions cuts: two clips are needed")
    clips = {name: decoded(name, options.numbers(given.crop, ",", 4, "--crop")) for name in names}
    cases = [
        Case(f"{name} {kind}", samples, masks.known(kind, len(samples), *samples.shape[2:]))
        for name, samples in clips.items() for kind in kinds]
    runs = Runs(given.iterations, given.log)
    for question, (title, variants) in groups.items():
        if question in questions:
            table(title, cases, variants, runs)
        if question in questions and question == "voxels":
            contrasts("Similarity of neighbours that differ, over that of others:", cases, variants, runs)
    if "cuts" in questions:
        samples, scenes = cut(*list(clips.values())[:2])
        variants = cut_variants(scenes)
        of_cuts = [
            Case(f"cut {kind}", samples, masks.known(kind, len(samples), *samples.shape[2:]), scenes)
            for kind in cut_kinds]
        table("A graph over frames, across two cuts", of_cuts, variants, runs)
        contrasts("Similarity of frames beside a cut, over that of other neighbours:", of_cuts, variants, runs)
    if "weights" in questions:
        weights_table(cases, graphs[given.graph], runs)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"graphs.py: {failed.cmd[0]} ended with {failed.returncode}")
