"""Writes Tests/TUITests/Golden/terminal_widths.json: how many columns tmux gives to clusters of code points, read from
its cursor after writing each to an empty screen.

    LC_ALL=C.UTF-8 python3 scripts/golden/terminal_widths.py > Tests/TUITests/Golden/terminal_widths.json
"""
import json
import subprocess
import time

CLUSTERS = [
    "a", "e\u0301", "a\u0301\u0323\u0308", "±", "日本語", "가", "\u1112\u1161\u11ab", "ｱﾞ", "ก่", "क्षि", "नि", "שָׁ",
    "⌚", "❤", "❤\ufe0f", "❤\ufe0e", "1\ufe0f\u20e3", "👍", "👍🏽", "👨\u200d👩\u200d👧", "🧔\u200d♂\ufe0f",
    "🏳\ufe0f\u200d🌈", "👩\u200d❤\ufe0f\u200d👨", "🇩", "🇩🇪", "🏴\U000e0067\U000e0062\U000e007f", "\ue000", "…", "█", "↓",
]


def tmux(*arguments):
    command = ["tmux", "-L", "sotto-widths", "-u", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


tmux("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "cat > /dev/null")
try:
    rows = []
    with open(tmux("display", "-p", "#{pane_tty}"), "w") as terminal:
        for cluster in CLUSTERS:
            terminal.write("\033[H\033[2J" + cluster)
            terminal.flush()
            time.sleep(0.05)
            rows.append({"text": cluster, "columns": int(tmux("display", "-p", "#{cursor_x}"))})
    print(json.dumps(rows, indent=1))
finally:
    tmux("kill-server")
