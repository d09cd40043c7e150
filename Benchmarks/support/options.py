"""Options that say which clips and which kinds of damage."""
import os

from . import masks, media


def add(parser):
    parser.add_argument("--clips", default=",".join(media.PUBLIC), help="public clips, by default %(default)s")
    parser.add_argument("--kinds", default=",".join(masks.KINDS),
                        help=f"kinds of damage, by default %(default)s; also {', '.join(masks.MORE)}")
    parser.add_argument("--clip", metavar="FILE", help="a clip of your own instead of the public ones")
    parser.add_argument("--start", type=int, default=0, help="first frame of --clip")
    parser.add_argument("--frames", type=int, default=32, help="frames of --clip")
    parser.add_argument("--size", help="WxH that --clip is scaled to")
    parser.add_argument("--crop", help="Y,X,H,W that --clip is cut to after scaling")


def numbers(text, separator, count, option):
    if text is None:
        return None
    try:
        parts = tuple(int(part) for part in text.split(separator))
    except ValueError:
        parts = ()
    if len(parts) != count:
        raise SystemExit(f"{option} {text}: {count} whole numbers are needed, with '{separator}' between them")
    return parts


def chosen(text, known, option):
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in known:
            raise SystemExit(f"{option} {name}: choose among {', '.join(known)}")
    return names


def clips(given):
    if not given.clip:
        return [media.public_clip(name) for name in chosen(given.clips, media.PUBLIC, "--clips")]
    name = os.path.splitext(os.path.basename(given.clip))[0]
    return [media.Clip(
        name, given.clip, given.start, given.frames, numbers(given.size, "x", 2, "--size"),
        numbers(given.crop, ",", 4, "--crop"))]
