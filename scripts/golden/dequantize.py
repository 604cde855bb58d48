#!/usr/bin/env python3
"""Golden values for every format: random blocks, dequantized by the `gguf` package's NumPy code, or by the reference's
library (scripts/reference builds it) if the package lacks the format. F8 is no format of theirs: the package `ml_dtypes`
converts its numbers.

    pip install gguf ml_dtypes && python3 scripts/golden/dequantize.py > Tests/CKernelsTests/Golden/dequantize.json
"""
import base64
import ctypes
import json
import os
import zlib

import gguf
import ml_dtypes
import numpy as np

LIBRARY = os.environ.get("SOTTO_GGML", ".cache/llama.cpp/build/bin/libggml-base.so")
WEIGHTS = 512
FLOATS = ["F32", "F16", "BF16"]
NUMBERS = {"F64": "<f8", "I8": "<i1", "I16": "<i2", "I32": "<i4", "I64": "<i8"}
# The byte offsets of half-precision numbers in a block: random bytes there could be infinities or NaNs.
HALVES = {
    "Q1_0": [0], "Q2_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ1_S": [0], "IQ1_M": [], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0],
    "IQ4_NL": [0], "IQ4_XS": [0], "TQ1_0": [52], "TQ2_0": [64], "MXFP4": [], "NVFP4": [],
}  # fmt: skip
# A half-precision number of which each of these bytes has four bits, the upper ones.
NIBBLES = {"IQ1_M": [49, 51, 53, 55]}
# Scales of the first blocks, one byte each at the start of a block: zero, denormals, NaN, the largest.
EXTREMES = {"MXFP4": [0, 1, 2, 253, 254, 255], "NVFP4": [0, 0x01, 0x07, 0x08, 0x7E, 0x7F, 0x80, 0xFF]}
# Weights and bytes of a block, and the library's function.
MISSING = {"Q1_0": (128, 18, "dequantize_row_q1_0"), "Q2_0": (64, 18, "dequantize_row_q2_0")}


def block_size(name):
    return MISSING[name][:2] if name in MISSING else gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[name]]


def blocks_of(name, random):
    if name in FLOATS:
        values = random.normal(size=WEIGHTS).astype(np.float32)
        return gguf.quants.quantize(values, gguf.GGMLQuantizationType[name])
    if name in NUMBERS:
        bits = random.integers(0, 256, size=WEIGHTS * np.dtype(NUMBERS[name]).itemsize, dtype=np.uint8)
        return random.normal(size=WEIGHTS).view(np.uint8) if name == "F64" else bits
    elements, size = block_size(name)
    blocks = random.integers(0, 256, size=(WEIGHTS // elements, size), dtype=np.uint8)
    for offset in HALVES[name]:
        halves = random.normal(scale=0.05, size=(len(blocks), 1)).astype(np.float16)
        blocks[:, offset : offset + 2] = halves.view(np.uint8)
    if name in NIBBLES:
        halves = random.normal(scale=0.05, size=len(blocks)).astype(np.float16).view(np.uint16)
        for i, offset in enumerate(NIBBLES[name]):
            blocks[:, offset] = blocks[:, offset] & 15 | (halves >> 4 * i & 15) << 4
    for block, scale in zip(blocks, EXTREMES.get(name, [])):
        block[0] = scale
    return blocks.reshape(-1)


def floats_of_eight_bits(random):
    """Every number but NaN, in blocks of a scale and 64 of them."""
    codes = np.arange(WEIGHTS, dtype=np.uint8).reshape(-1, 64)
    codes[codes & 0x7F == 0x7F] = 0
    scales = random.normal(size=(len(codes), 1)).astype("<f4")
    return np.hstack([scales.view(np.uint8), codes]), codes.view(ml_dtypes.float8_e4m3fn).astype(np.float32) * scales


def values_of(name, blocks):
    if name in NUMBERS:
        return blocks.view(NUMBERS[name]).astype(np.float32)
    if name not in MISSING:
        return gguf.quants.dequantize(blocks, gguf.GGMLQuantizationType[name]).astype(np.float32)
    values = np.empty(WEIGHTS, dtype=np.float32)
    dequantize = getattr(ctypes.CDLL(LIBRARY), MISSING[name][2])
    dequantize(ctypes.c_void_p(blocks.ctypes.data), ctypes.c_void_p(values.ctypes.data), ctypes.c_int64(WEIGHTS))
    return values


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


golden = {}
for name in FLOATS + list(NUMBERS) + sorted(HALVES):
    # Seeded by the name, so that a new format does not change the others' numbers.
    blocks = blocks_of(name, np.random.default_rng(zlib.crc32(name.encode())))
    golden[name] = {"blocks": encoded(blocks), "values": encoded(values_of(name, blocks))}
blocks, values = floats_of_eight_bits(np.random.default_rng(8))
golden["F8_E4M3"] = {"blocks": encoded(blocks), "values": encoded(values)}
print(json.dumps(golden, indent=1))
