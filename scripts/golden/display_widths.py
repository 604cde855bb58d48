"""Writes Tests/TUITests/Golden/display_widths.json: the widths of all assigned code points up to U+1FFFF on which the C
library and the wcwidth package agree, as runs [first, last, width].

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
    # Spacing marks have no column of their own in the package, but one in the C library and the terminals that use it.
    expected = 1 if unicodedata.category(character) == "Mc" else wcwidth.wcwidth(character)
    if width < 0 or width != expected:
        continue
    if runs and runs[-1][1] == point - 1 and runs[-1][2] == width:
        runs[-1][1] = point
    else:
        runs.append([point, point, width])
print("[" + ",\n".join(json.dumps(run) for run in runs) + "]")
