#!/usr/bin/env python3
"""Lists the tensors of a GGUF file, read with Python's `gguf` package (pip install gguf).

    scripts/golden/gguf_tensors.py MODEL.gguf > Tests/GGUFTests/Golden/MODEL.tensors.txt

One line per tensor: name, type, dimensions in ggml's order, offset in the file, bytes.
"""
import sys

from gguf import GGUFReader

for tensor in GGUFReader(sys.argv[1]).tensors:
    dimensions = "x".join(str(extent) for extent in tensor.shape)
    print(tensor.name, tensor.tensor_type.name, dimensions, tensor.data_offset, tensor.n_bytes)
