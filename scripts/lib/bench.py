#!/usr/bin/env python3
"""Runs `sotto bench` and `llama-bench` alternately on the same files and prints the medians as Markdown: both speeds, their
ratio, and the share of the machine's limits that Sotto reached; then startup times and memory.

Every repetition runs both programs, in alternating order, so that temporary slowdowns of the machine affect both.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

PHASES = ("prefill", "decode")


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def run(command):
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode != 0:
        lines = (result.stderr.strip() or "no message").splitlines()
        sys.exit(f"error: {os.path.basename(command[0])} failed: {lines[-1]}")
    return json.loads(result.stdout)


def measure_sotto(options, model):
    """Tokens per second and share of the limit for prefill and decode, and the limits themselves."""
    report = run([options.sotto, "bench", model, "-p", str(options.prefill), "-n", str(options.decode),
                  "-t", str(options.threads), "-r", "1", "--json"])
    measured = {}
    for phase in PHASES:
        measured[phase] = report[phase]["tokensPerSecond"]["median"]
        measured[phase, "share"] = report[phase]["fraction"]
    return measured | report["machine"]


def measure_reference(options, model):
    tests = run([options.reference, "-m", model, "-p", str(options.prefill), "-n", str(options.decode),
                 "-t", str(options.threads), "-r", "1", "-o", "json"])
    return {"prefill" if test["n_prompt"] else "decode": test["avg_ts"] for test in tests}


def measure(options, model):
    """A row of the table, and Sotto's reports."""
    ours, theirs = [], []
    for repetition in range(options.repetitions):
        for program in ("ours", "theirs") if repetition % 2 == 0 else ("theirs", "ours"):
            if program == "ours":
                ours.append(measure_sotto(options, model))
            else:
                theirs.append(measure_reference(options, model))
    cells = [os.path.basename(model)]
    for phase in PHASES:
        a, b = median(ours, phase), median(theirs, phase)
        cells += [f"{a:.1f}", f"{b:.1f}", f"{a / b:.2f}", f"{median(ours, (phase, 'share')):.0%}"]
    return cells, ours


PROMPT = "Hello, who are you?"


def run_to_end(command):
    """The duration in seconds and peak memory in megabytes of a program."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    # Linux reports kilobytes, macOS bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return {"seconds": time.monotonic() - start, "megabytes": usage.ru_maxrss / unit}


def measure_start(options, model):
    """A row for a short prompt and a reply of one token, with files in memory; None without a vocabulary."""
    programs = {
        "ours": [options.sotto, "run", "--raw", "--model", model, "-t", str(options.threads), "--max-tokens", "1", PROMPT],
        "theirs": [options.completion, "-m", model, "-t", str(options.threads), "-c", "4096", "-n", "1", "-st",
                   "-p", PROMPT],
    }
    if subprocess.run([options.sotto, "tokenize", model], input=PROMPT.encode(), capture_output=True).returncode != 0:
        return None
    runs = {name: [] for name in programs}
    for repetition in range(options.repetitions + 1):
        for name in sorted(programs, reverse=repetition % 2 == 0):
            runs[name].append(run_to_end(programs[name]))
    a, b = ({key: median(runs[name][1:], key) for key in ("seconds", "megabytes")} for name in ("ours", "theirs"))
    return [os.path.basename(model), f"{a['seconds']:.2f} s", f"{b['seconds']:.2f} s",
            f"{a['seconds'] / b['seconds']:.2f}", f"{a['megabytes']:.0f} MB", f"{b['megabytes']:.0f} MB"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sotto")
    parser.add_argument("reference")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--completion", help="path of llama-completion, to compare startup time and memory")
    parser.add_argument("--prefill", type=int, default=512)
    parser.add_argument("--decode", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    if min(options.prefill, options.decode, options.threads, options.repetitions) < 1:
        parser.error("--prefill, --decode, --threads and --repetitions must be at least 1")

    print(f"Tokens per second, {options.threads} threads, medians of {options.repetitions} alternating runs:\n")
    print(f"| model | prefill {options.prefill}: Sotto | llama.cpp | ratio | of int8 peak "
          f"| decode {options.decode}: Sotto | llama.cpp | ratio | of bandwidth |")
    print("| --- |" + " ---: |" * 8, flush=True)
    reports = []
    for model in options.models:
        cells, runs = measure(options, model)
        reports += runs
        print("| " + " | ".join(cells) + " |", flush=True)
    print(f"\nThe machine's limits, medians of all runs: {median(reports, 'readBandwidth') / 1e9:.1f} GB/s memory read "
          f"bandwidth, {median(reports, 'int8Peak') / 1e9:.0f} G 8-bit multiply-adds per second.")
    if options.completion:
        rows = [row for row in (measure_start(options, model) for model in options.models) if row]
        print("\nTime from launch to the end of a reply of one token, and peak memory:\n")
        print("| model | Sotto | llama.cpp | ratio | memory: Sotto | llama.cpp |\n| --- |" + " ---: |" * 5)
        for row in rows:
            print("| " + " | ".join(row) + " |")


main()
