#!/usr/bin/env python3
"""Golden values for every format: random blocks, dequantized by the `gguf` package's NumPy code.

    pip install gguf && python3 scripts/golden/dequantize.py > Tests/CKernelsTests/Golden/dequantize.json
"""
import base64
import json

import gguf
import numpy as np

WEIGHTS = 512
FORMATS = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]
# The byte offsets of half-precision numbers in a block: random bytes there could be infinities or NaNs.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}


def blocks_of(name, random):
    kind = gguf.GGMLQuantizationType[name]
    values = random.normal(size=WEIGHTS).astype(np.float32)
    if name not in HALVES:
        return kind, gguf.quants.quantize(values, kind)
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, size=(WEIGHTS // elements, size), dtype=np.uint8)
    for offset in HALVES[name]:
        halves = random.normal(scale=0.05, size=(len(blocks), 1)).astype(np.float16)
        blocks[:, offset : offset + 2] = halves.view(np.uint8)
    return kind, blocks.reshape(-1)


def encoded(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


random = np.random.default_rng(7)
golden = {}
for name in FORMATS:
    kind, blocks = blocks_of(name, random)
    golden[name] = {"blocks": encoded(blocks), "values": encoded(gguf.quants.dequantize(blocks, kind).astype(np.float32))}
print(json.dumps(golden, indent=1))
