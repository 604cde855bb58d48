"""Writes Tests/TUITests/Golden/cluster_widths.json: the number of columns of clusters according to Python's wcwidth 0.7.0.

    pip install wcwidth==0.7.0
    python3 scripts/golden/cluster_widths.py > Tests/TUITests/Golden/cluster_widths.json
"""
import json

from wcwidth import wcswidth

CLUSTERS = [
    "a", "e\u0301", "a\u0301\u0323\u0308", "x\u0301\u20dd", "±", "日本語", "가", "\u1112\u1161\u11ab", "ｱﾞ", "ก่", "நி", "कि", "שָׁ",
    "⌚", "⌚\ufe0e", "❤", "❤\ufe0f", "❤\ufe0e", "☝\ufe0f", "©\ufe0f", "1\ufe0f\u20e3", "#\ufe0f\u20e3", "1\u20e3", "a\ufe0f",
    "👍", "👍🏽", "👍🏽👍🏽", "a🏽", "🏽", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧\u200d👦", "🧔\u200d♂\ufe0f", "🏳\ufe0f\u200d🌈",
    "👩\u200d❤\ufe0f\u200d👨", "👨🏻\u200d❤\ufe0f\u200d💋\u200d👨🏻", "🇩", "🇩🇪", "🇩🇪🇫🇷", "🇩🇪🇫",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "क्\u200dष", "\ue000", "…", "█", "↓", "ﷺ", "🫩",
]
print(json.dumps([{"text": text, "columns": wcswidth(text)} for text in CLUSTERS], indent=1))
