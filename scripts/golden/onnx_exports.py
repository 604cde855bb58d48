#!/usr/bin/env python3
"""Writes tiny ONNX exports and what they compute, in two steps, because the exporters need different packages:

    $CACHE/genai-python/bin/python scripts/golden/onnx_exports.py genai Tests/InferenceTests/Golden/onnx
    $CACHE/optimum-python/bin/python scripts/golden/onnx_exports.py optimum Tests/InferenceTests/Golden/onnx

(`scripts/check-onnx` makes these environments.) genai-fp32 and genai-int4 are a random Llama, exported by onnxruntime-genai's
builder; optimum and merged are the same model from Optimum, the second with a branch for the first pass. state, last, keep and
slow are graphs made by hand, which know what is rare: the state of a recurrent layer, logits of the last token only,
half-precision caches and logits, positions of several parts, 32-bit integers, and passes that take minutes.

Each is a folder with logits.f32: little-endian floats, [tokens][vocabulary]. Those of both fp32 forms are transformers'; those
of the int4 form are ONNX Runtime's.
"""
import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

TOKENS = 48
HALF, FLOAT, INT32, INT64 = TensorProto.FLOAT16, TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64


def prompt(vocabulary):
    return [(i * 37 + 11) % vocabulary for i in range(TOKENS)]


def write(values, folder):
    np.asarray(values).astype("<f4").tofile(folder / "logits.f32")


def tidy(folder):
    """Removes what a model does not need."""
    for name in ("generation_config.json", "special_tokens_map.json", "README.md"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(f"{folder}.cache", ignore_errors=True)


# The model of both exporters.


def run(folder, tokens):
    """The logits of the export of onnxruntime-genai, computed by ONNX Runtime in one pass."""
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    feeds = {"input_ids": np.array([tokens]), "attention_mask": np.ones((1, len(tokens)), np.int64)}
    for value in session.get_inputs():
        if value.name.startswith("past"):
            feeds[value.name] = np.zeros((1, 2, 0, 16), np.float32)
    return session.run(["logits"], feeds)[0][0]


def genai(out):
    import onnx_models

    with tempfile.TemporaryDirectory() as temporary:
        onnx_models.write_tiny(temporary)
        vocabulary = json.loads((Path(temporary) / "config.json").read_text())["vocab_size"]
        for precision in ("fp32", "int4"):
            folder = out / f"genai-{precision}"
            shutil.rmtree(folder, ignore_errors=True)
            onnx_models.export_genai(temporary, folder, precision)
            tokens = prompt(vocabulary)
            write(onnx_models.logits(temporary, tokens) if precision == "fp32" else run(folder, tokens), folder)
            tidy(folder)


def optimum(out):
    import onnx_models

    with tempfile.TemporaryDirectory() as temporary:
        onnx_models.write_tiny(temporary)
        for name, merged in (("optimum", False), ("merged", True)):
            folder = out / name
            shutil.rmtree(folder, ignore_errors=True)
            onnx_models.export_optimum(temporary, folder, merged)
            vocabulary = json.loads((folder / "config.json").read_text())["vocab_size"]
            write(onnx_models.logits(temporary, prompt(vocabulary)), folder)
            tidy(folder)


# Graphs made by hand: the logits of a token are W·(the mean of the embeddings of the text up to it).

VOCABULARY, SIZE = 40, 8


def weights(dtype):
    random = np.random.default_rng(7)
    return (random.standard_normal((VOCABULARY, SIZE)).astype(dtype), random.standard_normal((SIZE, VOCABULARY)).astype(dtype))


def expected(dtype):
    embedding, matrix = (part.astype(np.float64) for part in weights(dtype))
    sums = np.cumsum(embedding[prompt(VOCABULARY)], axis=0)
    return sums / np.arange(1, TOKENS + 1)[:, None] @ matrix


def save(folder, nodes, inputs, outputs, constants):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    graph = helper.make_graph(
        nodes, "by hand", [helper.make_tensor_value_info(*value) for value in inputs],
        [helper.make_tensor_value_info(*value) for value in outputs],
        [numpy_helper.from_array(array, name) for name, array in constants.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "model.onnx")
    config = dict(model_type="by_hand", vocab_size=VOCABULARY, hidden_size=SIZE, num_hidden_layers=1, num_attention_heads=1,
                  max_position_embeddings=256)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def state(out):
    """The sum of all embeddings and the number of tokens are states; ids are 32-bit integers, logits have half precision."""
    embedding, matrix = weights(np.float16)
    node = helper.make_node
    nodes = [
        node("Gather", ["embedding", "input_ids"], ["rows"]),
        node("Cast", ["rows"], ["embedded"], to=FLOAT),
        node("CumSum", ["embedded", "one"], ["sums"]),
        node("Add", ["sums", "past.0.recurrent"], ["total"]),
        node("Gather", ["total", "last"], ["present.0.recurrent"], axis=1),
        node("Cast", ["position_ids"], ["floats"], to=FLOAT),
        node("Gather", ["floats", "zero"], ["part"], axis=0),
        node("Add", ["part", "onef"], ["counts"]),
        node("Unsqueeze", ["counts", "two"], ["divisors"]),
        node("Div", ["total", "divisors"], ["mean"]),
        node("Cast", ["mean"], ["half"], to=HALF),
        node("MatMul", ["half", "matrix"], ["logits"]),
    ]
    save(out / "state", nodes,
         [("input_ids", INT32, ["batch", "n"]), ("position_ids", INT32, [3, "batch", "n"]),
          ("past.0.recurrent", FLOAT, ["batch", 1, SIZE])],
         [("logits", HALF, ["batch", "n", VOCABULARY]), ("present.0.recurrent", FLOAT, ["batch", 1, SIZE])],
         dict(embedding=embedding, matrix=matrix, one=np.array(1), zero=np.array(0), last=np.array([-1]),
              onef=np.array(1, np.float32), two=np.array([2])))
    write(expected(np.float16), out / "state")


def loop():
    """Nodes that do nothing, for a quarter of an hour if there is more than one token. The result is 0."""
    scalar = [helper.make_tensor_value_info(name, kind, []) for name, kind in
              (("i", INT64), ("go", TensorProto.BOOL), ("x", FLOAT), ("go_on", TensorProto.BOOL), ("y", FLOAT))]
    node = helper.make_node
    body = helper.make_graph(
        [node("Identity", ["go"], ["go_on"]), node("Add", ["x", "x"], ["y"])], "body", scalar[:3], scalar[3:])
    return [node("Shape", ["input_ids"], ["size"]), node("Gather", ["size", "onei"], ["n"]),
            node("Sub", ["n", "onei"], ["more"]), node("Mul", ["more", "long"], ["rounds"]),
            node("Loop", ["rounds", "", "nothing"], ["nothing_more"], body=body)]


def cached(out, name, dtype, keeps, is_slow=False):
    """The embeddings of all tokens are the keys. The graph returns logits of the last token, or of as many as it is asked
    for."""
    kind = FLOAT if dtype == np.float32 else HALF
    embedding, matrix = weights(dtype)
    node = helper.make_node
    nodes = [
        node("Gather", ["embedding", "input_ids"], ["rows"]),
        node("Unsqueeze", ["rows", "one"], ["new"]),
        node("Concat", ["past_key_values.0.key", "new"], ["present.0.key"], axis=2),
        node("Cast", ["present.0.key"], ["keys"], to=FLOAT),
        node("CumSum", ["keys", "two"], ["sums"]),
        node("Squeeze", ["sums", "one"], ["all"]),
        node("Cast", ["attention_mask"], ["ones"], to=FLOAT),
        node("CumSum", ["ones", "onei"], ["counts"]),
        node("Unsqueeze", ["counts", "twos"], ["divisors"]),
        node("Div", ["all", "divisors"], ["mean"]),
        node("Neg", ["num_logits_to_keep" if keeps else "count"], ["first"]),
        node("Reshape", ["first", "list"], ["starts"]),
        node("Slice", ["mean", "starts", "end", "list"], ["kept"]),
        node("Cast", ["kept"], ["typed"], to=kind),
        node("MatMul", ["typed", "matrix"], ["product" if is_slow else "logits"]),
    ]
    if is_slow:
        nodes = loop() + nodes + [node("Add", ["product", "nothing_more"], ["logits"])]
    past = ("past_key_values.0.key", kind, ["batch", 1, "past_sequence_length", SIZE])
    inputs = [("input_ids", INT64, ["batch", "n"]), ("attention_mask", INT64, ["batch", "total"]), past]
    save(out / name, nodes, inputs + ([("num_logits_to_keep", INT64, [])] if keeps else []),
         [("logits", kind, ["batch", "kept" if keeps else 1, VOCABULARY]),
          ("present.0.key", kind, ["batch", 1, "total", SIZE])],
         dict(embedding=embedding, matrix=matrix, one=np.array([1]), two=np.array(2), onei=np.array(1), twos=np.array([2]),
              count=np.array(1), list=np.array([1]), end=np.array([2**31 - 1]),
              **dict(long=np.array(10**9), nothing=np.array(0, np.float32)) if is_slow else {}))
    write(expected(dtype), out / name)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("genai", "optimum"):
        sys.exit(__doc__)
    out = Path(sys.argv[2])
    if sys.argv[1] == "genai":
        genai(out)
        state(out)
        cached(out, "last", np.float16, keeps=False)
        cached(out, "keep", np.float32, keeps=True)
        cached(out, "slow", np.float32, keeps=False, is_slow=True)
    else:
        optimum(out)


main()
