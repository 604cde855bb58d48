"""Compares quantizing with the reference. See scripts/check-quantize."""
import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader, GGUFWriter
from gguf.quants import dequantize

from quantize_models import TINY_MODELS

TYPES = [
    "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K", "Q8_0", "Q4_0", "Q4_1", "Q5_0",
    "Q5_1", "IQ4_NL", "IQ4_XS", "MXFP4_MOE",
]
REAL_MODELS = {"SmolLM2": "SmolLM2-135M-Instruct.Q4_1.gguf", "Gemma": "gemma-3-270m-Q4_K_M.gguf"}
# Perplexity may be this much above the reference's, and sums of importance matrices this far from its.
PERPLEXITY_LIMIT, IMPORTANCE_LIMIT = 1.005, 0.02
CHUNK = 512
# Characters in each part of the texts for perplexities.
PIECE = 8_000


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    if result.returncode != 0:
        last = result.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        sys.exit(f"{Path(str(command[0])).name} failed: {last[0]}")
    return result.stdout.decode(errors="replace")


def types_of(path):
    return {tensor.name: tensor.tensor_type.name for tensor in GGUFReader(path).tensors}


class Comparison:
    def __init__(self, arguments, folder):
        self.sotto, self.programs, self.texts = arguments.sotto, Path(arguments.programs), arguments.texts
        self.models, self.folder, self.types = Path(arguments.models), Path(folder), arguments.types
        self.failures = 0

    def report(self, is_good, line):
        self.failures += not is_good
        print(("ok    " if is_good else "WRONG ") + line, flush=True)

    def f16(self, name):
        path = self.folder / f"{name}.f16.gguf"
        if not path.exists():
            run(self.sotto, "quantize", self.models / REAL_MODELS[name], path, "F16")
        return path

    def quantized(self, source, kind, importance=None):
        """The files of the reference and of Sotto."""
        theirs, ours = self.folder / f"{source.stem}.{kind}.theirs.gguf", self.folder / f"{source.stem}.{kind}.ours.gguf"
        options = ["--imatrix", importance] if importance else []
        run(self.programs / "llama-quantize", *options, source, theirs, kind)
        run(self.sotto, "quantize", source, ours, kind, "--force", *options)
        return theirs, ours

    # Types of tensors

    def mixes(self, golden):
        for model in TINY_MODELS:
            path = self.folder / "tiny.gguf"
            model.write(path)
            self.importance_of_ones(model, self.folder / "ones.gguf")
            facts = model.facts() | {"tensors": [[name, list(shape)] for name, shape in model.tensors()], "types": {}}
            for kind in self.types:
                for importance in (None, self.folder / "ones.gguf"):
                    types, ours = map(types_of, self.quantized(path, kind, importance))
                    suffix = " with importance" if importance else ""
                    wrong = [f"{name} {ours[name]}, not {types[name]}" for name in types if ours[name] != types[name]]
                    self.report(not wrong, f"{model.name}: {kind}{suffix} {'; '.join(wrong[:3])}")
                    facts["types"][kind + suffix] = [types[name] for name, _ in model.tensors()]
            golden.append(compact(facts))

    def importance_of_ones(self, model, path):
        writer = GGUFWriter(path, "")
        writer.add_type("imatrix")
        writer.add_array("imatrix.datasets", ["made up"])
        writer.add_uint32("imatrix.chunk_count", 1)
        writer.add_uint32("imatrix.chunk_size", CHUNK)
        for name, shape in model.tensors():
            if name.startswith("blk.") and len(shape) > 1:
                matrices = shape[2] if len(shape) > 2 else 1
                writer.add_tensor(name + ".in_sum2", np.ones((matrices, shape[0]), np.float32))
                writer.add_tensor(name + ".counts", np.ones((matrices, 1), np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    # Errors of weights

    def errors(self):
        for name in REAL_MODELS:
            source = self.f16(name)
            importance = self.importance(name)[0]
            for kind in self.types:
                for given in (None, importance):
                    theirs, ours = self.quantized(source, kind, given)
                    types, own_types = types_of(theirs), types_of(ours)
                    suffix = " with importance" if given else ""
                    self.report(types == own_types, f"{name}: {kind}{suffix} types")
                    ratios = self.error_ratios(source, theirs, ours, given)
                    if ratios:
                        worst = max(ratios, key=ratios.get)
                        mean = float(np.mean(list(ratios.values())))
                        self.report(
                            ratios[worst] <= 1.005,
                            f"{name}: {kind}{suffix} error {mean:.3f} times the reference's, worst {ratios[worst]:.3f} "
                            f"({worst} {types[worst]})")

    def error_ratios(self, source, theirs, ours, importance):
        means = mean_squares(importance) if importance else {}
        originals, own = tensors(source), tensors(ours)
        ratios = {}
        for tensor in GGUFReader(theirs).tensors:
            original = originals[tensor.name]
            # Embeddings of large vocabularies take long and are like other matrices.
            if tensor.tensor_type == original.tensor_type or tensor.n_elements > 1 << 24:
                continue
            values = numbers(original)
            group = 16 if tensor.tensor_type.name in ("Q2_K", "Q3_K", "Q6_K") else 32
            grouped = np.abs(values).reshape(-1, group)
            weights = (grouped + np.sqrt(np.mean(grouped**2, axis=1, keepdims=True))).reshape(values.shape)
            if tensor.name in means:
                weights = weights * means[tensor.name][:, None, :].repeat(values.shape[-2], 1).reshape(values.shape)
            their_error = np.sum(weights * (numbers(tensor).reshape(values.shape) - values) ** 2)
            own_error = np.sum(weights * (numbers(own[tensor.name]).reshape(values.shape) - values) ** 2)
            # A tensor that is quantized again may be exact.
            if their_error > 1e-9 * np.sum(weights * values**2):
                ratios[tensor.name] = float(np.sqrt(own_error / their_error))
        return ratios

    # Perplexity

    def perplexity(self):
        texts = self.pieces()
        for name in REAL_MODELS:
            base = self.perplexities(self.f16(name), texts)
            for kind in self.types:
                theirs, ours = (self.perplexities(path, texts) for path in self.quantized(self.f16(name), kind))
                # The pieces are alike for both, so their differences show how much of the mean is chance.
                logs = np.log(ours) - np.log(theirs)
                mean, error = float(np.mean(logs)), float(np.std(logs, ddof=1) / np.sqrt(len(logs)))
                self.report(
                    mean <= np.log(PERPLEXITY_LIMIT),
                    f"{name}: {kind} perplexity {geometric(ours):.3f}, reference's {geometric(theirs):.3f} "
                    f"({100 * mean:+.2f} ± {100 * error:.2f} %), F16 {geometric(base):.3f}")

    def pieces(self):
        """Files with parts of the texts."""
        text = "\n".join(Path(path).read_text(encoding="utf-8") for path in self.texts)
        count = len(text) // PIECE
        paths = [self.folder / f"piece{number}.txt" for number in range(count)]
        for number, path in enumerate(paths):
            path.write_text(text[number * PIECE:(number + 1) * PIECE], encoding="utf-8")
        return paths

    def perplexities(self, path, texts):
        results = [run(self.sotto, "perplexity", path, "--file", text, "--json") for text in texts]
        return np.array([json.loads(result)["perplexity"] for result in results])

    # Importance matrices

    def importance(self, name):
        """The files of Sotto and of the reference."""
        ours, theirs = self.folder / f"{name}.imatrix.ours.gguf", self.folder / f"{name}.imatrix.theirs.gguf"
        if not ours.exists():
            source = self.f16(name)
            run(self.sotto, "imatrix", source, self.texts[0], "-o", ours, "--context", CHUNK)
            run(self.programs / "llama-imatrix", "-m", source, "-f", self.texts[0], "-o", theirs, "-c", CHUNK, "--no-ppl")
        return ours, theirs

    def imatrix(self):
        for name in REAL_MODELS:
            ours, theirs = map(tensors, self.importance(name))
            self.report(set(ours) == set(theirs), f"{name}: tensors {sorted(set(ours) ^ set(theirs))[:3]}")
            worst, where = 0.0, ""
            for tensor in set(ours) & set(theirs):
                expected, found = (np.array(which[tensor].data, np.float64) for which in (theirs, ours))
                difference = np.linalg.norm(found.ravel() - expected.ravel()) / max(1e-30, np.linalg.norm(expected))
                if difference > worst:
                    worst, where = difference, tensor
            self.report(worst <= IMPORTANCE_LIMIT, f"{name}: largest relative difference {worst:.2e} ({where})")


def geometric(values):
    return float(np.exp(np.mean(np.log(values))))


def tensors(path):
    return {tensor.name: tensor for tensor in GGUFReader(path).tensors}


def numbers(tensor):
    shape = [int(size) for size in reversed(tensor.shape)]
    return dequantize(tensor.data, tensor.tensor_type).astype(np.float64).reshape(shape)


def mean_squares(path):
    """The mean squared inputs by name, [matrices][columns]."""
    all_tensors = tensors(path)
    means = {}
    for name, tensor in all_tensors.items():
        if name.endswith(".in_sum2"):
            counts = np.array(all_tensors[name[:-8] + ".counts"].data).reshape(-1, 1)
            sums = np.array(tensor.data).reshape(len(counts), -1)
            means[name[:-8]] = np.where(counts > 0, sums / np.maximum(counts, 1), 1)
    return means


def compact(facts):
    """Types as letters, one for each tensor: the same lists would take twenty times the room."""
    names = sorted({kind for kinds in facts["types"].values() for kind in kinds})
    letters = {kind: chr(ord("a") + index) for index, kind in enumerate(names)}
    return facts | {
        "letters": {letter: kind for kind, letter in letters.items()},
        "types": {scheme: "".join(letters[kind] for kind in kinds) for scheme, kinds in facts["types"].items()},
    }


def main():
    parser = argparse.ArgumentParser()
    for name in ("sotto", "programs", "models"):
        parser.add_argument("--" + name, required=True)
    # The first is short, for importance matrices.
    parser.add_argument("--texts", nargs="+", required=True)
    parser.add_argument("--types", type=lambda text: text.split(","), default=TYPES)
    parser.add_argument("--only", type=lambda text: text.split(","), default=["mixes", "imatrix", "errors", "perplexity"])
    parser.add_argument("--write-mixes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sotto-quantize-") as folder:
        comparison = Comparison(arguments, folder)
        if "mixes" in arguments.only:
            golden = []
            comparison.mixes(golden)
            if arguments.write_mixes:
                lines = ",\n".join(json.dumps(model) for model in golden)
                Path(arguments.write_mixes).write_text(f"[\n{lines}\n]\n")
        for part in ("imatrix", "errors", "perplexity"):
            if part in arguments.only:
                getattr(comparison, part)()
    print("all as expected" if comparison.failures == 0 else f"{comparison.failures} differences")
    sys.exit(comparison.failures > 0)


main()
