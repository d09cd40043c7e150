"""Thirty short inputs of a batch, of many kinds: 26 that are sound and 4 that are not. All are made by FFmpeg."""
import pathlib
import subprocess

H264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p"
TONE = "-f lavfi -i sine=f=440:d=1.2:r=48000"


def picture(size="176x144", rate="25", seconds=1.2):
    return f"-f lavfi -i testsrc2=s={size}:r={rate}:d={seconds}"


SOUND = {
    "a01.mp4": f"{picture()} {TONE} {H264} -c:a aac -shortest",
    "a02.mkv": f"{picture(rate='30000/1001')} {TONE} {H264} -bf 3 -c:a flac",
    "a03.mov": f"{picture()} {TONE} -c:v prores_ks -pix_fmt yuv422p10le -c:a pcm_s16le",
    "a04.webm": f"{picture()} {TONE} -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
    "a05.avi": f"{picture()} {TONE} -c:v mpeg4 -q:v 3 -c:a libmp3lame",
    "a06.ts": f"{picture()} {TONE} -c:v mpeg2video -q:v 3 -c:a mp2",
    "a07_lossless.mkv": f"{picture()} -c:v ffv1 -level 3",
    "a08.mkv": f"{picture()} -c:v libx265 -x265-params log-level=error -pix_fmt yuv420p10le",
    "a09.mp4": f"{picture()} -c:v libsvtav1 -preset 12",
    "a10.mp4": f"{picture(size='160x120')} {H264}",
    "a11.mp4": f"{picture(size='192x108')} {TONE} {H264} -c:a aac",
    "a12.mov": f"{picture(size='192x108')} {H264}",
    "a13.mkv": f"{picture(size='180x144')} -vf setsar=16/15 {H264}",
    "a14_lossless.mkv": f"{picture(size='175x143')} -c:v ffv1 -pix_fmt yuv420p",
    "a15.mkv": f"{picture()} -c:v libx264 -pix_fmt yuv444p -preset veryfast",
    "a16_lossless.mkv": f"{picture()} -c:v ffv1 -pix_fmt gray",
    "a17_lossless.mkv": f"{picture()} -c:v ffv1 -pix_fmt gbrp",
    "a18.avi": f"{picture()} {TONE} -c:v mjpeg -q:v 3 -pix_fmt yuvj420p -c:a pcm_s16le",
    "a19.mp4": f"{picture()} -vf select=not(mod(n\\,3))+not(mod(n\\,4)),settb=1/1000 -vsync vfr {H264}",
    "a20.mkv": f"{picture()} {TONE} {TONE} -map 0 -map 1 -map 2 -metadata title=x {H264} -c:a ac3",
    "a21.ts": f"{picture()} {TONE} {H264} -c:a aac",
    "a22.webm": f"{picture()} -c:v libvpx -deadline realtime",
    "a23.avi": "-f lavfi -i testsrc2=s=720x576:r=25:d=0.16 -c:v dvvideo -pix_fmt yuv420p",
    "a24.mp4": f"{picture(rate='50')} -vf interlace -flags +ildct+ilme {H264}",
    "png/f_%04d.png": f"{picture(seconds=0.8)} -pix_fmt rgb24",
    "tiff/f_%03d.tiff": f"{picture(seconds=0.6)} -pix_fmt gray16le",
}
TURNED = {"a11.mp4": 90, "a12.mov": 180}


def ffmpeg(arguments, output):
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments.split(), str(output)]
    subprocess.run(command, check=True, stderr=subprocess.PIPE)


def make(folder: pathlib.Path):
    """Fills a folder with `in` and `masks`. Encoders that this FFmpeg lacks are replaced by H.264."""
    for name, arguments in SOUND.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            ffmpeg(arguments, path)
        except subprocess.CalledProcessError:
            ffmpeg(f"{picture()} {H264}", path)
    for name, degrees in TURNED.items():
        path, upright = folder / "in" / name, folder / f"upright-{name}"
        path.rename(upright)
        ffmpeg(f"-i {upright} -c copy -metadata:s:v rotate={degrees}", path)
    (folder / "in" / "b1_empty.mp4").write_bytes(b"")
    (folder / "in" / "b2_text.mkv").write_text("this is no video\n" * 100)
    broken = folder / "in" / "b3_cut.mkv"
    ffmpeg(f"{picture(seconds=2)} {H264} -g 5", broken)
    data = broken.read_bytes()
    broken.write_bytes(data[: len(data) * 6 // 10])
    ffmpeg(f"{picture()} {H264}", folder / "in" / "b4_mask.mp4")
    (folder / "masks").mkdir()
    ffmpeg("-f lavfi -i color=black:s=64x64 -frames:v 1", folder / "masks" / "b4_mask.png")
