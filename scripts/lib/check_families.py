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

import family_models
from family_models import Refused
from family_source import ReferenceSource
from family_table import FAMILIES, MEANINGLESS, NOT_RUN, UNUSED

# In F32, only a wrong formula causes a larger error.
LIMIT = 1e-7
# A key that is used changes the reference's logits by at least this.
CHANGE = 1e-5
# How many tokens Sotto computes at once: all, an uneven number, one.
BATCHES = [512, 7, 1]


def nmse(values, expected):
    expected = expected.astype(np.float64)
    return float(np.mean((values - expected) ** 2) / np.mean(expected**2))


class Reference:
    def __init__(self, program, archs):
        self.program, self.archs = program, archs

    def write_models(self, family, seed, folder):
        """Writes FAMILY-dense.gguf or FAMILY-moe.gguf or both, or nothing for a family that the program cannot write."""
        subprocess.run(
            [self.archs, "-a", family, "-s", str(seed), "-d", "0.5", "-o", str(folder)], capture_output=True, check=False)

    def logits(self, path, prompt=48):
        """[48][vocabulary] after the last 48 tokens of the prompt. Also written to PATH.f32."""
        run = subprocess.run(
            [self.program, "logits", str(path), str(context_length(prompt)), str(prompt)], capture_output=True, check=False)
        if run.returncode != 0:
            raise Refused(family_models.first_line(run.stderr))
        logits = np.frombuffer(run.stdout, "<f4").reshape(48, -1)
        if not np.isfinite(logits).all():
            raise Refused("not finite")
        path.with_suffix(".f32").write_bytes(run.stdout)
        return logits


def context_length(prompt):
    """llama.cpp rounds up to a multiple of 256."""
    return (prompt + 255) // 256 * 256


class Sotto:
    def __init__(self, program):
        self.program = program
        usage = subprocess.run([program, "logits", "--help"], capture_output=True, check=True).stdout.decode()
        self.takes_batch, self.takes_context = "--prefill-batch" in usage, "--context-length" in usage
        if not self.takes_batch:
            print("This sotto has no --prefill-batch: the prompt is computed in one pass only.", file=sys.stderr)

    def logits(self, path, vocabulary, batch, prompt):
        """As the reference's. Raises Refused with the program's message."""
        tokens = ",".join(str((37 * index + 11) % vocabulary) for index in range(prompt))
        options = ["--prefill-batch", str(batch)] if self.takes_batch else []
        options += ["--context-length", str(context_length(prompt))] if self.takes_context else []
        run = subprocess.run(
            [self.program, "logits", str(path), "--tokens", tokens, "--all", "--json", "--kv-type", "f32", *options],
            capture_output=True, check=False)
        if run.returncode != 0:
            message = run.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            raise Refused(f"exit {run.returncode}: {message[0]}" if run.returncode not in (1, 64) else message[0])
        return np.array(json.loads(run.stdout)["logits"][-48:], np.float32)

    def errors(self, path, expected, prompt=48):
        """NMSE by the number of tokens that are computed at once."""
        batches = BATCHES if self.takes_batch and prompt == 48 else BATCHES[:1]
        return {batch: nmse(self.logits(path, expected.shape[1], batch, prompt), expected) for batch in batches}


@dataclass
class Report:
    """What was found about a family."""

    family: str
    checked: int = 0
    worst: float = 0.0
    problems: list = field(default_factory=list)
    moving: set = field(default_factory=set)

    @property
    def passes(self):
        return not self.problems

    def add(self, name, seed, errors):
        self.checked += 1
        self.worst = max(self.worst, *errors.values())
        if not all(error < LIMIT for error in errors.values()):
            figures = ", ".join(f"{error:.1e} in batches of {batch}" for batch, error in errors.items())
            self.problems.append(f"{name} (seed {seed}): {figures}")

    def __str__(self):
        state = "ok" if self.passes else "DIFFERS" if self.checked else "-"
        return f"{self.family:16} {state:8} {self.checked:3} files, largest error {self.worst:.1e}"


class Check:
    """Checks one family."""

    def __init__(self, family, reference, sotto, source, folder, quick):
        self.family, self.reference, self.sotto, self.source = family, reference, sotto, source
        self.folder, self.quick, self.report = folder, quick, Report(family)

    def run(self, seeds):
        for seed in seeds:
            (self.folder / str(seed) / self.family).mkdir(parents=True, exist_ok=True)
            self._check_reference_models(seed)
            for base in family_models.bases(self.family, self.source):
                problems = len(self.report.problems)
                logits = self._check_model(base, seed)
                runs = logits is not None and len(self.report.problems) == problems
                if seed == seeds[0] and runs and not self.quick:
                    self._check_variants(base, logits, seed)
        return self.report

    def run_keys(self, seed):
        """Checks only the files: every key that the family reads must change the reference's logits in one of them."""
        (self.folder / str(seed) / self.family).mkdir(parents=True, exist_ok=True)
        for base in family_models.bases(self.family, self.source):
            logits = self._check_model(base, seed)
            if logits is not None:
                self._check_variants(base, logits, seed)
        self._check_keys()
        return self.report

    def _check_reference_models(self, seed):
        """Those of test-llama-archs."""
        folder = self.folder / str(seed) / self.family
        self.reference.write_models(self.family, seed, folder)
        for path in sorted(folder.glob(f"{self.family}-*.gguf")):
            if path.stem not in NOT_RUN:
                self._compare(path, path.stem, seed, self.reference.logits(path))

    def _check_variants(self, base, expected, seed):
        tensors = family_models.tensors(self.reference.program, base)
        changed = [model for model in family_models.variants(base, self.source) if model.values != base.values]
        for model in [*changed, *family_models.tensor_variants(base, tensors)]:
            if model.stem in MEANINGLESS:
                continue
            logits = self._check_model(model, seed, may_be_refused=True)
            if logits is not None and (logits.shape != expected.shape or nmse(logits, expected) > CHANGE):
                self.report.moving |= {
                    key for key in base.values.keys() | model.values.keys()
                    if base.values.get(key) != model.values.get(key)}

    def _check_model(self, model, seed, may_be_refused=False):
        """The reference's logits, or nil if it cannot run this file."""
        path = self.folder / str(seed) / self.family / f"{model.stem}.gguf"
        try:
            tensors = family_models.tensors(self.reference.program, model)
            family_models.write(path, model, tensors, seed)
            expected = self.reference.logits(path, model.prompt)
        except Refused as error:
            path.unlink(missing_ok=True)
            if not may_be_refused:
                self.report.problems.append(f"{model.stem}: the reference refuses it: {error}")
            return None
        if self.sotto:
            self._compare(path, model.stem, seed, expected, model.prompt)
        return expected

    def _compare(self, path, name, seed, expected, prompt=48):
        try:
            self.report.add(name, seed, self.sotto.errors(path, expected, prompt))
        except Refused as error:
            self.report.problems.append(f"{name} (seed {seed}): {error}")

    def _check_keys(self):
        read = self.source.own_keys(self.family) & (family_models.table.KEYS.keys() | self.report.moving)
        unused = UNUSED.get(self.family, set())
        for key in sorted(read - self.report.moving - unused):
            self.report.problems.append(f"{key}: no file shows that the reference uses it")
        for key in sorted(unused & self.report.moving):
            self.report.problems.append(f"{key}: the reference does use it")


def write_table(path, reports, quick):
    """A Markdown page with the families that agree."""
    lines = [
        "# Model families",
        "",
        "Written by `scripts/check-families --write-table docs/families.md`. The name is `general.architecture` of a GGUF file.",
        "Models: tiny random ones" + ("." if quick else ", also with single metadata keys or tensors changed."),
        "Each is computed in one pass, in batches of 7, and token by token. Largest error: of the logits of 48 tokens, squared and",
        "relative to those of llama.cpp, both in F32.",
        "",
        "| family | models | largest error |",
        "| --- | --- | --- |",
    ]
    lines += [f"| `{report.family}` | {report.checked} | {report.worst:.0e} |" for report in reports if report.passes]
    path.write_text("\n".join(lines) + "\n")


def parse():
    parser = argparse.ArgumentParser(prog="scripts/check-families")
    for program in ["--sotto", "--archs", "--reference", "--source"]:
        parser.add_argument(program, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--family", default=".*", type=re.compile)
    parser.add_argument("--seeds", default="1,2,3", type=lambda text: [int(seed) for seed in text.split(",")])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keys", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--write-table", type=Path)
    return parser.parse_args()


def main():
    arguments = parse()
    reference = Reference(arguments.reference, arguments.archs)
    sotto = None if arguments.keys else Sotto(arguments.sotto)
    source = ReferenceSource(arguments.source)
    reports = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        for family in FAMILIES:
            if arguments.family.fullmatch(family):
                check = Check(family, reference, sotto, source, folder, arguments.quick)
                reports.append(check.run_keys(arguments.seeds[0]) if arguments.keys else check.run(arguments.seeds))
                report = reports[-1]
                print("\n    ".join([str(report), *report.problems]), flush=True)
    passing = [report.family for report in reports if report.passes]
    print(f"{len(passing)} of {len(reports)} families agree with the reference.")
    if arguments.write_table:
        write_table(arguments.write_table, reports, arguments.quick)
    sys.exit(len(passing) != len(reports))


main()
