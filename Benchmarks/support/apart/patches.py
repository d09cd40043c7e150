"""Inpainting of single frames by packages that are installed apart: OpenCV's FSR and G'MIC. Runs in the environment of
apart/__init__.py, as vapour.py does."""
import json
import os
import sys

import numpy as np

# Samples come as planes green, blue, red.
RED_GREEN_BLUE = (2, 0, 1)


def fsr(picture, missing):
    """J. Seiler, A. Kaup: frequency selective reconstruction, as cv2.xphoto has it; picture (height, width, 3)."""
    import cv2

    known = np.where(missing, 0, 255).astype(np.uint8)
    result = picture.copy()
    cv2.xphoto.inpaint(picture, known, result, cv2.xphoto.INPAINT_FSR_FAST)
    return result


def gmic(picture, missing):
    """Patches of 7 x 7 from the same frame, blended, with the settings that G'MIC gives as an example."""
    import gmic as module

    marks = np.where(missing, 255, 0).astype(np.float32)[..., None]
    images = module.ImageList([module.Image.from_yxc(picture.astype(np.float32)), module.Image.from_yxc(marks)])
    made = module.run("inpaint[0] [1],7,22,0.5,1,10,0,0.05,10,1", images)[0].to_numpy()
    return np.clip(np.rint(made[:, :, 0].swapaxes(0, 1)), 0, 255).astype(np.uint8)


def main():
    folder, settings = sys.argv[1], json.loads(sys.argv[2])
    samples, mask = (np.load(os.path.join(folder, name)) for name in ("samples.npy", "mask.npy"))
    method = dict(fsr=fsr, gmic=gmic)[settings["method"]]
    result = samples.copy()
    for t, known in enumerate(mask):
        # A frame without anything known stays what the one before has become.
        if not known.any():
            result[t] = result[t - 1] if t else 128
        elif not known.all():
            made = method(np.ascontiguousarray(np.moveaxis(samples[t, RED_GREEN_BLUE, :, :], 0, -1)), ~known)
            filled = np.moveaxis(made, -1, 0)
            for plane, target in enumerate(RED_GREEN_BLUE):
                result[t, target] = np.where(known, samples[t, target], filled[plane])
    np.save(os.path.join(folder, "result.npy"), result)


if __name__ == "__main__":
    main()
