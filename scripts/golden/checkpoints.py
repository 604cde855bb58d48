#!/usr/bin/env python3
"""Writes a few tiny random checkpoints in BF16 and the logits that transformers computes from them in F32.

    scripts/golden/checkpoints.py Tests/InferenceTests/Golden/checkpoints

Each is a folder NAME with config.json, model.safetensors and logits.f32: little-endian floats, [tokens][vocabulary]. The
prompt is that of the tiny GGUF models. llama-adapter has a LoRA adapter of PEFT for llama, and the logits of both together.
Those in `packed` have weights with few bits, and the logits of what NumPy unpacks from them. Needs what
`scripts/check-checkpoints` installs.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import checkpoint_models  # noqa: E402
import packed_checkpoints  # noqa: E402
import torch  # noqa: E402

# Scaled rotation and biases; differences from 1 as norms; experts apart; transposed matrices, with and without experts;
# states of fixed size; latent attention.
NAMES = [
    "llama", "gemma2", "qwen3_moe", "gpt_oss", "gpt2", "apertus", "qwen3_next", "qwen3_5_text", "lfm2", "mamba2",
    "nemotron_h-experts", "deepseek_v3-halves"]

for name in NAMES:
    folder = Path(sys.argv[1]) / name
    logits = checkpoint_models.write(name, str(folder), dtype=torch.bfloat16)
    logits.astype("<f4").tofile(folder / "logits.f32")
    (folder / "generation_config.json").unlink(missing_ok=True)

adapter = Path(sys.argv[1]) / "llama-adapter"
checkpoint_models.write_adapter(str(Path(sys.argv[1]) / "llama"), str(adapter)).astype("<f4").tofile(adapter / "logits.f32")
(adapter / "README.md").unlink(missing_ok=True)

for name in packed_checkpoints.FORMS:
    if name in ("fp8-rows", "fp8-experts"):
        continue  # They are large.
    folder = Path(sys.argv[1]) / "packed" / name
    logits = packed_checkpoints.write(name, str(folder))
    logits.astype("<f4").tofile(folder / "logits.f32")
