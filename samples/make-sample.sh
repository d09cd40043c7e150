#!/bin/bash
# Makes the sample: a clip of moving texture with sound, a mask, and the clip damaged where the mask is white.
# Everything comes from FFmpeg's own sources and filters, so there is nobody's film in it.
# usage: make-sample.sh FOLDER
set -euo pipefail
folder=${1:?usage: make-sample.sh FOLDER}
mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
ff() { ffmpeg -v error -nostdin -y -threads 1 -filter_threads 1 "$@"; }
exact=(-bitexact -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -map_metadata -1)
width=320 height=180 rate=25 frames=48

# Layers of value noise at several scales, summed, make ground that looks like rock; drawn once, larger than the
# frame, so that it can pan and zoom.
layers=""
inputs=""
count=0
for scale in 80 40 20 10 5; do
  # One value every `scale` pixels, from a hash of where it stands, drawn smooth to 640x360.
  layers+="nullsrc=s=$((640 / scale + 2))x$((360 / scale + 2)):r=$rate:d=0.04,format=gray,"
  layers+="geq=lum='mod(abs(sin((X+1)*12.9898+(Y+1)*78.233+$scale)*43758.5453)\\,1)*255',"
  layers+="scale=640:360:flags=bicubic[n$count];"
  inputs+="[n$count]"
  count=$((count + 1))
done
ff -filter_complex "${layers}${inputs}mix=inputs=$count:weights='10 7 5 3 2':duration=shortest,eq=contrast=1.9,format=gbrp,\
lutrgb=r='clip(val*0.95+18\,0\,255)':g='clip(val*0.80+20\,0\,255)':b='clip(val*0.55+38\,0\,255)'" \
  -frames:v 1 "$scratch/ground.png"

# A second, finer layer: a fractal, for detail of another kind.
ff -f lavfi -i "mandelbrot=s=640x360:start_x=-0.743643:start_y=-0.131825:start_scale=0.006:end_scale=0.006:maxiter=300" \
  -vf "hue=s=0.6,eq=contrast=0.9,gblur=0.8" -frames:v 1 "$scratch/fractal.png"

# The scene: the ground pans and zooms, a strip of fractal drifts the other way, three discs of texture move.
disc() { # X Y RADIUS: an alpha that is opaque within the radius, with a soft edge
  echo "clip(255*($1-hypot(X-W/2\\,Y-H/2))/2\\,0\\,255)"
}
ff -loop 1 -framerate $rate -i "$scratch/ground.png" -loop 1 -framerate $rate -i "$scratch/fractal.png" \
  -f lavfi -i "sine=f=220:r=44100,volume=0.4,tremolo=f=3:d=0.6" -filter_complex "
  [0]split=3[g0][g1][g2];
  [g0]zoompan=z='1.25+0.0035*on':x='60+2.1*on':y='50+0.9*on':d=1:s=${width}x${height}:fps=$rate[ground];
  [1]split=2[f0][f1];
  [f0]crop=420:52:0:150,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='clip(min(Y\,51-Y)*32\,0\,230)'[strip];
  [g1]crop=56:56:400:80,hue=h=160:s=1.6,eq=brightness=0.12,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='$(disc 27)'[disc0];
  [f1]crop=40:40:300:200,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='$(disc 19)'[disc1];
  [g2]crop=30:30:120:220,hue=h=250:s=2,eq=contrast=1.4,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='$(disc 14)'[disc2];
  [ground][strip]overlay=x='-90+1.6*n':y='104+6*sin(n/9)':shortest=0[s0];
  [s0][disc0]overlay=x='20+4.2*n':y='40+26*sin(n/11)'[s1];
  [s1][disc1]overlay=x='262-3.4*n':y='20+2.3*n'[s2];
  [s2][disc2]overlay=x='150+70*cos(n/10)':y='75+50*sin(n/10)',format=yuv420p,setsar=1[v]" \
  -map "[v]" -map 2:a -frames:v $frames -t 1.92 -c:v libx264 -preset slow -crf 21 -g 48 \
  -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m -color_range tv \
  -c:a aac -b:a 48k "${exact[@]}" -movflags +faststart "$folder/sample.mp4"

# The mask: two scratches that wander, a static logo, and blocks that drop out for a frame.
logo="between(X\,250\,302)*between(Y\,12\,34)*(lt(abs(X-256)\,4)+lt(abs(X-272)\,4)+lt(abs(X-272-(Y-12)*0.9)\,3)+lt(abs(X-296)\,4)+lt(abs(Y-14)\,3)*gt(X\,288))"
scratches="lt(abs(X-(90+30*sin(N/7)+3*sin(Y/25))) \,1.2)+lt(abs(X-(215+18*cos(N/5)))\,0.8)"
blocks="gt(mod(abs(sin(floor(X/16)*12.9898+floor(Y/16)*78.233+N*37.719)*43758.5453)\,1)\,0.955)"
ff -f lavfi -i "nullsrc=s=${width}x${height}:r=$rate,format=gray,geq=lum='255*gt($logo+$scratches+$blocks\,0)'" \
  -frames:v $frames -c:v ffv1 -level 3 -g 1 -slices 4 "${exact[@]}" "$folder/mask.mkv"

# The damaged clip: flat gray where the mask is white, everything else bit for bit as the clip decodes.
ff -i "$folder/sample.mp4" -i "$folder/mask.mkv" -filter_complex "
  [1]format=gray,split=2[m][c];
  [c]scale=$((width / 2)):$((height / 2)):flags=area,lutyuv=y='if(gt(val\,0)\,255\,0)',split=2[cu][cv];
  [m][cu][cv]mergeplanes=0x001020:yuv420p[mask];
  [0:v]format=yuv420p,split=2[clean][base];
  [base]lutyuv=y=126:u=128:v=128[gray];
  [clean][gray][mask]maskedmerge[v]" \
  -map "[v]" -map 0:a -c:a copy -c:v libx264 -preset veryslow -qp 0 "${exact[@]}" "$folder/damaged.mkv"

ls -l "$folder"/*.m*
