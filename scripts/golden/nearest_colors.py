#!/usr/bin/env python3
"""Writes Tests/TUITests/Golden/nearest_colors.json: for random colours, the nearest entry among 16...255 of xterm's palette
in OKLab, with the matrices from Björn Ottosson's article (https://bottosson.github.io/posts/oklab/) applied to linear light.
Omits colours with two almost equally near entries.

    python3 scripts/golden/nearest_colors.py
"""
import json
import pathlib
import random

TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_LAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def linear(channel):
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def times(matrix, vector):
    return [sum(a * b for a, b in zip(row, vector)) for row in matrix]


def oklab(color):
    return times(TO_LAB, [value ** (1 / 3) for value in times(TO_CONES, [linear(channel) for channel in color])])


def palette():
    steps = [0, 95, 135, 175, 215, 255]
    cube = [(red, green, blue) for red in steps for green in steps for blue in steps]
    return dict(enumerate(cube + [(8 + 10 * grey,) * 3 for grey in range(24)], start=16))


def main():
    entries = {index: oklab(color) for index, color in palette().items()}
    generator = random.Random(1)
    rows = []
    while len(rows) < 300:
        color = tuple(generator.randrange(256) for _ in range(3))
        wanted = oklab(color)
        ranked = sorted(
            (sum((a - b) ** 2 for a, b in zip(wanted, entry)), index) for index, entry in entries.items())
        if ranked[1][0] - ranked[0][0] > 1e-6:
            rows.append({"color": "#%02x%02x%02x" % color, "index": ranked[0][1]})
    target = pathlib.Path(__file__).parents[2] / "Tests/TUITests/Golden/nearest_colors.json"
    lines = ",\n".join(json.dumps(row) for row in rows)
    target.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
