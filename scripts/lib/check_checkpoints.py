#!/usr/bin/env python3
"""Compares Sotto's logits for tiny random checkpoints with those of transformers. See scripts/check-checkpoints."""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import checkpoint_models
import packed_checkpoints

LIMIT = 1e-7
# llama.cpp computes some functions less exactly.
CONVERTED_LIMIT = 1e-6
# Products with weights of few bits round their inputs to eight. As floats the weights are exact, but for offsets in F16.
PACKED_LIMIT, UNPACKED_LIMIT = 2e-3, 1e-5


def sotto(program, folder, batch):
    command = [program, "logits", folder, "--all", "--json", "--kv-type", "f32", "--prefill-batch", str(batch), "--tokens",
               ",".join(map(str, checkpoint_models.prompt()))]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError((result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1])
    return np.array(json.loads(result.stdout)["logits"], dtype=np.float64)


def converted(options, name, folder, seed):
    """The errors of the GGUF file that is made from a checkpoint: in llama.cpp, and in Sotto."""
    changes = checkpoint_models.CONVERTED.get(name, {})
    if changes is None:
        return []
    folder, file = f"{folder}-other", Path(f"{folder}.gguf")
    expected = checkpoint_models.write(name, folder, seed, changes=changes).astype(np.float64)
    result = subprocess.run([options.sotto, "convert", str(folder), str(file), "--force"], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError((result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1])
    reference = subprocess.run(
        [options.reference, "logits", str(file), "256", str(checkpoint_models.TOKENS)], capture_output=True)
    if reference.returncode:
        raise RuntimeError("llama.cpp: " + next(iter(reference.stderr.decode(errors="replace").splitlines()), "no message"))
    logits = np.frombuffer(reference.stdout, "<f4").reshape(checkpoint_models.TOKENS, -1).astype(np.float64)
    return [error(logits, expected), error(sotto(options.sotto, str(file), 48), expected)]


def packed(options, name, root):
    """The largest errors of a checkpoint with packed weights, as it is and converted to floats."""
    direct, unpacked = [], []
    for seed in map(int, options.seeds.split(",")):
        folder, file = root / f"packed-{name}-{seed}", root / f"packed-{name}-{seed}.gguf"
        expected = packed_checkpoints.write(name, str(folder), seed).astype(np.float64)
        direct += [error(sotto(options.sotto, str(folder), batch), expected) for batch in (48, 7, 1)]
        command = [options.sotto, "convert", str(folder), str(file), "--type", "F32", "--force"]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            raise RuntimeError((result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1])
        unpacked.append(error(sotto(options.sotto, str(file), 48), expected))
    return max(direct), max(unpacked)


def error(found, expected):
    return float(np.mean((found - expected) ** 2) / np.mean(expected**2))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sotto", required=True)
    parser.add_argument("--kind", default=".*")
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--keep")
    parser.add_argument("--reference")
    options = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(options.keep or temporary)
        for name in checkpoint_models.MODELS:
            if not re.fullmatch(options.kind, name):
                continue
            errors, conversions = [], []
            try:
                for seed in map(int, options.seeds.split(",")):
                    folder = root / f"{name}-{seed}"
                    expected = checkpoint_models.write(name, str(folder), seed).astype(np.float64)
                    for batch in (48, 7, 1):
                        found = sotto(options.sotto, str(folder), batch)
                        errors.append(error(found, expected))
                    if options.reference:
                        conversions += converted(options, name, folder, seed)
            except Exception as problem:
                print(f"{name}: {type(problem).__name__}: {problem}", flush=True)
                failures.append(name)
                continue
            is_right = max(errors) < LIMIT and max(conversions, default=0) < CONVERTED_LIMIT
            note = f", as GGUF {max(conversions):.1e}" if conversions else ""
            print(f"{name}: {'ok' if is_right else 'WRONG'}, largest error {max(errors):.1e}{note}", flush=True)
            if not is_right:
                failures.append(name)
        for name in packed_checkpoints.FORMS:
            if not re.fullmatch(options.kind, name):
                continue
            try:
                direct, unpacked = packed(options, name, root)
            except Exception as problem:
                print(f"packed {name}: {type(problem).__name__}: {problem}", flush=True)
                failures.append(name)
                continue
            is_right = direct < PACKED_LIMIT and unpacked < UNPACKED_LIMIT
            print(f"packed {name}: {'ok' if is_right else 'WRONG'}, largest error {direct:.1e}, as F32 {unpacked:.1e}", flush=True)
            if not is_right:
                failures.append(name)
    if failures:
        sys.exit(f"{len(failures)} of {len(checkpoint_models.MODELS) + len(packed_checkpoints.FORMS)} differ: {', '.join(failures)}")


main()
