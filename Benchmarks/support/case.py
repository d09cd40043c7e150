"""Clips with damage of one kind, and what the tool makes of them."""
import json
import os

from . import figures, interpolation, masks, media, tool


class Case:
    """One clip with one kind of damage: its files, and what simple interpolation makes of it."""

    def __init__(self, name, samples, rate, kind, folder):
        self.name, self.samples, self.rate, self.kind = name, samples, rate, kind
        frames, _, height, width = samples.shape
        self.mask = masks.known(kind, frames, height, width)
        damaged = masks.damaged(samples, self.mask, kind=kind)
        stem = os.path.join(folder, name.replace(" ", "-"))
        self.reference, self.input, self.mask_file = stem + ".mkv", stem + ".damaged.mkv", stem + ".mask.mkv"
        self.stem = stem
        media.encode(self.reference, samples, rate)
        media.encode(self.input, damaged, rate)
        media.encode(self.mask_file, (~self.mask).astype("uint8") * 255, rate)
        self.in_time = figures.psnr_missing(samples, interpolation.in_time(damaged, self.mask), self.mask)
        in_space = interpolation.in_space(damaged, self.mask)
        self.in_space = None if in_space is None else figures.psnr_missing(samples, in_space, self.mask)

    def restore(self, preset, more):
        """Runs the tool and returns a row of figures and a list of complaints."""
        result, metrics = f"{self.stem}.{preset}.mkv", f"{self.stem}.{preset}.json"
        usage = tool.watched([
            self.input, "--mask", self.mask_file, "-o", result, "--lossless", "--force", "--metrics", metrics,
            "--progress", "none", "--preset", preset, *more])
        with open(metrics) as file:
            holdout = json.load(file)["holdout_psnr_db"]
        output = media.decode(result)
        complaints = []
        if output.shape != self.samples.shape:
            raise tool.Failed(f"{len(output)} frames of {len(self.samples)} came back")
        identical = bool(((output == self.samples) | ~self.mask[:, None]).all())
        if not identical:
            complaints.append("known samples differ")
        psnr = figures.psnr_missing(self.samples, output, self.mask)
        ssim = figures.ssim_missing(self.samples, output, self.mask)
        said = tool.evaluate(self.reference, result, self.mask_file)
        for key, mine, limit in (("psnr_missing_db", psnr, 1e-3), ("ssim_missing", ssim, 1e-5)):
            if said[key] is None or abs(said[key] - mine) > limit:
                complaints.append(f"evaluate says {key} {said[key]}, it is {mine}")
        if said["known_identical"] != identical:
            complaints.append(f"evaluate says known_identical {said['known_identical']}")
        row = dict(
            case=self.name, preset=preset, psnr=psnr, ssim=ssim, in_time=self.in_time, in_space=self.in_space,
            holdout=holdout, seconds=usage["seconds"], peak=usage["peak"], known_identical=identical)
        return row, complaints
