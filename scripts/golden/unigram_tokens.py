#!/usr/bin/env python3
"""Tokens of random lines in the tokenizer model `plamo2`, from the reference.

    scripts/golden/unigram_tokens.py REFERENCE ggml-vocab-llama-spm.gguf \
        < Tests/TokenizersTests/Golden/random-lines.jsonl > Tests/TokenizersTests/Golden/unigram-tokens.json

No published file with this model is small enough for tests, so the vocabulary of Llama 2 is given its name: it has
scores and byte tokens as well. REFERENCE is the program that scripts/check-families
builds. Needs the `gguf` package. Writes a 64-bit FNV-1a hash of the ids of each hundred lines,
as four little-endian bytes each, with a zero after each line.
"""
import json
import subprocess
import sys
import tempfile

import gguf


def renamed(path, to):
    """A copy of a vocabulary with the tokenizer model `plamo2`."""
    reader = gguf.GGUFReader(path)
    writer = gguf.GGUFWriter(to, "llama")
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        value = "plamo2" if field.name == "tokenizer.ggml.model" else field.contents()
        kind = field.types[0]
        sub = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, value, kind, sub)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def fnv1a(ids):
    value = 0xCBF29CE484222325
    for token in ids:
        for byte in token.to_bytes(4, "little"):
            value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def tokens(program, vocabulary, lines):
    """The tokens of each line."""
    texts = [line.encode() for line in lines]
    data = b"".join(len(text).to_bytes(4, "little") + text for text in texts)
    printed = subprocess.run([program, "tokens", vocabulary], input=data, stdout=subprocess.PIPE, check=True).stdout
    return [[int(token) for token in line.split()] for line in printed.decode().split("\n")[:-1]]


def main():
    program, vocabulary = sys.argv[1:]
    lines = [json.loads(line) for line in sys.stdin.buffer.read().decode().split("\n") if line]
    # In the reference, text can become a control token.
    lines = ["" if "<s>" in line or "</s>" in line else line for line in lines]
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        renamed(vocabulary, file.name)
        all_tokens = tokens(program, file.name, lines)
    hashes = []
    for first in range(0, len(lines), 100):
        hashes.append(fnv1a([token for ids in all_tokens[first:first + 100] for token in ids + [0]]))
    json.dump(hashes, sys.stdout)
    print()


main()
