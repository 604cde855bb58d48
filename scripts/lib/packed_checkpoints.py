"""Tiny checkpoints with packed weights, and the logits of what NumPy unpacks from them, made by transformers.

The layouts are written down here a second time, from the publishers' descriptions, and not in terms of the program's.
"""
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

import checkpoint_models

FP4 = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6], np.float32)
# AutoAWQ's order of columns in a word.
AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]
SMALL = dict(hidden_size=64, intermediate_size=128, num_hidden_layers=1)
LARGE = dict(hidden_size=128, head_dim=32, intermediate_size=128, num_hidden_layers=1)
# What files in GGUF can say, too.
EXPERTS = dict(num_experts=4, num_experts_per_tok=2, norm_topk_prob=True)
OSS = dict(SMALL, num_local_experts=4, num_experts_per_tok=2, **checkpoint_models.CONVERTED["gpt_oss"])

# By name: the model, its settings, and how its linear layers are packed.
FORMS = {
    "fp8": ("llama", LARGE, "fp8", {"weight_block_size": [128, 128]}),
    "fp8-rows": ("llama", LARGE, "fp8", {"rows": True}),
    "fp8-experts": ("qwen3_moe", dict(LARGE, moe_intermediate_size=128, **EXPERTS), "fp8", {"weight_block_size": [128, 128]}),
    "mxfp4": ("gpt_oss", OSS, "mxfp4", {}),
    "nvfp4": ("qwen3_moe", dict(SMALL, moe_intermediate_size=64, **EXPERTS), "modelopt", {"quant_algo": "NVFP4"}),
    "nvfp4-packed": ("llama", SMALL, "compressed-tensors", {"format": "nvfp4-pack-quantized"}),
    "gptq": ("llama", SMALL, "gptq", {"bits": 4, "group_size": 32, "sym": True, "desc_act": False}),
    "gptq-asymmetric": ("llama", SMALL, "gptq", {"bits": 4, "group_size": 32, "sym": False, "desc_act": False}),
    "gptq-order": ("llama", SMALL, "gptq", {"bits": 4, "group_size": 32, "sym": True, "desc_act": True}),
    "awq": ("llama", SMALL, "awq", {"bits": 4, "group_size": 32, "zero_point": True, "version": "gemm"}),
}


def bits_of(values, kind):
    """Floats to the bytes of a float8 type."""
    return torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(kind)


def fp8(weight, settings):
    """E4M3 with a scale for each block or row."""
    rows, cols = weight.shape
    height, width = (1, cols) if settings.get("rows") else settings["weight_block_size"]
    shape = (-(-rows // height), -(-cols // width))
    scale = np.zeros(shape, np.float32)
    for r in range(shape[0]):
        for c in range(shape[1]):
            scale[r, c] = np.abs(weight[r * height:(r + 1) * height, c * width:(c + 1) * width]).max() / 448
    spread = scale.repeat(height, 0)[:rows].repeat(width, 1)[:, :cols]
    codes = bits_of(weight / spread, torch.float8_e4m3fn)
    ending = "weight_scale" if settings.get("rows") else "weight_scale_inv"
    return codes.float().numpy() * spread, {"weight": codes, ending: torch.from_numpy(scale)}


def nearest_fp4(values):
    return np.abs(values[..., None] - FP4).argmin(-1).astype(np.uint8)


def pairs(codes):
    """Two codes in a byte, the first in its low half."""
    return torch.from_numpy(np.ascontiguousarray(codes[..., 0::2] | codes[..., 1::2] << 4))


def mxfp4(weight):
    """[…, cols] with an exponent for each 32 weights."""
    groups = weight.reshape(*weight.shape[:-1], -1, 32)
    exponent = np.floor(np.log2(np.abs(groups).max(-1) / 6)) + 1
    codes = nearest_fp4(groups / np.exp2(exponent)[..., None])
    dequantized = (FP4[codes] * np.exp2(exponent)[..., None]).reshape(weight.shape)
    return dequantized.astype(np.float32), pairs(codes), torch.from_numpy((exponent + 127).astype(np.uint8))


def nvfp4(weight, settings):
    """A scale in E4M3 for each 16 weights, and a factor of the matrix."""
    groups = weight.reshape(weight.shape[0], -1, 16)
    factor = np.float32(np.abs(weight).max() / (6 * 448))
    scale = bits_of(np.abs(groups).max(-1) / 6 / factor, torch.float8_e4m3fn)
    spread = scale.float().numpy()[..., None] * factor
    codes = nearest_fp4(groups / spread)
    dequantized = (FP4[codes] * spread).reshape(weight.shape).astype(np.float32)
    packed = pairs(codes.reshape(weight.shape))
    if settings.get("format"):
        return dequantized, {
            "weight_packed": packed, "weight_scale": scale, "weight_global_scale": torch.tensor([1 / factor])}
    return dequantized, {"weight": packed, "weight_scale": scale, "weight_scale_2": torch.tensor(factor)}


def words(codes, order=range(8)):
    """Eight four-bit codes along the last dimension in a 32-bit word."""
    grouped = codes.reshape(*codes.shape[:-1], -1, 8).astype(np.uint32)
    result = np.zeros(grouped.shape[:-1], np.uint32)
    for place, which in enumerate(order):
        result |= grouped[..., which] << np.uint32(4 * place)
    return torch.from_numpy(result.view(np.int32).copy())


def integers(weight, settings, is_awq, random):
    """GPTQ or AWQ: scale · (code − zero), scales in F16."""
    rows, cols = weight.shape
    size = settings["group_size"]
    groups = np.arange(cols) // size
    if settings.get("desc_act"):
        groups = random.permutation(groups)
    scale, zero = np.zeros((cols // size, rows), np.float16), np.full((cols // size, rows), 8, np.int32)
    for g in range(cols // size):
        part = weight[:, groups == g]
        if settings.get("sym"):
            scale[g] = np.abs(part).max(1) / 7
        else:
            low, high = np.minimum(part.min(1), 0), np.maximum(part.max(1), 0)
            scale[g] = (high - low) / 15
            # GPTQ stores the zero less one.
            zero[g] = np.clip(np.rint(-low / scale[g].astype(np.float32)), 0 if is_awq else 1, 15)
    step, middle = scale.astype(np.float32)[groups].T, zero[groups].T
    codes = np.clip(np.rint(weight / step) + middle, 0, 15).astype(np.int32)
    dequantized = step * (codes - middle)
    tensors = {"scales": torch.from_numpy(scale)}
    if is_awq:
        tensors |= {"qweight": words(codes.T, AWQ_ORDER), "qzeros": words(zero, AWQ_ORDER)}
    else:
        tensors |= {
            "qweight": words(codes).T.contiguous(), "qzeros": words(zero - 1),
            "g_idx": torch.from_numpy(groups.astype(np.int32))}
    return dequantized.astype(np.float32), tensors


def write(name, folder, seed=1):
    """Writes a checkpoint with packed weights, and returns the logits of what they stand for, in F32."""
    model, changes, method, settings = FORMS[name]
    plain = Path(f"{folder}-plain")
    checkpoint_models.write(model, str(plain), seed, torch.bfloat16, changes)
    tensors, packed, random = load_file(plain / "model.safetensors"), {}, np.random.default_rng(seed)
    for tensor_name, tensor in tensors.items():
        base = tensor_name.removesuffix(".weight")
        if tensor_name.endswith("_proj.weight") and method != "mxfp4":
            weight = tensor.float().numpy()
            if method == "fp8":
                dequantized, parts = fp8(weight, settings)
            elif method in ("modelopt", "compressed-tensors"):
                dequantized, parts = nvfp4(weight, settings)
            else:
                dequantized, parts = integers(weight, settings, method == "awq", random)
            packed |= {f"{base}.{part}": value for part, value in parts.items()}
        elif method == "mxfp4" and tensor_name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            # Stored transposed otherwise.
            dequantized, blocks, scales = mxfp4(tensor.float().numpy().transpose(0, 2, 1))
            dequantized = dequantized.transpose(0, 2, 1)
            packed |= {f"{tensor_name}_blocks": blocks, f"{tensor_name}_scales": scales}
        else:
            packed[tensor_name] = tensor
            continue
        tensors[tensor_name] = torch.from_numpy(np.ascontiguousarray(dequantized))
    save_file(tensors, plain / "model.safetensors", {"format": "pt"})
    logits = checkpoint_models.logits(str(plain))
    Path(folder).mkdir(parents=True, exist_ok=True)
    config = json.loads((plain / "config.json").read_text())
    config["quantization_config"] = {"quant_method": method} | settings
    (Path(folder) / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file({key: value.contiguous() for key, value in packed.items()}, Path(folder) / "model.safetensors", {"format": "pt"})
    shutil.rmtree(plain)
    return logits
