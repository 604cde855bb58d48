"""Writes Tests/TUITests/Golden/display_widths.json: the width of every code point up to U+1FFFF as the C library and the
wcwidth package give it, as runs [first, last, width], only where both agree and the code point is assigned.

    pip install wcwidth && LC_ALL=C.UTF-8 python3 scripts/golden/display_widths.py > Tests/TUITests/Golden/display_widths.json
"""
import ctypes
import json
import locale
import unicodedata

import wcwidth

locale.setlocale(locale.LC_ALL, "")
libc = ctypes.CDLL(None)
libc.wcwidth.argtypes = [ctypes.c_wchar]

runs = []
for point in range(0x20, 0x20000):
    character = chr(point)
    width = -1 if unicodedata.category(character) in ("Cs", "Cn", "Cc", "Co") else libc.wcwidth(character)
    # The package gives spacing marks no column of their own, the C library (and every terminal that follows it) one.
    expected = 1 if unicodedata.category(character) == "Mc" else wcwidth.wcwidth(character)
    if width < 0 or width != expected:
        continue
    if runs and runs[-1][1] == point - 1 and runs[-1][2] == width:
        runs[-1][1] = point
    else:
        runs.append([point, point, width])
print("[" + ",\n".join(json.dumps(run) for run in runs) + "]")
