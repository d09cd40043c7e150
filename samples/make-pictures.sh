#!/bin/bash
# Makes the pictures of docs/masks.md: of the sample reel a frame as it is, and with what is found in it; and of the sample a frame with
# a mark that lets the picture through, with the mark's place filled in, with the mark taken off, and without a mark.
# usage: make-pictures.sh TOOL FOLDER, where film.mkv and sample.mp4 lie
set -euo pipefail
tool=${1:?usage: make-pictures.sh TOOL FOLDER} folder=${2:?usage: make-pictures.sh TOOL FOLDER}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$tool" detect "$folder/film.mkv" -o "$scratch/mask.mkv" --progress none > "$scratch/said"
# A frame that has spots and a scratch; what was found is red.
ffmpeg -v error -nostdin -y -i "$folder/film.mkv" -i "$scratch/mask.mkv" -filter_complex "
  [0:v]format=gbrp,split=2[frame][under];
  [1:v]format=gray,format=gbrp,split=2[white][alpha];
  [white]lutrgb=r=230:g=30:b=30[red];
  [under][red][alpha]maskedmerge[found];
  [frame][found]hstack=2,select=eq(n\,22),split=2[all][colours];
  [colours]palettegen=max_colors=128[palette];
  [all][palette]paletteuse=dither=none[picture]" -map "[picture]" -frames:v 1 -bitexact "$folder/finds.png"

# A ring with a bar in it, white and nearly half opaque, and its shadow.
mark() { # SHIFT
  echo "gt(between(hypot(X-268-$1\,Y-40-$1)\,16\,23)+between(X-$1\,264\,272)*between(Y-$1\,30\,50)\,0)"
}
ff() { ffmpeg -v error -nostdin -y "$@"; }
ff -f lavfi -i "color=white:s=320x180,format=rgba,geq=r=255:g=255:b=255:a='115*$(mark 0)',gblur=sigma=0.6:planes=8" \
  -f lavfi -i "color=black:s=320x180,format=rgba,geq=r=0:g=0:b=0:a='75*$(mark 2)',gblur=sigma=1.2:planes=8" \
  -filter_complex "[1][0]overlay=format=auto,format=rgba" -frames:v 1 "$scratch/mark.png"
ff -i "$scratch/mark.png" -vf "format=rgba,alphaextract,lutyuv=y='255*gt(val,2)',format=gray" "$scratch/place.png"
# Four scenes: one alone tells less of what lies beneath.
ff -i "$folder/sample.mp4" -loop 1 -i "$scratch/mark.png" -filter_complex "
  [0]split=4[a][b][c][d];[b]hflip[e];[c]vflip[f];[d]hflip,vflip[g];[a][e][f][g]concat=n=4,split=2[film][clean];
  [film][1]overlay=shortest=1,format=yuv420p[marked]" \
  -map "[marked]" -an -threads 1 -c:v libx264 -crf 18 "$scratch/marked.mkv" -map "[clean]" -an -c:v ffv1 "$scratch/clean.mkv"
for how in opaque auto; do
  "$tool" "$scratch/marked.mkv" --mask "$scratch/place.png" --overlay $how --preset fast --lossless --progress none -o "$scratch/$how.mkv" \
    > "$scratch/said"
done
pane="select=eq(n\,120),crop=110:80:210:4,scale=iw*2:-1:flags=neighbor,format=gbrp"
ff -i "$scratch/marked.mkv" -i "$scratch/opaque.mkv" -i "$scratch/auto.mkv" -i "$scratch/clean.mkv" -filter_complex "
  [0]$pane[a];[1]$pane[b];[2]$pane[c];[3]$pane[d];[a][b][c][d]hstack=4,split=2[all][colours];
  [colours]palettegen=max_colors=128[palette];
  [all][palette]paletteuse=dither=none[picture]" -map "[picture]" -frames:v 1 -bitexact "$folder/mark.png"

ls -l "$folder/finds.png" "$folder/mark.png"
