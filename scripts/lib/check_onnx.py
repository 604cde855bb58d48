#!/usr/bin/env python3
"""Compares what Sotto computes from ONNX exports of the default model. See scripts/check-onnx."""
import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import onnx_models

PROMPTS = ["Name three rivers.", "Write a haiku about winter.", "What is 7 times 8?", "Why is the sky blue?",
           "Translate to French: good morning", "List five animals."]
REPLY = 24
# Of the normalised error of logits, relative to the F32 file.
LIMIT = 1e-4
TOKENS = 64


def run(*command, text=None):
    result = subprocess.run(command, capture_output=True, text=True, input=text)
    if result.returncode:
        raise RuntimeError((result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1])
    return result.stdout


def in_optimum(options, call):
    """Calls a function of onnx_models in Optimum's environment."""
    path = str(Path(__file__).parent)
    run(options.optimum, "-c", f"import sys; sys.path.insert(0, {path!r}); import onnx_models; onnx_models.{call}")


def reply(sotto, model, prompt, threads):
    """The tokens of Sotto's greedy reply."""
    output = run(sotto, "run", "--model", str(model), "--temperature", "0", "--max-tokens", str(REPLY), "--json", "--no-input",
                 "-t", str(threads), "--set", "num_ctx=2048", prompt)
    return json.loads(output)["tokens"]


def logits(sotto, model, tokens):
    output = run(sotto, "logits", str(model), "--all", "--json", "--kv-type", "f32", "--tokens", ",".join(map(str, tokens)))
    return np.array(json.loads(output)["logits"], dtype=np.float64)


class GenAI:
    """The same exports in onnxruntime-genai."""

    def __init__(self, folder, threads):
        import onnxruntime_genai

        self.library = onnxruntime_genai
        config = onnxruntime_genai.Config(str(folder))
        config.overlay(json.dumps(
            {"model": {"decoder": {"session_options": {"intra_op_num_threads": threads}}}}))
        self.model = onnxruntime_genai.Model(config)

    def generator(self, length):
        parameters = self.library.GeneratorParams(self.model)
        parameters.set_search_options(max_length=length, do_sample=False)
        return self.library.Generator(self.model, parameters)

    def reply(self, tokens, ends):
        generator = self.generator(2048)
        generator.append_tokens(tokens)
        found = []
        while len(found) < REPLY and not generator.is_done():
            generator.generate_next_token()
            token = int(generator.get_next_tokens()[0])
            if token in ends:
                break
            found.append(token)
        return found

    def speed(self, count):
        """Tokens per second."""
        generator = self.generator(count + 18)
        generator.append_tokens(list(range(100, 116)))
        generator.generate_next_token()
        start = time.perf_counter()
        for _ in range(count):
            generator.generate_next_token()
        return count / (time.perf_counter() - start)


def prompt_tokens(sotto, folder, prompt):
    """The ids of the prompt that Sotto reads."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"messages": [{"role": "user", "content": prompt}], "add_generation_prompt": True}, file)
        file.flush()
        text = run(sotto, "render", str(folder), "--messages", file.name)
    return json.loads(run(sotto, "tokenize", str(folder), "--special", "--json", text=text))["tokens"]


def check_replies(options, folder, name):
    """The number of replies that are those of onnxruntime-genai."""
    genai = GenAI(folder, options.threads)
    ends = json.loads((folder / "genai_config.json").read_text())["model"]["eos_token_id"]
    ends = set(ends if isinstance(ends, list) else [ends])
    same = 0
    for prompt in PROMPTS:
        expected = genai.reply(prompt_tokens(options.sotto, folder, prompt), ends)
        found = reply(options.sotto, folder, prompt, options.threads)
        if found == expected:
            same += 1
        else:
            print(f"  {name}: \"{prompt}\": {found} instead of {expected}")
    return same


def bench(options, folder, name):
    """A row of the table: medians of alternating runs, after 16 tokens."""
    genai = GenAI(folder, options.threads)
    ours, theirs = [], []
    for _ in range(5):
        report = json.loads(run(options.sotto, "bench", str(folder), "-p", "0", "-n", "128", "-r", "1", "-d", "16",
                                "-t", str(options.threads), "--json"))
        ours.append(report["decode"]["tokensPerSecond"]["median"])
        theirs.append(genai.speed(128))
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    print(f"| {name} | {ours:.1f} | {theirs:.1f} | {ours / theirs:.2f} |", flush=True)


def bench_all(options, root):
    print(f"Exports of the default model, {options.threads} threads, tokens per second:\n")
    print("| export | decode 128: Sotto | onnxruntime-genai | ratio |\n| --- | ---: | ---: | ---: |")
    for name in ("genai-int4", "genai-fp32"):
        if not (root / name).exists():
            onnx_models.export_genai(root / "source", root / name, name.removeprefix("genai-"))
        bench(options, root / name, name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sotto", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--optimum", required=True)
    parser.add_argument("--bench", action="store_true")
    parser.add_argument("--keep")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(options.keep or temporary)
        root.mkdir(parents=True, exist_ok=True)
        source, exact = root / "source", root / "F32.gguf"
        if not (source / "config.json").exists():
            onnx_models.write_default(options.model, source)
        if options.bench:
            return bench_all(options, root)
        # Each exporter reads what its own version of transformers has written.
        older = root / "source-optimum"
        if not (older / "config.json").exists():
            in_optimum(options, f"write_default({options.model!r}, {str(older)!r})")
        if not exact.exists():
            run(options.sotto, "convert", str(source), str(exact), "--type", "F32", "--force")
        forms = {"genai-fp32": None, "genai-int4": None, "optimum": False, "merged": True}
        tokens = [(i * 7919 + 17) % 49000 for i in range(TOKENS)]
        expected = logits(options.sotto, exact, tokens)
        for name, merged in forms.items():
            folder = root / name
            if not folder.exists():
                if name.startswith("genai"):
                    onnx_models.export_genai(source, folder, name.removeprefix("genai-"))
                else:
                    in_optimum(options, f"export_optimum({str(older)!r}, {str(folder)!r}, {merged})")
            found = logits(options.sotto, folder, tokens)
            error = float(np.mean((found - expected) ** 2) / np.mean(expected**2))
            is_right = error <= LIMIT or name.endswith("int4")
            text = f"{name}: error of the logits {error:.1e}"
            if name.startswith("genai"):
                same = check_replies(options, folder, name)
                is_right = is_right and same == len(PROMPTS)
                text += f", {same} of {len(PROMPTS)} replies as onnxruntime-genai's"
            print(f"{text}: {'ok' if is_right else 'WRONG'}", flush=True)
            if not is_right:
                failures.append(name)
    if failures:
        sys.exit(f"{len(failures)} of {len(forms)} differ: {', '.join(failures)}")


main()
