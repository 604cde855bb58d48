#!/usr/bin/env python3
"""Measures the reference quantizers' error on rows of several distributions.

    scripts/golden/quantize.py LLAMA_CPP/build/bin/libggml-base.so > Tests/CKernelsTests/Golden/quantize.json

For each distribution and format: the error of weights that were quantized with ggml_quantize_chunk, without and with
importance, and dequantized with Python's `gguf` package (pip install gguf). The error is the square root of the weighted
mean of (original - dequantized)^2. Weights are importance * (|x| + root mean square of the 16 or 32 values that share a
scale), which is what both quantizers minimise, or come close to. The rows and the importance come from a generator that
QuantizeTests.swift implements with the same arithmetic.
"""
import ctypes
import json
import sys

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize

FORMATS = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K",
           "Q6_K", "IQ4_NL", "IQ4_XS", "MXFP4"]
GROUPS_OF_16 = ["Q2_K", "Q3_K", "Q6_K"]
ROWS, COLS, SEED = 4, 1024, 42


class Random:
    """SplitMix64 with uniform 24-bit numbers in [0, 1)."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        mask = 2**64 - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        return ((z ^ (z >> 31)) >> 40) / 2**24

    def bell(self):
        """Standard deviation 1: a sum of four uniform numbers."""
        return (self.uniform() + self.uniform() + self.uniform() + self.uniform() - 2) * 1.75


DISTRIBUTIONS = {
    "gaussian": lambda random, i: random.bell() * 0.02,
    "heavy tails": lambda random, i: random.bell() * 0.02 / (random.uniform() + 0.01),
    "outliers": lambda random, i: random.bell() * (5 if random.uniform() < 0.01 else 0.02),
    "sparse": lambda random, i: random.bell() * (1 if random.uniform() < 0.1 else 0),
    "uniform": lambda random, i: random.uniform() * 2 - 1,
    "all positive": lambda random, i: random.bell() * 0.1 + 3,
    "all negative": lambda random, i: random.bell() * 0.1 - 3,
    "alternating signs": lambda random, i: 0.5 if i % 2 == 0 else -0.5,
    "constant": lambda random, i: 0.37,
    "negative constant": lambda random, i: -0.37,
    "zeros": lambda random, i: 0,
    "tiny": lambda random, i: random.bell() * 1e-6,
    "denormal": lambda random, i: random.bell() * 1e-40,
    "large": lambda random, i: random.bell() * 15000,
}


def importance():
    """Of each column: most matter little, some a lot."""
    random = Random(SEED + 1)
    return numpy.array([random.uniform() ** 4 + 0.01 for _ in range(COLS)], numpy.float32)


def weighted_error(library, name, rows, importance):
    kind = GGMLQuantizationType[name]
    elements, block_bytes = GGML_QUANT_SIZES[kind]
    blocks = numpy.zeros((ROWS, COLS // elements * block_bytes), numpy.uint8)
    library.ggml_quantize_chunk(
        ctypes.c_int(kind), rows.ctypes.data_as(ctypes.c_void_p), blocks.ctypes.data_as(ctypes.c_void_p),
        ctypes.c_int64(0), ctypes.c_int64(ROWS), ctypes.c_int64(COLS),
        None if importance is None else importance.ctypes.data_as(ctypes.c_void_p))
    error = dequantize(blocks, kind).astype(numpy.float64).reshape(ROWS, COLS) - rows
    groups = numpy.abs(rows.astype(numpy.float64)).reshape(-1, 16 if name in GROUPS_OF_16 else 32)
    weights = (groups + numpy.sqrt(numpy.mean(groups**2, axis=1, keepdims=True))).reshape(ROWS, COLS)
    if importance is not None:
        weights = weights * importance
    total = numpy.sum(weights)
    return float(numpy.sqrt(numpy.sum(weights * error**2) / total)) if total > 0 else 0.0


def main():
    library = ctypes.CDLL(sys.argv[1])
    library.ggml_quantize_chunk.restype = ctypes.c_size_t
    cases = []
    for name, value in DISTRIBUTIONS.items():
        random = Random(SEED)
        values = [value(random, i) for i in range(ROWS * COLS)]
        rows = numpy.array(values, numpy.float64).astype(numpy.float32).reshape(ROWS, COLS)
        cases.append({
            "distribution": name,
            "sum": float(numpy.sum(rows, dtype=numpy.float64)),
            "errors": {kind: weighted_error(library, kind, rows, None) for kind in FORMATS},
            "errorsWithImportance": {kind: weighted_error(library, kind, rows, importance()) for kind in FORMATS},
        })
    json.dump({"rows": ROWS, "cols": COLS, "seed": SEED, "cases": cases}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
