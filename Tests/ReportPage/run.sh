#!/bin/bash
# Makes reports of the sample and tests them in headless Chromium; says so and goes on where there is no browser.
set -euo pipefail
cd "$(dirname "$0")/../.."
tool=${1:-.build/release/inrr-video}
out=${2:-out/test-report}

find_python() {
  local python
  for python in python3 /usr/bin/python3; do
    if "$python" -c 'import selenium' 2>/dev/null; then
      echo "$python"
      return 0
    fi
  done
  return 1
}
has_browser() { command -v chromium >/dev/null && command -v chromedriver >/dev/null && find_python >/dev/null; }

if ! has_browser && command -v apt-get >/dev/null; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  { "${as_root[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
      chromium chromium-driver python3-selenium; } >/dev/null 2>&1 || true
fi
if ! has_browser; then
  echo "test-report: skipped: Chromium, its driver or Python's selenium can't be installed here" >&2
  exit 0
fi

mkdir -p "$out"
"$tool" samples/damaged.mkv --mask samples/mask.mkv -o "$out/restored.mkv" --lossless --force --preset fast \
  --metrics "$out/metrics.json" --report "$out/restore" --progress none
"$tool" inspect samples/damaged.mkv --result "$out/restored.mkv" --mask samples/mask.mkv --metrics "$out/metrics.json" \
  --html "$out/inspect" --force
# Film: dirt that comes and goes, specks, a scratch, and a logo, which is no spot.
ffmpeg -v error -y -i samples/sample.mp4 -an -frames:v 10 -vf scale=640:360 -c:v ffv1 "$out/film.mkv"
ffmpeg -v error -y -f lavfi -i "nullsrc=s=640x360:r=25,format=gray,geq=lum='255*gt(
  lt(hypot(mod(X+97*N\,210)-100\,mod(Y+53*N\,120)-60)\,9)+lt(abs(X-400)\,1)*gt(N\,2)
  +between(X\,560\,620)*between(Y\,20\,60)+eq(mod(X+31*N\,160)\,80)*eq(mod(Y\,90)\,45)\,0)'" \
  -frames:v 10 -c:v ffv1 "$out/dirt.mkv"
"$tool" "$out/film.mkv" --mask "$out/dirt.mkv" -o "$out/film.restored.mkv" --force --preset fast \
  --metrics "$out/film.json" --report "$out/film" --progress none
python=$(find_python)
"$python" Tests/ReportPage/make_volume.py "$out"
"$tool" "$out/scan.nii" --missing-slices 10,11 -o "$out/volume.nii" --force --preset fast --metrics "$out/volume.json" \
  --progress none
"$tool" inspect "$out/scan.nii" --result "$out/volume.nii" --missing-slices 10,11 --reference "$out/reference.nii" \
  --metrics "$out/volume.json" --html "$out/volume" --force
# Damage to look for: a scratch, and pixels that are stuck.
ffmpeg -v error -y -i samples/sample.mp4 -an -frames:v 30 -vf scale=640:360 -c:v ffv1 "$out/sound.mkv"
ffmpeg -v error -y -i "$out/sound.mkv" -vf "drawbox=300:0:2:360:white:fill:enable='gt(n,5)',drawbox=500:100:1:1:white:fill,\
drawbox=80:300:1:1:black:fill" -c:v ffv1 "$out/hurt.mkv"
for clip in hurt:finds sound:clean; do
  "$tool" detect "$out/${clip%:*}.mkv" --kinds scratches,pixels --detect-sensitivity 0.4 -o "$out/${clip#*:}.mkv" \
    --report "$out/${clip#*:}" --force --progress none
done
"$python" Tests/ReportPage/test_page.py "$out"
"$python" Tests/ReportPage/test_volume.py "$out"
"$python" Tests/ReportPage/test_finds.py "$out"
