#!/bin/bash
# Makes a reel of old film from the sample: dirt that is elsewhere in each frame, two scratches that wander, come and go, and
# one frame that was lost and filled by repeating the one before. What it was is sample.mp4.
# usage: make-film.sh FOLDER, where sample.mp4 lies
set -euo pipefail
folder=${1:?usage: make-film.sh FOLDER}
exact=(-bitexact -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -map_metadata -1)

chance() { # SPOT NUMBER: a number from 0 to 1 that is another one in each frame
  echo "mod(abs(sin((N+1)*12.9898+$1*78.233+$2*37.719)*43758.5453)\,1)"
}
# Four spots a frame, two of them dark: their edges are ragged and soft. st(), ld(): column, row, radius, distance.
dirt=""
for spot in 1 2 3 4; do
  value=$((spot % 2 ? 32 : 222))
  dirt+="geq=lum='st(0\,X-W*$(chance $spot 1));st(1\,Y-H*$(chance $spot 2));st(2\,1.6+5.5*pow($(chance $spot 3)\,2));"
  dirt+="st(3\,ld(2)*(1+0.25*sin(3*atan2(ld(1)\,ld(0))+6.3*$(chance $spot 5))+0.15*sin(5*atan2(ld(1)\,ld(0))+6.3*$(chance $spot 6))));"
  dirt+="st(4\,0.9*clip(0.5+(ld(3)-hypot(ld(0)\,ld(1)*(0.7+0.6*$(chance $spot 4))))/1.5\,0\,1));"
  dirt+="lum(X\,Y)*(1-ld(4))+$value*ld(4)':cb='cb(X\,Y)':cr='cr(X\,Y)',"
done
# A hair in every third frame: a strip along an arc.
dirt+="geq=lum='st(0\,hypot(X-W*$(chance 9 1)\,Y-H*$(chance 9 2)));st(1\,12+14*$(chance 9 3));"
dirt+="st(2\,eq(mod(N\,3)\,1)*gt(Y\,H*$(chance 9 2))*clip(1.4-abs(ld(0)-ld(1))\,0\,0.9));"
dirt+="lum(X\,Y)*(1-ld(2))+30*ld(2)':cb='cb(X\,Y)':cr='cr(X\,Y)',"
# A bright scratch and a dark one, each a column and a half, that let some of the picture through.
scratches="geq=lum='st(0\,0.75*between(N\,3\,38)*(0.8+0.2*sin(Y/17+N/3))*clip(1.25-abs(X-(84+2.5*sin(N/6)+Y/90))\,0\,1));"
scratches+="st(1\,0.7*between(N\,16\,47)*(0.75+0.25*sin(Y/23+N/5))*clip(1.25-abs(X-(231+2*cos(N/5)))\,0\,1));"
scratches+="(lum(X\,Y)*(1-ld(0))+220*ld(0))*(1-ld(1))+28*ld(1)':cb='cb(X\,Y)':cr='cr(X\,Y)'"

ffmpeg -v error -nostdin -y -threads 1 -filter_threads 1 -i "$folder/sample.mp4" -filter_complex "
  [0:v]format=yuv420p,$dirt$scratches,split=2[reel][copy];
  [reel][copy]freezeframes=first=30:last=30:replace=29[v]" \
  -map "[v]" -map 0:a -c:a copy -c:v libx264 -preset veryslow -crf 17 -g 48 \
  -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m -color_range tv "${exact[@]}" "$folder/film.mkv"

ls -l "$folder/film.mkv"
