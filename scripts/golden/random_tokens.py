#!/usr/bin/env python3
"""Generates random Unicode lines and the reference's tokens for them.

    scripts/golden/random_tokens.py lines > Tests/TokenizersTests/Golden/random-lines.jsonl
    scripts/golden/random_tokens.py tokens MODEL.gguf < Tests/TokenizersTests/Golden/random-lines.jsonl \
        > Tests/TokenizersTests/Golden/MODEL.random-tokens.txt

`lines` writes one JSON string per line, the same in every run. `tokens` needs llama.cpp's Python bindings
(pip install llama-cpp-python==0.3.36). For each line it writes the number of tokens and a 64-bit FNV-1a hash of their
ids, as four little-endian bytes each: first for plain text, then with special tokens parsed.
"""
import json
import random
import sys
import unicodedata

COUNT = 4000

WORDS = """the of and to in is that it was for on are with as his they be at one have this from or had by hot word but
what some we can out other were all there when up use your how said an each she which do their time if will way about
many then them write would like so these her long make thing see him two has look more day could go come did number
internationalization Zürich naïve façade Übergrößenträger œuvre señor straße Ελλάδα Москва привет мир İstanbul ǅungla
Việt Nam đường""".split()
CONTRACTIONS = ["don't", "I'm", "you're", "we've", "she'll", "he'd", "it's", "DON'T", "I'M", "YOU'RE", "'tis", "o'clock",
                "'S", "’s", "rock'n'roll", "'", "''", "'ll", "'Ve"]
CODE = ["def f(x):\n    return x + 1", "for (int i = 0; i < n; ++i) {", "\t\tif (a != b) && !c", "x = {'a': [1, 2.5e-3]}",
        "https://example.org/a?b=c&d=%20#e", "/* comment */", "#include <stdio.h>", "a->b::c", "<div class=\"x\">",
        "</table>", "SELECT * FROM t WHERE id=42;", "0xDEADBEEF", "1_000_000", "$HOME/.config", "\\n\\t\\\\", "===", "...", "```swift"]
SPECIALS = ["<|im_start|>", "<|im_end|>", "<|endoftext|>", "<bos>", "<eos>", "<start_of_turn>", "<end_of_turn>", "<pad>",
            "<unused7>", "<0x0A>", "<mask>", "<table>", "<h1>", "[multimodal]", "▁", "▁▁", "<unk>", "<s>", "</s>",
            "<repo_name>", "<file_sep>", "<filename>", "<jupyter_start>"]
EMOJI = ["😀", "👨‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇩🇪", "❤️", "1️⃣", "🧑🏿‍🚀", "⌛", "🫠", "\u200d", "\ufe0f"]
SPACES = [" ", "  ", "    ", "\t", "\n", "\r\n", "\n\n", " \n", "\u00a0", "\u3000", "\u2003", "\u2028", "\u0085", "\u200b",
          "\v", "\f", "\r", " " * 17, "\n" * 7, "\t" * 5]
RANGES = {
    "han": (0x4E00, 0x9FA5), "kana": (0x3041, 0x30FF), "hangul": (0xAC00, 0xD7A3), "hebrew": (0x05D0, 0x05EA),
    "arabic": (0x0620, 0x06D5), "devanagari": (0x0900, 0x097F), "thai": (0x0E01, 0x0E5B), "latin": (0x00A1, 0x024F),
    "greek": (0x0370, 0x03FF), "cyrillic": (0x0400, 0x04FF), "combining": (0x0300, 0x036F), "symbols": (0x2000, 0x2BFF),
    "control": (0x0000, 0x001F), "wide": (0xFF01, 0xFFEE), "old": (0x10300, 0x10FFF), "math": (0x1D400, 0x1D7FF),
    "han2": (0x20000, 0x2A6D0), "pictures": (0x1F300, 0x1FAFF), "private": (0xE000, 0xE0FF), "tags": (0xE0001, 0xE007F),
}
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "⅓½²³⑩Ⅻ", "𝟎𝟙𝟤", "〇一二三"]


def is_assigned(scalar):
    return unicodedata.category(chr(scalar)) not in ("Cn", "Cs")


def from_range(rng, name):
    low, high = RANGES[name]
    while True:
        scalar = rng.randint(low, high)
        if is_assigned(scalar):
            return chr(scalar)


def anything(rng):
    """Any scalar of the planes in use, assigned or not."""
    while True:
        scalar = rng.randint(0, 0x3FFFF)
        if not 0xD800 <= scalar <= 0xDFFF:
            return chr(scalar)


def piece(rng):
    kind = rng.randrange(12)
    if kind <= 2:
        return rng.choice(["", " ", " "]) + rng.choice(WORDS)
    if kind == 3:
        return rng.choice(["", " "]) + rng.choice(CONTRACTIONS)
    if kind == 4:
        return rng.choice(CODE)
    if kind == 5:
        return rng.choice(SPECIALS)
    if kind == 6:
        return rng.choice(EMOJI) * rng.choice([1, 1, 1, 2, 3])
    if kind == 7:
        return rng.choice(SPACES) * rng.choice([1, 1, 2])
    if kind == 8:
        digits = rng.choice(DIGITS)
        return "".join(rng.choice(digits) for _ in range(rng.randint(1, 9)))
    if kind == 9:
        return "".join(rng.choice("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") for _ in range(rng.randint(1, 6)))
    if kind == 10:
        name = rng.choice(list(RANGES))
        return "".join(from_range(rng, name) for _ in range(rng.randint(1, 8)))
    return "".join(anything(rng) for _ in range(rng.randint(1, 4)))


def lines():
    rng = random.Random(20240917)
    for _ in range(COUNT):
        yield "".join(piece(rng) for _ in range(rng.randint(1, 9)))


def fnv1a(ids):
    value = 0xCBF29CE484222325
    for token in ids:
        for byte in token.to_bytes(4, "little"):
            value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def main():
    if sys.argv[1] == "lines":
        for line in lines():
            print(json.dumps(line, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u0085", "\\u0085"))
        return
    from llama_cpp import Llama

    model = Llama(sys.argv[2], vocab_only=True, verbose=False)
    for line in sys.stdin.buffer.read().decode().split("\n"):
        if line:
            text = json.loads(line).encode()
            plain = model.tokenize(text, add_bos=False, special=False)
            special = model.tokenize(text, add_bos=False, special=True)
            print(f"{len(plain)} {fnv1a(plain):016x} {len(special)} {fnv1a(special):016x}")


main()
