"""Cases: what is run in an empty folder, as lists of arguments of the tool. Inputs lie in ../../inputs."""
from dataclasses import dataclass

IN = "../../inputs/"
QUIET = ["--progress", "none"]


@dataclass
class Case:
    name: str
    runs: list


def restored(name, source, *arguments, output="out.mkv", preset="fast", lossless=True):
    """One restoration, with its metrics."""
    kinds = ["--preset", preset] if preset else []
    kinds += ["--lossless"] if lossless else []
    return Case(name, [[IN + source, *arguments, *kinds, "-o", output, "--metrics", "metrics.json", *QUIET]])


def volume(name, source, *arguments, output, preset="fast"):
    return restored(name, source, *arguments, output=output, preset=preset, lossless=False)


def mask(name):
    return ["--mask", IN + name]


RECT = ["--mask-rect", "20,20,24,16"]
SHORT = ["--window", "5", "--overlap", "2"]


def all_cases():
    cases = []
    for kind in ("random", "moving", "scratch"):
        for preset in ("fast", "balanced"):
            cases.append(restored(f"{preset} {kind}", "clip.mkv", *mask(kind + ".mkv"), preset=preset))
    cases += [
        restored("fast logo", "clip.mkv", *mask("logo.png")),
        restored("best moving", "clip.mkv", *mask("moving.mkv"), preset="best"),
        restored("paper", "small.mkv", *mask("random-small.mkv"), "--iterations", "40", preset="paper"),
        restored("no grain", "clip.mkv", *mask("logo.png"), "--grain", "0", preset="balanced"),
        restored("seed", "clip.mkv", *mask("random.mkv"), "--seed", "5"),
        restored("one thread", "clip.mkv", *mask("random.mkv"), "--threads", "1"),
        restored("memory bound", "clip.mkv", *mask("random.mkv"), "--max-memory", "200MiB"),
        restored("windows", "cut.mkv", *RECT, *SHORT),
        restored("windows, balanced", "cut.mkv", *RECT, *SHORT, preset="balanced"),
        restored("tiles", "clip.mkv", *mask("random.mkv"), "--tile", "96", "--mask-dilate", "1"),
        restored("missing frames", "clip.mkv", "--mask-frames", "3,6-7", preset="balanced"),
    ]
    for model in ("siren", "fourier", "dmf"):
        cases.append(restored(f"model {model}", "small.mkv", *mask("random-small.mkv"), "--model", model, "--iterations", "20"))
    cases.append(restored("frame by frame", "small.mkv", *mask("random-small.mkv"), "--coordinates", "frame"))
    for text in ("inrr=0.02", "air=0.01", "tv=1e-3,sstv=1e-3", "l2=1e-3", "de=1e-3", "none", "inrr=auto"):
        cases.append(restored(f"regularizer {text}", "clip.mkv", *mask("random.mkv"), "--regularizer", text))
    cases += [
        restored("known in white", "clip.mkv", *mask("known.mkv"), "--mask-polarity", "black-is-missing"),
        restored("grown", "clip.mkv", *mask("moving.mkv"), "--mask-dilate", "2"),
        restored("value", "gray.mkv", "--mask-value", "120", "--mask-tolerance", "3"),
        restored("colour", "bgr0.mkv", "--mask-color", "#787878", "--mask-tolerance", "20"),
        restored("rectangles in time", "clip.mkv", *RECT, "--mask-rect", "60,40,12,12@2-5"),
        restored("damaged stream", "damaged.ts", "--mask-corrupt", *RECT),
        restored("re-encoded with sound", "sound.mp4", *RECT, output="out.mp4", lossless=False),
        restored("sequence of pictures", "picture_%03d.png", *RECT, output="out_%03d.png", lossless=False),
        restored("still", "still.png", *mask("logo.png"), output="out.png", lossless=False),
        restored("interlaced", "fields.mkv", *RECT),
        restored("interlaced as frames", "fields.mkv", *RECT, "--interlaced-as-frames"),
        restored("odd sizes", "odd.mkv", *RECT),
    ]
    for pixels in ("yuv422p", "yuv444p", "yuv420p10le", "yuv444p12le", "gray", "gray16le", "gbrp10le", "yuva420p"):
        cases.append(restored(pixels, pixels + ".mkv", *mask("moving.mkv")))
    for source, output in (("volume.nii", "out.nii"), ("volume.nii.gz", "out.nii.gz"), ("stack.tif", "out.tif")):
        cases.append(volume(f"slices of {source}", source, "--missing-slices", "4,8-9", output=output))
    cases += [
        volume("no numbers, .npy", "holed.npy", output="out.npy"),
        volume("no numbers, balanced", "holed.npy", output="out.npy", preset="balanced"),
        volume("no numbers, .npz", "holed.npz:volume", output="out.npy"),
        volume("mask of voxels", "volume.nii", *mask("mask.nii"), output="out.nii"),
        volume("box", "volume.nii", "--mask-box", "10,10,4,12,8,4", output="out.nii", preset="balanced"),
        volume("series", "series.nii", "--missing-slices", "5", output="out.nii"),
        volume("cubes", "volume.nii", "--isotropic", output="out.nii"),
        volume("finer", "stack.tif", "--scale", "1,1,2", output="out.tif"),
    ]
    clip = [IN + "clip.mkv", *mask("moving.mkv"), "--preset", "fast", "--lossless", "-o", "out.mkv"]
    compared = [*mask("moving.mkv"), "--reference", IN + "clip.mkv", "--result", "out.mkv"]
    cases += [
        Case("evaluate", [[*clip, *QUIET], ["evaluate", *compared], ["evaluate", *compared, "--json"]]),
        Case("evaluate volumes", [
            [IN + "volume.nii", "--missing-slices", "4", "--preset", "fast", "-o", "out.nii", *QUIET],
            ["evaluate", "--reference", IN + "volume.nii", "--result", "out.nii", "--missing-slices", "4", "--json"]]),
        Case("saved model", [
            [*clip, *QUIET, "--save-model", "model.safetensors"], ["inspect", "--model", "model.safetensors"],
            ["inspect", "--model", "model.safetensors", "--time", "2.5", "--scale", "2", "-o", "model.png"]]),
        Case("inspect", [
            [*clip, *QUIET, "--report", "page"],
            ["inspect", IN + "clip.mkv", *mask("moving.mkv"), "--result", "out.mkv", "--frame", "3", "-o", "panel.png"],
            ["inspect", IN + "clip.mkv", *mask("moving.mkv"), "--result", "out.mkv", "--frame", "0-9", "-o",
             "wipe.gif"],
            [IN + "volume.nii", "--missing-slices", "4", "--preset", "fast", "-o", "out.nii", *QUIET],
            ["inspect", IN + "volume.nii", "--missing-slices", "4", "--result", "out.nii", "--voxel", "20,20,4", "-o",
             "slices.png"]]),
        Case("batch, resumed", [
            ["run", IN + "jobs.yaml", "--set", "vars.out=$PWD", *QUIET],
            ["run", IN + "jobs.yaml", "--set", "vars.out=$PWD", "--set", "solve.seed=1", *QUIET],
            ["run", IN + "jobs.yaml", "--set", "vars.out=$PWD", *QUIET]]),
        Case("shards", [
            ["plan", IN + "jobs.yaml", "--set", "vars.out=$PWD", "-o", "plan.json"],
            ["run", "--plan", "plan.json", "--shard", "1/2", *QUIET],
            ["run", "--plan", "plan.json", "--shard", "0/2", *QUIET], ["merge", "plan.json", *QUIET]]),
        Case("experiment", [["experiment", IN + "experiment.yaml", "-o", "results", "--threads", "2", *QUIET]]),
        Case("probe", [["probe", IN + "sound.mp4", "--json"], ["probe", IN + "yuv420p10le.mkv", "-o", "x.mp4", "--json"]]),
        Case("dry run", [["run", IN + "jobs.yaml", "--set", "vars.out=$PWD", "-n"]]),
        Case("refused", [
            [IN + "rubbish.mp4", *RECT], [IN + "nothing.mp4", *RECT], [IN + "clip.mkv"], [IN + "clip.mkv", "--nonsense"],
            [IN + "clip.mkv", "--mask-rect", "0,0,96,80"], [IN + "clip.mkv", *RECT, "-o", "no/such/folder/out.mkv"],
            [IN + "clip.mkv", *mask("mask.nii")], [IN + "volume.nii", *mask("logo.png"), "-o", "out.nii"]]),
    ]
    return cases
