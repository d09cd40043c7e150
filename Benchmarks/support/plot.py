"""A plot of lines over two logarithmic axes, as SVG."""
import math
from html import escape

WIDTH, HEIGHT = 640, 400
LEFT, TOP, RIGHT, BOTTOM = 70, 20, 110, 60
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]


def ticks(low, high):
    """1, 2 and 5 times powers of ten from `low` to `high`."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return [m * 10.0 ** e for e in range(first, last + 1) for m in (1, 2, 5) if low <= m * 10.0 ** e * 1.0001 <= high * 1.0002]


def svg(lines, x_title, y_title, level=None):
    """Lines by name, each a list of (x, y) with positive values; `level` is a name and a y, drawn dashed."""
    xs = [x for line in lines.values() for x, _ in line]
    ys = [y for line in lines.values() for _, y in line] + ([level[1]] if level else [])
    (x0, x1), (y0, y1) = (min(xs) / 1.2, max(xs) * 1.2), (min(ys) / 1.3, max(ys) * 1.3)

    def x_of(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(x / x0) / math.log(x1 / x0)

    def y_of(y):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * math.log(y / y0) / math.log(y1 / y0)

    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
             f'font-size="13"><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']

    def text(x, y, content, anchor="middle", more=""):
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{escape(content)}</text>')

    def line(points, colour, more=""):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" {more}/>')

    for x in ticks(x0, x1):
        line([(x_of(x), TOP), (x_of(x), bottom)], "#ddd")
        text(x_of(x), bottom + 18, f"{x:g}")
    for y in ticks(y0, y1):
        line([(LEFT, y_of(y)), (right, y_of(y))], "#ddd")
        text(LEFT - 8, y_of(y) + 4, f"{y:g}", "end")
    if level:
        line([(LEFT, y_of(level[1])), (right, y_of(level[1]))], "#555", 'stroke-dasharray="6 4"')
        text(right + 6, y_of(level[1]) + 4, level[0], "start")
    for (name, points), colour in zip(lines.items(), COLOURS):
        line([(x_of(x), y_of(y)) for x, y in points], colour, 'stroke-width="2"')
        parts.extend(f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3.5" fill="{colour}"/>' for x, y in points)
        text(right + 6, y_of(points[-1][1]) + 4, name, "start", f'fill="{colour}"')
    text((LEFT + right) / 2, HEIGHT - 16, x_title)
    text(18, (TOP + bottom) / 2, y_title, "middle", f'transform="rotate(-90 18 {(TOP + bottom) / 2:.0f})"')
    return "\n".join(parts) + "\n</svg>\n"
