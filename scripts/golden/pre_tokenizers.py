#!/usr/bin/env python3
"""Splits random lines into words with the regular expressions that models publish, as Hugging Face's tokenizers do.

    scripts/golden/pre_tokenizers.py < Tests/TokenizersTests/Golden/random-lines.jsonl \
        > Tests/TokenizersTests/Golden/pre-tokenizers.json

Needs pip install tokenizers==0.22.1. For each pre-tokenizer and each hundred lines, writes a 64-bit FNV-1a hash of the
words' lengths in scalars, as four little-endian bytes each, with a zero after each line. Lines with characters that are
new or unassigned in some version of Unicode from 14 on are left out: it is not the same everywhere whether these are
letters.
"""
import json
import sys
import unicodedata

from tokenizers import Regex
from tokenizers.pre_tokenizers import Sequence, Split

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)"
RAISED, LOWERED = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
LEAD = r"[^\r\n\p{L}\p{N}]?"
THREES = r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))"
KANA = "[一-龥぀-ゟ゠-ヿ]+"
SIGNS = r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
DEEPSEEK = SIGNS + r"| ?[\p{P}\p{S}]+[\r\n]*|" + SPACES
MARKS = r" ?[^(\s|.,!?…。，、।۔،)]+"


def cased(end, contractions=CONTRACTIONS + "?"):
    return (f"{LEAD}{RAISED}*{LOWERED}+{contractions}|{LEAD}{RAISED}+{LOWERED}*{contractions}|" + end
            + r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + SPACES)


def words(numbers, signs=r" ?[^\s\p{L}\p{N}]+[\r\n]*", spaces=SPACES, start=CONTRACTIONS + "|"):
    return start + r"[^\r\n\p{L}\p{N}]?\p{L}+|" + numbers + "|" + signs + "|" + spaces


TABLE = {
    "gpt-2": [GPT2],
    "smollm": [r"\p{N}", GPT2],
    "llama-bpe": [words(r"\p{N}{1,3}")],
    "qwen2": [words(r"\p{N}")],
    "qwen35": [CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + SPACES],
    "tekken": [cased(r"\p{N}", contractions="")],
    "gpt-4o": [cased(r"\p{N}{1,3}")],
    "cohere2moe": [THREES, cased(r"\p{N}{1,3}")],
    "superbpe": [THREES],
    "youtu": ["[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥぀-ゟ゠-ヿ]+", cased(r"\p{N}")],
    "deepseek-v3": [r"\p{N}{1,3}", KANA, DEEPSEEK],
    "spark2_5": [r"\p{N}{1,3}", KANA, SIGNS + r"| ?[\p{P}\p{S}]+|[\r\n]|\s+(?!\S)|\s+", r"\p{N}"],
    "afmoe": [THREES,
              "[一-鿿㐀-䶿\uf900-\ufaff぀-ゟ゠-ヿ･-ﾟ⼀-\u2fdf\u0e40-\u0e7f\u0e80-\u0effក-\u17ffက-႟ꩠ-ꩿꧠ-\ua9ff가-\ud7afᄀ-ᇿ]+",
              DEEPSEEK],
    "bloom": [MARKS],
    "viking": [MARKS, r"\p{N}"],
    "bailingmoe": [r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]"
                   r"|\s+(?!\S)|\s+"],
    "seed-coder": [words(r"\p{N}{1}", signs=r" ?[^\s\p{L}\p{N}\r\n]+")],
    "exaone-moe": [CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}"
                   r"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"],
    "laguna": [r"[^\n]+|[\n]+", words(r"\p{N}")],
    "minicpm5": [r"\p{N}{1,3}", words(r"\p{N}+")],
    "jais-2": [words(r"\p{N}{1,3}", spaces=r"\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)"
                     r"|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}")],
    "ufakzeka": [words(r"\p{N}", start="")],
}


def fnv1a(lengths):
    value = 0xCBF29CE484222325
    for length in lengths:
        for byte in length.to_bytes(4, "little"):
            value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def main():
    lines = [json.loads(line) for line in sys.stdin.buffer.read().decode().split("\n") if line]
    omitted = [i for i, line in enumerate(lines) if any(unicodedata.category(c) == "Cn" for c in line)]
    golden = {"omitted": omitted, "words": {}}
    for name, patterns in TABLE.items():
        splitter = Sequence([Split(Regex(pattern), "isolated") for pattern in patterns])
        hashes = golden["words"][name] = []
        for first in range(0, len(lines), 100):
            lengths = []
            for index in sorted(set(range(first, first + 100)).difference(omitted)):
                lengths += [end - start for _, (start, end) in splitter.pre_tokenize_str(lines[index])] + [0]
            hashes.append(fnv1a(lengths))
    json.dump(golden, sys.stdout)
    print()


main()
