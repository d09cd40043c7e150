#!/bin/bash
# Says how well the sample was restored, and makes stills of a damaged and the restored frame.
# usage: report.sh TOOL FOLDER
set -euo pipefail
tool=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
figure() { # FILE: PSNR in dB over the missing samples
  "$tool" evaluate --reference "$here/sample.mp4" --result "$1" --mask "$here/mask.mkv" --json |
    sed -n 's/^  "psnr_missing_db" : \([0-9.]*\).*/\1/p'
}
still() { ffmpeg -v error -nostdin -y -i "$1" -vf "select=eq(n\,24)" -frames:v 1 "$2"; }
before=$(figure "$here/damaged.mkv")
after=$(figure "$out/restored.mkv")
still "$here/damaged.mkv" "$out/damaged.png"
still "$out/restored.mkv" "$out/restored.png"
ffmpeg -v error -nostdin -y -i "$out/damaged.png" -i "$out/restored.png" -filter_complex hstack "$out/both.png"
echo
echo "PSNR on the missing pixels, against the undamaged clip:"
printf '  damaged   %6.2f dB\n  restored  %6.2f dB\n' "$before" "$after"
echo "result    $out/restored.mkv"
echo "report    $out/metrics.json"
echo "stills    $out/damaged.png $out/restored.png $out/both.png"
