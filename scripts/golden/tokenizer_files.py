#!/usr/bin/env python3
"""Trains small tokenizers and writes them, and what the package `tokenizers` makes of random strings with them.

    scripts/golden/tokenizer_files.py

Writes Tests/TokenizersTests/Golden/tokenizers/. Needs pip install tokenizers==0.22.1.
"""
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "lib"))
import tokenizer_files as files  # noqa: E402

OUTPUT = ROOT / "Tests/TokenizersTests/Golden/tokenizers"
COUNT, SEED = 400, 20250301


def write(name, value):
    (OUTPUT / name).write_text(json.dumps(value, ensure_ascii=True, indent=0, separators=(",", ":")) + "\n")


def part(step, name):
    """The JSON of a normalizer or pre-tokenizer."""
    tokenizer = files.Tokenizer(files.models.BPE())
    setattr(tokenizer, name, step)
    return json.loads(tokenizer.to_str())[name]


def words(splitter, text):
    return [word for word, _ in splitter.pre_tokenize_str(text)]


def main():
    OUTPUT.mkdir(exist_ok=True)
    strings = files.strings(COUNT, SEED)
    write("strings.json", strings)
    results = {}
    for make in files.TOKENIZERS:
        tokenizer = make()
        text = tokenizer.to_str(pretty=False)
        (OUTPUT / f"{make.__name__}.json").write_text(text + "\n")
        results[make.__name__] = [files.expected(tokenizer, string) for string in strings]
    write("expected.json", results)
    steps = []
    for splitter in files.splitters():
        hashes = [files.fnv1a("\0".join(words(splitter, string)).encode()) for string in strings[::4]]
        steps.append({"pre_tokenizer": part(splitter, "pre_tokenizer"), "hashes": hashes})
    for changer in files.changers():
        hashes = [files.fnv1a(changer.normalize_str(string).encode()) for string in strings[::4]]
        steps.append({"normalizer": part(changer, "normalizer"), "hashes": hashes})
    write("steps.json", steps)


main()
