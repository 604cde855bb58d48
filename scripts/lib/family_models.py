"""Tiny random models of every family, made so that nothing in them is idle: windows shorter than the prompt, more experts than
are used, scales other than one. `models` lists them, `write` writes one.
"""
import subprocess
import tempfile
import zlib
from dataclasses import dataclass, replace

import numpy as np
from gguf import GGUFWriter

import family_table as table
from family_table import ABSENT


@dataclass(frozen=True)
class Model:
    """A file. `values` are its metadata without the family's prefix, `without` the roles of optional tensors that it lacks."""

    family: str
    name: str
    values: dict
    without: frozenset = frozenset()
    fused: bool = False
    scales: bool = False
    prompt: int = 48

    @property
    def stem(self):
        return self.family + (f"+{self.name}" if self.name else "")

    def changed(self, name, values):
        """Another file with these values; None removes a key."""
        name = f"{self.name},{name}" if self.name else name
        values = self.values | values
        return replace(self, name=name, values={key: value for key, value in values.items() if value is not ABSENT})


def bases(family, source):
    """The first files of a family: one, or one without and one with experts."""
    own = source.own_keys(family)
    values = dict(table.COMMON)
    if family in table.EXPERTS:
        values |= table.WITH_EXPERTS
    if family in table.EQUAL_HEADS:
        values |= table.SMALL_HEADS
    if "attention.sliding_window" in own or "interleave_moe_layer_step" in own:
        values["block_count"] = 4
    values |= {key: table.KEYS[key][0] for key in sorted(own & table.KEYS.keys())} | table.OVERRIDES.get(family, {})
    base = Model(family, "", values)
    return [base, base.changed("experts", table.WITH_EXPERTS)] if family in table.EXPERTS_TOO else [base]


def variants(base, source):
    """The files that differ from a base in one respect of their metadata. Some of them cannot be loaded."""
    overrides = table.OVERRIDES.get(base.family, {})
    for key in sorted(source.own_keys(base.family) & base.values.keys()):
        for value in table.KEYS.get(key, (ABSENT,))[1:]:
            if key not in overrides:
                yield base.changed(f"{key}={value}".replace(" ", ""), {key: value})
        yield base.changed(f"{key}=absent", {key: ABSENT})
    changes = table.COMMON_CHANGES | _by_layer(base.values["block_count"]) | table.CHANGES.get(base.family, {})
    if "expert_count" in base.values:
        changes |= table.EXPERT_CHANGES
    if base.family in table.PREDICTING:
        changes["predicting"] = _predicting(base.values)
    for name, values in changes.items():
        prompt = values.get("prompt", base.prompt)
        yield replace(base.changed(name, {key: values[key] for key in values.keys() - {"prompt"}}), prompt=prompt)


def _by_layer(layers):
    def alternating(even, odd):
        return [odd if layer % 2 else even for layer in range(layers)]

    return {
        "heads-by-layer": {
            "attention.head_count": alternating(2, 4), "attention.head_count_kv": alternating(2, 1)},
        "ffn-by-layer": {"feed_forward_length": alternating(24, 20)},
    }


def _predicting(values):
    """A further layer that only predicts."""
    layers = values["block_count"]
    longer = {key: value + value[-1:] for key, value in values.items() if isinstance(value, list) and len(value) == layers}
    return longer | {"block_count": layers + 1, PREDICTING_KEY: 1}


def tensor_variants(base, tensors):
    """The files that lack optional tensors of a base, have fused ones or scales. Some of them cannot be loaded."""
    roles = list(dict.fromkeys(role(name) for name in tensors))
    for one in roles:
        if one not in SECOND_OF_PAIR:
            yield replace(base.changed(f"without-{one}", {}), without=frozenset(_with_companions(one, roles)))
    together = table.WITHOUT.get(base.family, {}) | {"biases": [one for one in roles if one.endswith(".bias")]}
    for name, several in together.items():
        yield replace(base.changed(f"without-{name}", {}), without=frozenset(several))
    if fused(tensors) != tensors:
        yield replace(base.changed("fused", {}), fused=True)
    yield replace(base.changed("scales", {}), scales=True)


SECOND_OF_PAIR = {"attn_k_norm.weight", "attn_k_norm.bias"}


def _with_companions(one, roles):
    """No file has a bias without the weight, or norms of queries but not of keys."""
    pairs = {one, one.replace("attn_q_norm", "attn_k_norm")}
    biases = {name.replace(".weight", ".bias") for name in pairs}
    return (pairs | biases) & set(roles)


def role(name):
    """`attn_q.weight` of `blk.0.attn_q.weight`."""
    return name.split(".", 2)[2] if name.startswith("blk.") else name


PREDICTING_KEY = "nextn_predict_layers"
# Tensors that one can replace: those of queries, keys and values, and those of the gates and inputs of experts.
FUSED = {
    "attn_qkv.weight": ["attn_q.weight", "attn_k.weight", "attn_v.weight"],
    "attn_qkv.bias": ["attn_q.bias", "attn_k.bias", "attn_v.bias"],
    "ffn_gate_up_exps.weight": ["ffn_gate_exps.weight", "ffn_up_exps.weight"],
}


def fused(tensors):
    """`tensors` with fused ones instead of those that they replace."""
    result = dict(tensors)
    for whole, parts in FUSED.items():
        for first in [name for name in tensors if role(name) == parts[0]]:
            prefix = first[: -len(parts[0])]
            if all(prefix + part in result for part in parts):
                result[prefix + whole] = [piece for part in parts for piece in result.pop(prefix + part)]
    return result


def random_values(name, shape, seed):
    """The values of a tensor; `shape` as in NumPy. A tensor of the same name and shape has the same values in every file."""
    random = np.random.default_rng([seed, zlib.crc32(name.encode())])
    role = name.split(".")[-2] if "." in name else name
    if name == "rope_freqs.weight":
        values = np.linspace(1, 4, shape[0])
    elif role == "rope_factors_short":
        values = np.linspace(1, 1.5, shape[0])
    elif role == "rope_factors_long":
        values = np.linspace(1.1, 12, shape[0])
    elif name.endswith(".ssm_a"):
        values = -0.1 - np.abs(random.normal(0, 0.4, shape))
    elif "norm" in name and not name.endswith(".bias") or "scale" in name:
        values = random.normal(1, 0.25, shape)
    elif name.endswith(".bias") or len(shape) == 1:
        values = random.normal(0, 0.4, shape)
    elif role in ("token_embd", "position_embd"):
        values = random.normal(0, 1, shape)
    elif role in ("attn_q", "attn_k", "attn_qkv", "ffn_gate_inp"):
        # Larger, so that attention clearly prefers some positions and the router some experts.
        values = random.normal(0, 2 / np.sqrt(shape[-1]), shape)
    else:
        values = random.normal(0, 1.2 / np.sqrt(shape[-1]), shape)
    # Few digits, so that the files compress well.
    return (np.round(values * 16) / 16).astype(np.float32)


def values_of(parts, seed):
    """The values of a tensor: of its parts, one after the other along the rows."""
    pieces = [random_values(name, shape, seed) for name, shape in parts]
    return np.concatenate(pieces, axis=-2 if pieces[0].ndim > 1 else 0)


def write(path, model, tensors, seed):
    """Writes a file. `tensors` maps names to parts: names and shapes as in NumPy."""
    out = GGUFWriter(str(path), model.family)
    out.add_tokenizer_model("none")
    for key, value in model.values.items():
        # The only keys without the family's name.
        key = key if key.startswith("xielu.") else f"{model.family}.{key}"
        if isinstance(value, list):
            out.add_array(key, value)
        else:
            add = {bool: out.add_bool, str: out.add_string, int: out.add_uint32, float: out.add_float32}[type(value)]
            add(key, value)
    for name, parts in tensors.items():
        out.add_tensor(name, values_of(parts, seed))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


class Refused(Exception):
    """The reference cannot run a file."""


def tensors(reference, model):
    """The tensors of a model: those that the reference would look for, but for what `without`, `fused` and `scales` say."""
    # The reference cannot list what it does not use.
    predicting = model.values.get(PREDICTING_KEY, 0)
    listed = replace(model, values={key: value for key, value in model.values.items() if key != PREDICTING_KEY})
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        write(file.name, listed, {}, 0)
        run = subprocess.run([reference, "tensors", file.name], capture_output=True, check=False)
    if run.returncode != 0:
        raise Refused(first_line(run.stderr))
    result = {}
    for line in run.stdout.decode().splitlines():
        name, *sizes = line.split()
        if _is_wanted(name, model):
            result[name] = [(name, tuple(int(size) for size in reversed(sizes)))]
    if predicting:
        result |= _predicting_tensors(model.values)
    if model.family in table.EXPERTS_BY_LAYER:
        result = {name: parts for name, parts in result.items() if not _is_of_other_layers(name)}
    return fused(result) if model.fused else result


def _is_of_other_layers(name):
    has_experts = not name.startswith("blk.0.")
    dense = role(name).startswith(("ffn_gate.", "ffn_up.", "ffn_down."))
    experts = any(part in name for part in ["exp_probs_b", "_exps.", "_shexp.", "ffn_gate_inp"])
    return dense if has_experts else experts


def _is_wanted(name, model):
    # Formats with one scale for a whole tensor have these. Scales of inputs are used by other processors only.
    is_scale = name.endswith(("scale", "scales")) and "ffn_gate_inp" not in name
    return role(name) not in model.without and (not is_scale or model.scales and not name.endswith("input_scale"))


def _predicting_tensors(values):
    size = values["embedding_length"]
    shapes = {"eh_proj": (size, 2 * size), "enorm": (size,), "hnorm": (size,), "shared_head_norm": (size,)}
    names = {f"blk.{values['block_count'] - 1}.nextn.{role}.weight": shape for role, shape in shapes.items()}
    return {name: [(name, shape)] for name, shape in names.items()}


def first_line(text):
    lines = [line.strip() for line in text.decode(errors="replace").splitlines() if line.strip()]
    return lines[0] if lines else "no message"
