#!/usr/bin/env python3
"""Rasterises DejaVu Sans (Debian: fonts-dejavu-core) for labels in pictures: make-font.py DejaVuSans.ttf labels.font

Needs Pillow. For each size: pixels per em, ascent, line height, number of glyphs (a byte each); for each glyph: code
point (two bytes, little-endian), advance, left, top (from the baseline up, signed), width, height, then the coverage
row by row in 4 bits a pixel, the first in the low bits, padded to whole bytes.
DejaVu Sans: https://dejavu-fonts.github.io, its changes in the public domain, Bitstream Vera (c) Bitstream, Inc., free to embed.
"""
import sys
from PIL import Image, ImageDraw, ImageFont

characters = [chr(c) for c in range(32, 127)] + list("·×°–…→Δ")
out = bytearray()
for size in (13, 18, 26):
    font = ImageFont.truetype(sys.argv[1], size, layout_engine=ImageFont.Layout.BASIC)
    ascent, descent = font.getmetrics()
    out += bytes([size, ascent, ascent + descent, len(characters)])
    for character in characters:
        left, top, right, bottom = font.getbbox(character, anchor="ls")
        width, height = max(right - left, 0), max(bottom - top, 0)
        image = Image.new("L", (max(width, 1), max(height, 1)))
        ImageDraw.Draw(image).text((-left, -top), character, 255, font=font, anchor="ls")
        values = [(v * 15 + 127) // 255 for v in image.tobytes()] if width * height else []
        values += [0] * (len(values) % 2)
        out += ord(character).to_bytes(2, "little")
        out += bytes([round(font.getlength(character)), left & 255, -top & 255, width, height])
        out += bytes(a | b << 4 for a, b in zip(values[::2], values[1::2]))
open(sys.argv[2], "wb").write(out)
