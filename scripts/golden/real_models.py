#!/usr/bin/env python3
"""Writes the reference's results for the two real models: logits, greedy continuations, perplexity.

    sotto quantize MODELS_FOLDER/NAME.gguf EXACT_FOLDER/NAME.gguf F32      # for both models
    scripts/golden/real_models.py MODELS_FOLDER EXACT_FOLDER Tests/InferenceTests/Golden

NAME.json: the token ids of the text below; for each prompt its ids and its greedy continuation, with the difference to the
second choice; the perplexity of Golden/text.txt. NAME.f16: half floats [positions][SAMPLES], the logits at every position of
the text for tokens 0, v/SAMPLES, 2v/SAMPLES, … of v in the vocabulary. NAME.exact.f16: the same for the exact model, which
has the same weights in F32 and does not round activations to bytes or halves. See `reference.py` for what to install.
"""
import json
import sys
from pathlib import Path

import numpy as np

from reference import F32, Reference

SAMPLES = 512
WINDOW = 512
TEXT = """The lighthouse keeper climbed the spiral stairs every evening, counting the steps as his father had taught \
him. There were one hundred and ninety-eight of them, and he knew the sound of each. On clear nights he could see the \
lamps of the fishing boats far out on the water, small and yellow, like seeds scattered on a dark field. On other nights \
there was only fog, and the slow, heavy voice of the horn."""
PROMPTS = [
    "The capital of France is",
    "Once upon a time, in a small village by the sea,",
    "def fibonacci(n):\n",
    "Water boils at",
    "1, 2, 3, 4, 5, 6,",
    "The three primary colours are",
]


def perplexity(model, tokens):
    """Calculated like llama-perplexity: full windows only, and only the second half of each is scored."""
    surprises = []
    for start in range(0, len(tokens) - WINDOW + 1, WINDOW):
        part = tokens[start : start + WINDOW]
        fed = [model.bos] + part[1:] if model.adds_bos else part
        logits = model.logits(fed).astype(np.float64)[WINDOW // 2 : WINDOW - 1]
        logits -= logits.max(1, keepdims=True)
        chosen = logits[np.arange(len(logits)), part[WINDOW // 2 + 1 :]]
        surprises += list(np.log(np.exp(logits).sum(1)) - chosen)
    return float(np.exp(np.mean(surprises)))


def write_sample(logits, path):
    columns = [index * logits.shape[1] // SAMPLES for index in range(SAMPLES)]
    logits[:, columns].astype("<f2").tofile(path)


models, exact_models, folder = map(Path, sys.argv[1:])
for name in ["SmolLM2-135M-Instruct.Q4_1", "gemma-3-270m-Q4_K_M"]:
    model = Reference(models / f"{name}.gguf", WINDOW)
    tokens = model.tokenize(TEXT, special=True)
    logits = model.logits(tokens)
    write_sample(logits, folder / f"{name}.f16")
    exact = Reference(exact_models / f"{name}.gguf", WINDOW, cache_type=F32, flash_attention=False)
    write_sample(exact.logits(tokens), folder / f"{name}.exact.f16")
    prompts = []
    for text in PROMPTS:
        ids = model.tokenize(text, special=True)
        steps = model.greedy(ids, 32)
        prompts.append({"text": text, "tokens": ids, "continuation": [s[0] for s in steps], "margin": [round(s[2], 4) for s in steps]})
    long = model.tokenize((folder / "text.txt").read_text(), special=True)
    result = {
        "tokens": tokens, "likeliest": logits.argmax(1).tolist(), "prompts": prompts,
        "perplexity": {"tokens": len(long), "value": perplexity(model, long)},
    }
    (folder / f"{name}.json").write_text(json.dumps(result) + "\n")
    print(name, len(tokens), len(long), result["perplexity"])
