import numpy as np
import pytest

import inrr_video

FAST = {"preset": "fast", "threads": 2, "progress": False}


def scene(frames=8, height=48, width=64, channels=None):
    """A texture that moves, from 0 to 1."""
    t, y, x = np.mgrid[:frames, :height, :width].astype(float)
    gray = (np.sin((x - 2 * t) / 6) + np.cos(y / 5) + 2) / 4
    if channels is None:
        return gray
    return np.stack([np.clip(gray * (0.6 + 0.1 * c), 0, 1) for c in range(channels)], -1)


def hole(array):
    mask = np.zeros(array.shape[:3], bool)
    mask[:, 20:28, 30:40] = True
    return mask


def worst(a, b):
    return np.abs(a.astype(float) - b.astype(float)).max()


def rms(a, b, mask):
    return np.sqrt(np.mean((a.astype(float) - b.astype(float))[mask] ** 2))


@pytest.mark.parametrize("channels", [None, 1, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_video(dtype, channels):
    truth = (scene(channels=channels) * np.iinfo(dtype).max).astype(dtype)
    mask = hole(truth)
    damaged = truth.copy()
    damaged[mask] = 0
    before = damaged.copy()
    filled, report = inrr_video.restore(damaged, mask, **FAST)
    assert filled.shape == truth.shape and filled.dtype == dtype
    assert np.array_equal(damaged, before), "what was handed over stays as it is"
    assert np.array_equal(filled[~mask], truth[~mask])
    assert rms(filled, truth, mask) < 0.03 * np.iinfo(dtype).max
    assert report["frames"] == 8 and report["missing_fraction"] > 0 and report["preset"] == "fast"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_video_of_floats(dtype):
    truth = (scene(channels=3) * 5 - 2).astype(dtype)
    mask = hole(truth)
    damaged = truth.copy()
    damaged[mask] = np.nan
    filled, _ = inrr_video.restore(damaged, **FAST)
    assert filled.dtype == dtype and np.isfinite(filled).all()
    assert np.array_equal(filled[~mask], truth[~mask])
    assert rms(filled, truth, mask) < 0.15


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.uint32, np.int64, np.float16, np.float32, np.float64, bool])
def test_volume(dtype):
    truth = scene(16, 24, 24)
    truth = truth > 0.5 if dtype is bool else (truth * 100).astype(dtype)
    mask = np.zeros(truth.shape, bool)
    mask[6:8, 8:14, 8:14] = True
    damaged = truth.copy()
    damaged[mask] = np.nan if np.dtype(dtype).kind == "f" else 0
    filled, report = inrr_video.restore(damaged, mask, spacing=(2, 1, 1), **FAST)
    assert filled.shape == truth.shape and filled.dtype == truth.dtype
    assert np.array_equal(filled[~mask], truth[~mask])
    assert rms(filled, truth, mask) < (0.6 if dtype is bool else 15)
    assert report["volume"]["spacing"] == [1, 1, 2], "along x, y and z"


def test_nan_is_missing():
    truth = scene(16, 24, 24).astype(np.float32)
    damaged = truth.copy()
    damaged[7] = np.nan
    filled, report = inrr_video.restore(damaged, **FAST)
    assert np.isfinite(filled).all() and np.array_equal(np.delete(filled, 7, 0), np.delete(truth, 7, 0))
    assert "volume" in report


def test_a_mask_for_all_frames():
    truth = (scene() * 255).astype(np.uint8)
    filled, _ = inrr_video.restore(truth, hole(truth)[0], **FAST)
    again, _ = inrr_video.restore(truth, hole(truth), **FAST)
    assert np.array_equal(filled, again)
    assert np.array_equal(filled, inrr_video.restore(truth, hole(truth), preset="fast", threads=1)[0])


def test_views_and_byte_orders():
    truth = (scene() * 65535).astype(">u2")
    filled, _ = inrr_video.restore(truth[:, ::-1, ::-1], hole(truth), **FAST)
    native, _ = inrr_video.restore(truth[:, ::-1, ::-1].astype("u2"), hole(truth), **FAST)
    assert filled.dtype == truth.dtype and np.array_equal(filled, native)


def test_nothing_is_missing():
    truth = (scene() * 255).astype(np.uint8)
    filled, report = inrr_video.restore(truth, np.zeros(truth.shape, bool))
    assert np.array_equal(filled, truth) and filled is not truth and report["missing_fraction"] == 0


@pytest.mark.parametrize(
    "change, words",
    [
        ({"mask": None}, "nothing is missing"),
        ({"mask": np.ones((8, 48, 64), bool)}, "everything is missing"),
        ({"mask": np.ones((8, 48, 63), bool)}, "does not fit"),
        ({"array": np.zeros((48, 64), np.uint8)}, "neither"),
        ({"array": np.zeros((8, 48, 64, 7), np.uint8)}, "7 channels"),
        ({"array": np.zeros((8, 48, 64), complex)}, "complex"),
        ({"preset": "slow"}, "balanced"),
        ({"kind": "film"}, "neither 'video' nor 'volume'"),
        ({"spacing": 1, "kind": "video"}, "spacing"),
        ({"options": ["--bogus"]}, "--bogus"),
    ],
)
def test_what_is_refused(change, words):
    truth = (scene() * 255).astype(np.uint8)
    call = {"array": truth, "mask": hole(truth), "progress": False} | change
    with pytest.raises(inrr_video.ArgumentsError, match=words) as caught:
        inrr_video.restore(**call)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, inrr_video.InrrVideoError)


def test_progress_can_be_watched():
    truth = (scene() * 255).astype(np.uint8)
    seen = []
    inrr_video.restore(truth, hole(truth), preset="fast", progress=lambda done, total: seen.append((done, total)))
    assert seen and all(total == 8 and 0 <= done <= 8 for done, total in seen)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inrr_video.restore(truth, hole(truth), preset="fast", progress=stop)


def test_a_bar(capsys):
    pytest.importorskip("tqdm")
    truth = (scene() * 255).astype(np.uint8)
    inrr_video.restore(truth, hole(truth), preset="fast", progress=True)
    assert "8/8" in capsys.readouterr().err


def test_detect():
    truth = (scene(14, 96, 128) * 120 + 60).astype(np.uint8)
    rng = np.random.default_rng(1)
    truth = np.clip(truth + rng.normal(0, 2, truth.shape), 0, 255).astype(np.uint8)
    truth[:, :, 60:62] = 250
    mask, finds = inrr_video.detect(truth, ["scratches"], progress=False)
    assert mask.shape == truth.shape and mask.dtype == bool
    assert mask[:, :, 60:62].mean() > 0.9 and mask.mean() < 0.1
    assert finds and {f["kind"] for f in finds} == {"scratches"} and finds[0]["frames"][0] == 0
    with pytest.raises(inrr_video.ArgumentsError, match="scratches"):
        inrr_video.detect(truth, "scratch", progress=False)
    with pytest.raises(inrr_video.ArgumentsError, match="float64"):
        inrr_video.detect(truth.astype(float))


def test_the_tool(monkeypatch, tmp_path):
    assert inrr_video.tool_version().count(".") == 2
    monkeypatch.setenv("INRR_VIDEO", str(tmp_path / "none"))
    with pytest.raises(inrr_video.ToolNotFoundError, match="INRR_VIDEO"):
        inrr_video.tool_path()
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'broken: libavcodec.so.99 is not there' >&2\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("INRR_VIDEO", str(broken))
    with pytest.raises(inrr_video.ToolNotFoundError, match="libavcodec.so.99"):
        inrr_video.tool_version()
