"""Tiny models with the names, shapes and keys that mixes depend on. Nothing can run them."""
from dataclasses import dataclass, field

import numpy as np
from gguf import GGUFWriter


@dataclass
class TinyModel:
    name: str
    architecture: str
    layers: int
    heads: int
    keys: int
    experts: int = 0
    columns: int = 256
    is_tied: bool = False
    fuses_queries: bool = False
    extra: dict = field(default_factory=dict)

    def tensors(self):
        """Names and shapes, the contiguous dimension first."""
        shapes = [("token_embd.weight", (self.columns, 2)), ("output_norm.weight", (self.columns,))]
        if not self.is_tied:
            shapes.append(("output.weight", (self.columns, 2)))
        for layer in range(self.layers):
            attention = ["attn_qkv"] if self.fuses_queries else ["attn_q", "attn_k", "attn_v"]
            names = [(name, (self.columns, 2)) for name in attention + ["attn_output"]]
            if self.experts:
                names.append(("ffn_gate_inp", (self.columns, self.experts)))
                names += [(f"ffn_{part}_exps", (self.columns, 2, self.experts)) for part in ("gate", "up", "down")]
            else:
                names += [(f"ffn_{part}", (self.columns, 2)) for part in ("gate", "up", "down")]
            shapes += [(f"blk.{layer}.{name}.weight", shape) for name, shape in names]
            shapes.append((f"blk.{layer}.attn_norm.weight", (self.columns,)))
        return shapes

    def write(self, path):
        writer = GGUFWriter(path, self.architecture)
        writer.add_block_count(self.layers)
        writer.add_context_length(512)
        writer.add_embedding_length(self.columns)
        writer.add_feed_forward_length(self.columns)
        writer.add_head_count(self.heads)
        writer.add_head_count_kv(self.keys)
        writer.add_layer_norm_rms_eps(1e-5)
        writer.add_layer_norm_eps(1e-5)
        writer.add_vocab_size(2)
        if self.experts:
            writer.add_expert_count(self.experts)
            writer.add_expert_used_count(2)
            writer.add_expert_feed_forward_length(self.columns)
        random = np.random.default_rng(1)
        for name, shape in self.tensors():
            numbers = random.normal(0, 0.02, tuple(reversed(shape)))
            writer.add_tensor(name, numbers.astype(np.float32 if len(shape) == 1 else np.float16))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()

    def facts(self):
        """What a test needs to compute the types itself."""
        return {
            "name": self.name, "architecture": self.architecture, "layers": self.layers, "heads": self.heads,
            "keys": self.keys, "experts": self.experts,
        }


TINY_MODELS = [
    TinyModel("llama", "llama", 24, heads=4, keys=2),
    TinyModel("tied", "llama", 16, heads=8, keys=2, is_tied=True),
    TinyModel("odd widths", "llama", 8, heads=4, keys=4, columns=96),
    TinyModel("eight experts", "llama", 16, heads=8, keys=2, experts=8),
    TinyModel("70B", "llama", 80, heads=8, keys=1),
    TinyModel("falcon", "falcon", 32, heads=4, keys=1, fuses_queries=True),
    TinyModel("many experts", "qwen3moe", 16, heads=8, keys=1, experts=16),
]
