"""Compares model families with the reference. See scripts/check-families."""
import argparse
import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

PROMPT_LENGTH = 48
# In F32, only a wrong formula causes a larger error.
LIMIT = 1e-7
# How many tokens Sotto computes at once: all, an uneven number, one.
BATCHES = [48, 7, 1]
# llama.cpp rounds the context length up to a multiple of this.
CONTEXT = 256

FAMILIES = """
afmoe apertus arcee arctic baichuan bailingmoe bailingmoe2 bitnet bloom chatglm codeshell cohere2 cohere2moe command-r dbrx
deci deepseek dots1 ernie4_5 ernie4_5-moe exaone exaone-moe exaone4 falcon gemma gemma2 gemma3 gemma3n gemma4 glm4 glm4moe gpt-oss
gpt2 gptneox granite granite_swa granitemoe grok grovemoe hunyuan-dense hunyuan-moe hunyuan_vl hy_v3 internlm2 jais jais2
laguna llama llama4 maincoder maple mellum mimo2 minicpm minimax-m2 mistral3 mpt muse-glimmer nanbeige nemotron olmo olmo2
olmoe openelm orion paddleocr pangu-embedded phi2 phi3 phimoe plamo plamo3 plm qwen qwen2 qwen2moe qwen2vl qwen3 qwen3moe
qwen3vl qwen3vlmoe refact seed_oss smallthinker smollm3 spark2_5 stablelm starcoder starcoder2 step35 talkie xverse
""".split()


@dataclass
class Result:
    """How one file compares. `errors` are NMSE by batch; `message` says why there are none."""

    family: str
    name: str
    seed: int
    errors: dict = field(default_factory=dict)
    message: str = ""

    @property
    def passes(self):
        return not self.message and all(error < LIMIT for error in self.errors.values())

    def __str__(self):
        if self.message:
            return self.message
        figures = " ".join(f"{batch}:{error:.1e}" for batch, error in self.errors.items())
        return ("ok   " if self.passes else "DIFFERS ") + figures


def nmse(values, expected):
    difference = values.astype(np.float64) - expected
    return float(np.mean(difference**2) / np.mean(expected.astype(np.float64) ** 2))


def last_line(text):
    lines = [line for line in text.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no message"


class Programs:
    def __init__(self, arguments):
        self.sotto, self.archs, self.reference = arguments.sotto, arguments.archs, arguments.reference
        usage = subprocess.run([self.sotto, "logits", "--help"], capture_output=True, check=True).stdout.decode()
        self.batches = BATCHES if "--prefill-batch" in usage else [None]
        if self.batches == [None]:
            print("This sotto has no --prefill-batch; only the whole prompt in one pass is compared.", file=sys.stderr)

    def write_models(self, family, seed, folder):
        """Writes FAMILY-dense.gguf or FAMILY-moe.gguf or both, or nothing for a family that the program cannot write."""
        subprocess.run(
            [self.archs, "-a", family, "-s", str(seed), "-d", "0.5", "-o", str(folder)], capture_output=True, check=False)

    def expected_logits(self, path):
        """The reference's logits [48][vocabulary], kept next to the model; or a message."""
        kept = path.with_suffix(".f32")
        if not kept.exists():
            run = subprocess.run([self.reference, str(path), str(CONTEXT)], capture_output=True, check=False)
            if run.returncode != 0:
                return f"the reference fails: {last_line(run.stderr)}"
            kept.write_bytes(run.stdout)
        logits = np.fromfile(kept, "<f4").reshape(PROMPT_LENGTH, -1)
        return logits if np.isfinite(logits).all() else "the reference computes values that are not finite"

    def logits(self, path, vocabulary, batch):
        """Sotto's logits [48][vocabulary], or a message."""
        tokens = ",".join(str((37 * index + 11) % vocabulary) for index in range(PROMPT_LENGTH))
        options = ["--prefill-batch", str(batch)] if batch else []
        run = subprocess.run(
            [self.sotto, "logits", str(path), "--tokens", tokens, "--all", "--json", "--kv-type", "f32", *options],
            capture_output=True, check=False)
        if run.returncode != 0:
            reason = f"crashes ({-run.returncode})" if run.returncode < 0 else "not supported"
            return f"{reason}: {last_line(run.stderr)}"
        return np.array(json.loads(run.stdout)["logits"], np.float32)


def compare(programs, family, seed, path):
    result = Result(family, path.stem, seed)
    expected = programs.expected_logits(path)
    if isinstance(expected, str):
        result.message = expected
        return result
    for batch in programs.batches:
        logits = programs.logits(path, expected.shape[1], batch)
        if isinstance(logits, str):
            result.message = logits
            return result
        result.errors[batch or PROMPT_LENGTH] = nmse(logits, expected)
    return result


def check(programs, family, seeds, folder, report):
    """Reports the result of every file of a family."""
    for seed in seeds:
        models = folder / str(seed) / family
        if not models.exists():
            models.mkdir(parents=True)
            programs.write_models(family, seed, models)
        files = sorted(models.glob("*.gguf"))
        for path in files:
            report(compare(programs, family, seed, path))
        if not files:
            report(Result(family, family, seed, message="the reference writes no file"))


def parse():
    parser = argparse.ArgumentParser(prog="scripts/check-families")
    for program in ["--sotto", "--archs", "--reference"]:
        parser.add_argument(program, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--family", default=".*", type=re.compile)
    parser.add_argument("--seeds", default="1,2,3", type=lambda text: [int(seed) for seed in text.split(",")])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write-table", type=Path)
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def main():
    arguments = parse()
    programs = Programs(arguments)
    results = []

    def report(result):
        results.append(result)
        if arguments.verbose or not result.passes:
            print(f"{result.name:32} seed {result.seed}  {result}", flush=True)

    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        for family in FAMILIES:
            if arguments.family.fullmatch(family):
                check(programs, family, arguments.seeds, folder, report)
    passing = [family for family in {result.family: None for result in results}
               if all(result.passes for result in results if result.family == family)]
    families = len({result.family for result in results})
    print(f"{len(passing)} of {families} families agree with the reference: {' '.join(passing)}")
    sys.exit(len(passing) != families)


main()
