#!/usr/bin/env python3
"""Runs `sotto bench`, llama.cpp's `llama-bench` and, if given, ik_llama.cpp's on the same files and prints the medians
as Markdown: all speeds, Sotto's ratio to each of the others, and the share of the machine's limits that Sotto reached;
then startup times and memory.

Every repetition runs all programs, each time starting with another one, so that temporary slowdowns of the machine
affect all of them. Prefill is measured with an empty cache, decode after --depth tokens.
"""
import argparse
import json
import operator
import os
import platform
import signal
import statistics
import subprocess
import sys
import time

PHASES = ("prefill", "decode")


class Failure(Exception):
    """A program that could not measure a model."""


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def run(command):
    """What a program prints as JSON."""
    try:
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    except OSError as error:
        raise Failure(error.strerror) from None
    if result.returncode < 0:
        raise Failure(f"stopped by {signal.Signals(-result.returncode).name}")
    if result.returncode > 0:
        raise Failure((result.stderr.strip() or f"exit status {result.returncode}").splitlines()[-1])
    try:
        return json.loads(result.stdout)
    except ValueError:
        raise Failure("no valid JSON in its output") from None


class Sotto:
    name = "Sotto"

    def __init__(self, options):
        self.options = options
        self.reports = []

    def commands(self, model):
        """Both phases in one run, unless they differ in depth."""
        options = self.options
        common = [options.sotto, "bench", model, "-t", str(options.threads), "-r", "1", "--json"]
        if options.instruction_set:
            common += ["--instruction-set", options.instruction_set]
        return [common + workload for workload in workloads(options)]

    def measure(self, model):
        """Tokens per second and the share of the limit of each phase."""
        measured = {}
        for command in self.commands(model):
            report = run(command)
            self.reports.append(report)
            for phase in PHASES:
                if phase in report:
                    measured[phase] = report[phase]["tokensPerSecond"]["median"]
                    measured[phase, "share"] = report[phase]["fraction"]
        return measured


class Llama:
    name = "llama.cpp"

    def __init__(self, options):
        self.options = options

    def commands(self, model):
        options = self.options
        common = [options.reference, "-m", model, "-t", str(options.threads), "-r", "1", "-o", "json"]
        return [common + workload for workload in workloads(options)]

    def measure(self, model):
        tests = [test for command in self.commands(model) for test in run(command)]
        return {"prefill" if test["n_prompt"] else "decode": test["avg_ts"] for test in tests}


class IkLlama:
    """ik_llama.cpp can repack weights when it loads them, which makes some formats and phases faster and others slower.
    The first run of each model and phase measures both ways, later runs only the faster one."""
    name = "ik_llama.cpp"

    def __init__(self, options):
        self.options = options
        self.repack = {}

    def command(self, phase, model, repack):
        """Its llama-bench has no -d. With -gp it processes a prompt too, and measures only what follows."""
        options = self.options
        if phase == "prefill":
            workload = ["-p", str(options.prefill), "-n", "0"]
        elif options.depth:
            workload = ["-p", "0", "-n", "0", "-gp", f"{options.depth},{options.decode}"]
        else:
            workload = ["-p", "0", "-n", str(options.decode)]
        common = [options.ik, "-m", model, "-t", str(options.threads), "-r", "1", "-o", "json"]
        return common + workload + ["-rtr", repack]

    def commands(self, model):
        return [self.command(phase, model, "0|1") for phase in PHASES]

    def measure(self, model):
        measured = {}
        for phase in PHASES:
            speeds = {repack: run(self.command(phase, model, repack))[0]["avg_ts"]
                      for repack in self.repack.get((phase, model), "01")}
            self.repack[phase, model] = max(speeds, key=speeds.get)
            measured[phase] = max(speeds.values())
        return measured

    def choices(self):
        """A sentence on what was repacked."""
        repacked = [f"{phase} of {os.path.basename(model)}" for (phase, model), repack in self.repack.items()
                    if repack == "1"]
        return f"`-rtr 1` was faster in: {', '.join(repacked)}." if repacked else "`-rtr 0` was always faster."


def workloads(options):
    """The arguments that `sotto bench` and llama.cpp's `llama-bench` have in common, one list for each run."""
    prefill, decode, depth = str(options.prefill), str(options.decode), str(options.depth)
    if not options.depth:
        return [["-p", prefill, "-n", decode]]
    return [["-p", prefill, "-n", "0"], ["-p", "0", "-n", decode, "-d", depth]]


def alternate(programs, repetitions, measure):
    """What each program measured in every repetition, or its failure. Each repetition starts with another program."""
    results = {program: [] for program in programs}
    order = list(programs)
    for _ in range(repetitions):
        for program in order:
            if has_failed(results[program]):
                continue
            try:
                results[program].append(measure(program))
            except Failure as failure:
                results[program] = failure
        order.append(order.pop(0))
    return results


def has_failed(*results):
    return any(isinstance(result, Failure) for result in results)


def cell(result, form, value):
    return "failed" if has_failed(result) else form.format(value(result))


def ratio(ours, theirs, value):
    return "" if has_failed(ours, theirs) else f"{value(ours) / value(theirs):.2f}"


def header(options, programs):
    depth = f" at depth {options.depth}" if options.depth else ""
    titles = {"prefill": (f"prefill {options.prefill}", "of int8 peak"),
              "decode": (f"decode {options.decode}{depth}", "of bandwidth")}
    cells = ["model"]
    for phase in PHASES:
        title, limit = titles[phase]
        cells.append(f"{title}: {programs[0].name}")
        for program in programs[1:]:
            cells += [program.name, "ratio"]
        cells.append(limit)
    return cells


def row(model, results):
    """A line of the table. Ratios are those of Sotto, the first program, to the others."""
    ours, *others = results.values()
    cells = [os.path.basename(model)]
    for phase in PHASES:
        def speed(runs):
            return median(runs, phase)

        cells.append(cell(ours, "{:.1f}", speed))
        for theirs in others:
            cells += [cell(theirs, "{:.1f}", speed), ratio(ours, theirs, speed)]
        cells.append("" if has_failed(ours) else f"{median(ours, (phase, 'share')):.0%}")
    return cells


def print_row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def processor():
    """The processor's name, as the system reports it."""
    command = ["sysctl", "-n", "machdep.cpu.brand_string"] if sys.platform == "darwin" else ["lscpu"]
    untranslated = os.environ | {"LC_ALL": "C"}
    try:
        output = subprocess.run(command, capture_output=True, text=True, env=untranslated).stdout.strip()
    except OSError:
        output = ""
    if sys.platform == "darwin":
        return output or platform.machine()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in output.splitlines())}
    name = facts.get("Model name", platform.machine())
    # A virtual machine often gives a name that fits a dozen processors. The numbers tell them apart.
    return f"{name} (family {facts['CPU family']}, model {facts['Model']})" if "CPU family" in facts else name


def print_limits(reports):
    limits = [report["machine"] for report in reports]
    print(f"\nThe machine's limits, medians of all runs: {median(limits, 'readBandwidth') / 1e9:.1f} GB/s memory read "
          f"bandwidth, {median(limits, 'int8Peak') / 1e9:.0f} G 8-bit multiply-adds per second.")


def print_commands(programs, notes):
    print("\nRatios are Sotto's speed divided by the other program's. Measured with these commands:\n")
    for program in programs:
        note = f" ({notes[program.name]})" if notes.get(program.name) else ""
        commands = [[os.path.basename(command[0])] + command[1:] for command in program.commands("MODEL")]
        print(f"- {program.name}{note}: " + ", ".join(f"`{' '.join(command)}`" for command in commands))


PROMPT = "Hello, who are you?"


def run_to_end(command):
    """The duration in seconds and peak memory in megabytes of a program."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    with process.stdout as output:
        # Sotto writes the reply and reports an error if the limit on tokens cuts it off, as it does here.
        if status != 0 and not output.read():
            raise Failure("no reply")
    # Linux reports kilobytes, macOS bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return {"seconds": seconds, "megabytes": usage.ru_maxrss / unit}


def measure_start(options, model):
    """Each program's medians for a short prompt and a reply of one token, with files in memory, or its failure; None
    for a model without a vocabulary."""
    threads = str(options.threads)
    programs = {
        "Sotto": [options.sotto, "run", "--raw", "--model", model, "-t", threads, "--max-tokens", "1", PROMPT],
        "llama.cpp": [options.completion, "-m", model, "-t", threads, "-c", "4096", "-n", "1", "-st", "-p", PROMPT],
    }
    if subprocess.run([options.sotto, "tokenize", model], input=PROMPT.encode(), capture_output=True).returncode != 0:
        return None
    # The first run of each only brings the files into memory.
    results = alternate(programs, options.repetitions + 1, lambda name: run_to_end(programs[name]))
    return {name: runs if has_failed(runs) else
            {key: median(runs[1:], key) for key in ("seconds", "megabytes")} for name, runs in results.items()}


def start_row(model, results):
    ours, theirs = results.values()
    seconds, megabytes = operator.itemgetter("seconds"), operator.itemgetter("megabytes")
    return [os.path.basename(model), cell(ours, "{:.2f} s", seconds), cell(theirs, "{:.2f} s", seconds),
            ratio(ours, theirs, seconds), cell(ours, "{:.0f} MB", megabytes), cell(theirs, "{:.0f} MB", megabytes)]


def print_start(options):
    rows = [start_row(model, results) for model in options.models if (results := measure_start(options, model))]
    print("\nTime from launch to the end of a reply of one token, and peak memory:\n")
    print("| model | Sotto | llama.cpp | ratio | memory: Sotto | llama.cpp |\n| --- |" + " ---: |" * 5)
    for cells in rows:
        print_row(cells)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("sotto")
    parser.add_argument("reference", help="path of llama.cpp's llama-bench")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--ik", help="path of ik_llama.cpp's llama-bench")
    parser.add_argument("--completion", help="path of llama-completion, to compare startup time and memory")
    parser.add_argument("--prefill", type=int, default=512)
    parser.add_argument("--decode", type=int, default=128)
    parser.add_argument("--depth", type=int, default=0, help="tokens in the cache before decode")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--instruction-set", help="passed to Sotto")
    parser.add_argument("--command", help="the command to name in the heading")
    parser.add_argument("--llama-origin", help="where llama.cpp comes from")
    parser.add_argument("--ik-origin", help="where ik_llama.cpp comes from")
    parser.add_argument("--ik-missing", metavar="REASON", help="why ik_llama.cpp is not measured")
    options = parser.parse_args()
    if min(options.prefill, options.decode, options.threads, options.repetitions) < 1 or options.depth < 0:
        parser.error("--prefill, --decode, --threads and --repetitions must be at least 1, --depth at least 0")
    return options


def main():
    options = arguments()
    ours = Sotto(options)
    ik = IkLlama(options) if options.ik else None
    programs = [ours, Llama(options)] + ([ik] if ik else [])
    command = f", `{options.command}`" if options.command else ""
    print(f"{processor()}, {options.threads} threads, medians of {options.repetitions} alternating runs{command}, "
          "tokens per second:\n")
    cells = header(options, programs)
    print_row(cells)
    print("| --- |" + " ---: |" * (len(cells) - 1), flush=True)
    failures = []
    for model in options.models:
        results = alternate(programs, options.repetitions, lambda program: program.measure(model))
        print_row(row(model, results))
        failures += [(program, model, result) for program, result in results.items() if has_failed(result)]
    if failures:
        print("\nFailed:\n")
    for program, model, failure in failures:
        print(f"- {program.name} with {os.path.basename(model)}: {failure}")
    if ours.reports:
        print_limits(ours.reports)
    print_commands(programs, {
        "Sotto": ours.reports[0].get("instructionSet") if ours.reports else None,
        "llama.cpp": options.llama_origin,
        "ik_llama.cpp": options.ik_origin,
    })
    if ik:
        print("\nik_llama.cpp repacks weights with `-rtr 1`. Each model and phase was measured with the setting that was "
              f"faster in its first run. {ik.choices()}")
    if options.ik_missing:
        print(f"\nik_llama.cpp was not measured: {options.ik_missing}.")
    if options.completion:
        print_start(options)
    sys.exit(1 if any(program is ours for program, _, _ in failures) else 0)


main()
