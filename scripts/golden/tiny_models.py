#!/usr/bin/env python3
"""Writes tiny random models of every family and the reference's logits for them.

    scripts/golden/tiny_models.py Tests/InferenceTests/Golden/tiny

Each model is NAME.gguf, and NAME.f32 has the logits: little-endian floats, [tokens][vocabulary], computed in F32 without flash
attention. The prompt is always the same 48 tokens: (i · 37 + 11) mod vocabulary at position i. The models exercise all formulas:
windows shorter than the prompt, effective soft caps, head dimensions other than hidden size / heads, biases, fused matrices,
every kind of RoPE scaling, more experts than are used. Needs what `scripts/check-families --keys` installs and builds.
"""
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from gguf import GGUFWriter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "lib"))
import family_models  # noqa: E402
from family_source import ReferenceSource  # noqa: E402
from family_table import FAMILIES  # noqa: E402

CACHE = Path(os.environ.get("SOTTO_CACHE", ROOT / ".cache"))
REFERENCE = CACHE / "reference-program"
VOCABULARY, EMBEDDING, FEED_FORWARD, CONTEXT = 96, 32, 48, 512

# Models that other tests need too, and for which they are large enough. Of their families there is no other.
MODELS = {
    "llama": dict(arch="llama", tied=True, rope_freqs=True),
    "llama-yarn": dict(
        arch="llama", biases=["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"],
        settings={"rope.scaling.type": "yarn", "rope.scaling.factor": 4.0, "rope.scaling.original_context_length": 128}),
    "qwen2": dict(
        arch="qwen2", biases=["attn_q", "attn_k", "attn_v", "output"],
        settings={"rope.scaling.type": "linear", "rope.scaling.factor": 2.0}),
    "qwen3": dict(arch="qwen3", head=16, qk_norms=True),
    "gemma2": dict(
        arch="gemma2", layers=3, head=16, tied=True, post_norms=True,
        settings={"attention.sliding_window": 8, "attn_logit_softcapping": 2.0, "final_logit_softcapping": 8.0}),
    "gemma3": dict(
        arch="gemma3", layers=4, head=16, tied=True, post_norms=True, qk_norms=True,
        settings={"attention.sliding_window": 8, "attention.sliding_window_pattern": 3, "rope.freq_base": 1e6,
                  "rope.scaling.type": "linear", "rope.scaling.factor": 8.0}),
    "phi3-short": dict(arch="phi3", fused=True, long_rope=True, context=256),
    "phi3-long": dict(arch="phi3", fused=True, long_rope=True, tied=True, settings={"rope.scaling.attn_factor": 1.19}),
}


def write(path, seed, arch, layers=2, heads=4, kv_heads=2, head=EMBEDDING // 4, tied=False, rope_freqs=False, biases=(),
          qk_norms=False, post_norms=False, fused=False, long_rope=False, settings={}, context=CONTEXT):
    random = np.random.default_rng(seed)
    out = GGUFWriter(path, arch)
    out.add_context_length(CONTEXT)
    out.add_embedding_length(EMBEDDING)
    out.add_block_count(layers)
    out.add_feed_forward_length(FEED_FORWARD)
    out.add_head_count(heads)
    out.add_head_count_kv(kv_heads)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_rope_dimension_count(head)
    out.add_vocab_size(VOCABULARY)
    out.add_tokenizer_model("none")
    if head * heads != EMBEDDING:
        out.add_key_length(head)
        out.add_value_length(head)
    if long_rope:
        out.add_rope_scaling_orig_ctx_len(256)
    for key, value in settings.items():
        add = {str: out.add_string, int: out.add_uint32, float: out.add_float32}[type(value)]
        add(f"{arch}.{key}", value)

    def tensor(name, values):
        out.add_tensor(name, values.astype(np.float32))

    def linear(name, rows, cols, gain=1.0):
        tensor(f"{name}.weight", random.normal(0, gain / np.sqrt(cols), (rows, cols)))
        if name.split(".")[-1] in biases:
            tensor(f"{name}.bias", random.normal(0, 0.3, rows))

    def norm(name, size):
        tensor(f"{name}.weight", random.normal(1, 0.2, size))

    linear("token_embd", VOCABULARY, EMBEDDING, gain=3)
    norm("output_norm", EMBEDDING)
    if not tied:
        linear("output", VOCABULARY, EMBEDDING)
    if rope_freqs:
        tensor("rope_freqs.weight", np.linspace(1, 8, head // 2))
    if long_rope:
        tensor("rope_factors_short.weight", np.linspace(1, 1.5, head // 2))
        tensor("rope_factors_long.weight", np.linspace(1.1, 12, head // 2))
    for layer in range(layers):
        block = f"blk.{layer}."
        norm(block + "attn_norm", EMBEDDING)
        # Larger queries and keys, so that attention clearly prefers some positions.
        if fused:
            linear(block + "attn_qkv", (heads + 2 * kv_heads) * head, EMBEDDING, gain=1.5)
        else:
            linear(block + "attn_q", heads * head, EMBEDDING, gain=2)
            linear(block + "attn_k", kv_heads * head, EMBEDDING, gain=2)
            linear(block + "attn_v", kv_heads * head, EMBEDDING)
        linear(block + "attn_output", EMBEDDING, heads * head)
        if qk_norms:
            norm(block + "attn_q_norm", head)
            norm(block + "attn_k_norm", head)
        norm(block + "ffn_norm", EMBEDDING)
        if not fused:
            linear(block + "ffn_gate", FEED_FORWARD, EMBEDDING)
        linear(block + "ffn_up", FEED_FORWARD * (2 if fused else 1), EMBEDDING)
        linear(block + "ffn_down", EMBEDDING, FEED_FORWARD)
        if post_norms:
            norm(block + "post_attention_norm", EMBEDDING)
            norm(block + "post_ffw_norm", EMBEDDING)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def write_logits(path, context):
    run = subprocess.run([REFERENCE, "logits", path, str(context), "48"], stdout=subprocess.PIPE, check=True)
    path.with_suffix(".f32").write_bytes(run.stdout)
    logits = np.frombuffer(run.stdout, "<f4")
    print(path.stem, path.stat().st_size, logits.std(), np.abs(logits).max())


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, model) in enumerate(MODELS.items()):
        path = folder / f"{name}.gguf"
        write(path, seed, **model)
        write_logits(path, model.get("context", CONTEXT))
    present = {model["arch"] for model in MODELS.values()}
    source = ReferenceSource(CACHE / "llama.cpp")
    for family in FAMILIES:
        for model in family_models.bases(family, source):
            if family in present and not model.name:
                continue
            path = folder / f"{model.stem.replace('+', '-')}.gguf"
            family_models.write(path, model, family_models.tensors(REFERENCE, model), seed=1)
            write_logits(path, 256)


main()
