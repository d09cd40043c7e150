#!/bin/bash
# Makes the picture of docs/masks.md from the sample reel: a frame as it is, and with what is found in it.
# usage: make-pictures.sh TOOL FOLDER, where film.mkv lies
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

ls -l "$folder/finds.png"
