"""Compares tokenizer.json with the package `tokenizers`. See scripts/check-tokenizers."""
import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
from gguf import GGUFReader  # noqa: E402
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer  # noqa: E402

import tokenizer_files as files  # noqa: E402
from tokenizers import (  # noqa: E402
    AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors)

# Of the reference's speed.
LEAST_SPEED = 0.5


def default_model(path):
    """The tokenizer of the default model, from the vocabulary and the merges in its file."""
    reader = GGUFReader(path)
    tokens = reader.fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in reader.fields["tokenizer.ggml.merges"].contents()]
    kinds = reader.fields["tokenizer.ggml.token_type"].contents()
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.add_tokens([AddedToken(token, special=True) for token, kind in zip(tokens, kinds) if kind == 3])
    return tokenizer


def sentencepiece_model():
    """A unigram model of SentencePiece with its own map of characters, as files made from its models have it."""
    file = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(files.training_text()), model_writer=file, vocab_size=600, hard_vocab_limit=False,
        minloglevel=2)
    model = SentencePieceProcessor(model_proto=file.getvalue())
    vocabulary = [(model.id_to_piece(token), model.get_score(token)) for token in range(model.get_piece_size())]
    # The model's field 3 is the normalizer, whose field 2 is the map.
    characters = protobuf_field(protobuf_field(file.getvalue(), 3), 2)
    tokenizer = Tokenizer(models.Unigram(vocabulary, model.unk_id()))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Precompiled(characters), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<unk>", "<s>", "</s>"])
    return tokenizer


def protobuf_field(data, number):
    """The first field of a message with this number, which must be of bytes."""
    position = 0

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(data):
        key = varint()
        if key & 7 == 0:
            varint()
            continue
        length = varint() if key & 7 == 2 else {1: 8, 5: 4}[key & 7]
        position += length
        if key >> 3 == number:
            return data[position - length:position]
    raise ValueError(f"no field {number}")


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if result.returncode != 0:
        last = result.stderr.decode(errors="replace").strip().splitlines()[-1:] or [f"exit status {result.returncode}"]
        sys.exit(f"{Path(str(command[0])).name} failed: {last[0]}")
    return result.stdout.decode()


def compare(name, tokenizer, strings, arguments, folder):
    """The number of strings that differ."""
    path, lines = folder / f"{name}.json", folder / "strings.json"
    tokenizer.save(str(path), pretty=False)
    lines.write_text(json.dumps(strings))
    expected = [files.expected(tokenizer, text) for text in strings]
    found = run(arguments.program, path, "lines", lines).splitlines()
    wrong_ids = [index for index, (a, b) in enumerate(zip(expected, found)) if a.split()[0] != b.split()[0]]
    wrong_texts = [index for index, (a, b) in enumerate(zip(expected, found)) if a.split()[1] not in ("-", b.split()[1])]
    is_good = len(found) == len(expected) and not wrong_ids and not wrong_texts
    print(f"{'ok   ' if is_good else 'WRONG'} {name}: {tokenizer.get_vocab_size()} tokens; of {len(strings)} strings, "
          f"{len(wrong_ids)} have other tokens and {len(wrong_texts)} another decoded text", flush=True)
    if wrong_ids:
        lines.write_text(json.dumps([strings[index] for index in wrong_ids[:5]]))
        ids = run(arguments.program, path, "ids", lines).splitlines()
        for index, other in zip(wrong_ids[:5], ids):
            own = tokenizer.encode(strings[index])
            print(f"      {ascii(strings[index])}\n      {' '.join(map(str, own.ids))}\n      {other}")
    for index in [index for index in wrong_texts if index not in wrong_ids][:5]:
        print(f"      {ascii(strings[index])}: {ascii(tokenizer.decode(tokenizer.encode(strings[index]).ids))}")
    return not is_good


def speed(name, tokenizer, text, arguments, folder):
    """Whether encoding is too slow."""
    path = folder / "text.txt"
    path.write_text(text, newline="")
    start = time.perf_counter()
    ids = tokenizer.encode_batch_fast([text])[0].ids
    theirs = time.perf_counter() - start
    load, ours, count = run(arguments.program, folder / f"{name}.json", "time", path).split()
    megabytes = len(text.encode()) / 1e6
    ratio = theirs / float(ours)
    is_good = ratio >= LEAST_SPEED and abs(int(count) - len(ids)) <= 2
    print(f"{'ok   ' if is_good else 'WRONG'} {name}: {megabytes / float(ours):.2f} MB/s, reference {megabytes / theirs:.2f} MB/s, "
          f"{ratio:.2f} times as fast; loaded in {1000 * float(load):.0f} ms", flush=True)
    return not is_good


def long_text(size):
    """Text of several languages and code, with random words so that not all of it repeats."""
    import random
    rng = random.Random(7)
    base = files.training_text() + [path.read_text() for path in sorted((files.ROOT / "Sources").glob("*/*.swift"))[:60]]
    parts, length = [], 0
    while length < size:
        part = rng.choice(base)
        if len(part) > 2000:
            start = rng.randrange(len(part) - 2000)
            part = part[start:start + 2000]
        part += " ".join("".join(rng.choice("etaoinshrdlu") for _ in range(rng.randint(2, 9))) for _ in range(20)) + "\n"
        parts.append(part)
        length += len(part.encode())
    return "".join(parts)


def main():
    parser = argparse.ArgumentParser()
    for name in ("program", "model"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--only", type=lambda text: text.split(","))
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--megabytes", type=float, default=10)
    arguments = parser.parse_args()
    makers = {"default": lambda: default_model(arguments.model), "sentencepiece": sentencepiece_model}
    makers |= {make.__name__: make for make in files.TOKENIZERS}
    strings = files.strings(arguments.count, arguments.seed)
    text = long_text(1e6 * arguments.megabytes) if arguments.megabytes else ""
    failures = 0
    with tempfile.TemporaryDirectory(prefix="sotto-tokenizers-") as name:
        folder = Path(name)
        for name, make in makers.items():
            if not arguments.only or name in arguments.only:
                tokenizer = make()
                failures += compare(name, tokenizer, strings, arguments, folder)
                if text:
                    failures += speed(name, tokenizer, text, arguments, folder)
    print("all as expected" if failures == 0 else f"{failures} differences")
    sys.exit(failures > 0)


main()
