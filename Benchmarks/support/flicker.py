"""How much a video changes along its motion, within holes."""
import numpy as np


def along_motion(truth, result, mask):
    """The mean absolute difference between successive frames of `result`, the second warped along the optical flow of
    `truth`, over pixels that are missing in the first; in steps of 8 bits. Flow is OpenCV's DIS, on luma."""
    import cv2

    search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    height, width = mask.shape[1:]
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    gray = [cv2.cvtColor(np.ascontiguousarray(np.moveaxis(f, 0, -1)), cv2.COLOR_RGB2GRAY) for f in truth]
    total = count = 0
    for t in range(len(truth) - 1):
        if mask[t].all():
            continue
        flow = search.calc(gray[t], gray[t + 1], None)
        inside = ~mask[t]
        for plane in range(result.shape[1]):
            moved = cv2.remap(
                result[t + 1, plane].astype(np.float32), columns + flow[..., 0], rows + flow[..., 1],
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            total += np.abs(moved - result[t, plane])[inside].sum(dtype=np.float64)
            count += int(inside.sum())
    return total / max(1, count)
