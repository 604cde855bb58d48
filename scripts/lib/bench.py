#!/usr/bin/env python3
"""Runs `sotto bench` and `llama-bench` in turn on the same files and prints the medians and their ratios as Markdown.

Every repetition runs each program once, one after the other, so that a machine that is slow for a minute is slow for
both. The order is swapped each time.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys


def run(command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        lines = (result.stderr.strip() or "no message").splitlines()
        sys.exit(f"error: {os.path.basename(command[0])} failed: {lines[-1]}")
    return json.loads(result.stdout)


def measure_sotto(options, model):
    """Tokens per second of prefill and decode, and what the report says about the machine's limits."""
    report = run([options.sotto, "bench", model, "-p", str(options.prefill), "-n", str(options.decode),
                  "-t", str(options.threads), "-r", "1", "--json"])
    speeds = {phase: report[phase]["tokensPerSecond"]["median"] for phase in ("prefill", "decode")}
    return speeds, report.get("machine", {})


def measure_reference(options, model):
    tests = run([options.reference, "-m", model, "-p", str(options.prefill), "-n", str(options.decode),
                 "-t", str(options.threads), "-r", "1", "-o", "json"])
    return {"prefill" if test["n_prompt"] else "decode": test["avg_ts"] for test in tests}


def measure(options, model):
    """One row of the table, and the medians of the machine's limits."""
    ours, theirs, machine = [], [], []
    for repetition in range(options.repetitions):
        for program in ("ours", "theirs") if repetition % 2 == 0 else ("theirs", "ours"):
            if program == "ours":
                speeds, limits = measure_sotto(options, model)
                ours.append(speeds)
                machine.append(limits)
            else:
                theirs.append(measure_reference(options, model))
    median = lambda runs, key: statistics.median(run[key] for run in runs)
    cells = [os.path.basename(model)]
    for phase in ("prefill", "decode"):
        a, b = median(ours, phase), median(theirs, phase)
        cells += [f"{a:.1f}", f"{b:.1f}", f"{a / b:.2f}"]
    return cells, {key: median(machine, key) for key in machine[0]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sotto")
    parser.add_argument("reference")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--prefill", type=int, default=512)
    parser.add_argument("--decode", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    if min(options.prefill, options.decode, options.threads, options.repetitions) < 1:
        parser.error("--prefill, --decode, --threads and --repetitions must be at least 1")

    print(f"Tokens per second, {options.threads} threads, medians of {options.repetitions}, both programs in turn:\n")
    print(f"| model | prefill {options.prefill}: Sotto | llama.cpp | ratio | decode {options.decode}: Sotto "
          "| llama.cpp | ratio |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    machine = {}
    for model in options.models:
        cells, machine = measure(options, model)
        print("| " + " | ".join(cells) + " |", flush=True)
    for limit, value in machine.items():
        print(f"\n{limit}: {value:.4g}")


main()
