"""Measures the chat on a pseudo-terminal: interface.py BINARY HOME [--json] [--seconds N].

- start: from launch until a key pressed at once is on the screen, while the model loads;
- key: from a key press to the screen, while a reply streams and the engine uses every core;
- cpu: the interface's share of a core while a reply streams, per token and at 200 tokens per second;
- bytes: bytes written to the terminal per streamed token;
- idle: wake-ups while nothing happens;
- scroll: from a scroll key to the screen, with 10 and 10,000 messages, and the processor time it takes;
- paste: from the last byte of a paste of 1 MB to the screen, and from a key press to the screen in that draft.

HOME is used as SOTTO_HOME and must contain a model; sessions are written there.
"""

import argparse
import fcntl
import glob
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


class Program:
    """The chat on its own pseudo-terminal."""

    def __init__(self, binary, home, *arguments, columns=100, rows=30):
        self.started = time.monotonic()
        self.process, self.master = pty.fork()
        if self.process == 0:
            # Only the program itself may echo input.
            modes = termios.tcgetattr(0)
            modes[3] &= ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, modes)
            environment = dict(os.environ, SOTTO_HOME=home, TERM="xterm-256color", LC_ALL="C.UTF-8")
            for name in ("COLORTERM", "ACCESSIBLE", "NO_COLOR"):
                environment.pop(name, None)
            os.execve(binary, [binary, *arguments], environment)
        self.resize(columns, rows)
        os.set_blocking(self.master, False)
        self.count = 0
        self.recent = b""

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, text):
        """Sends text, reading output in the meantime so that the program never blocks."""
        rest = text.encode()
        while rest:
            readable, writable, _ = select.select([self.master], [self.master], [], 10)
            if readable:
                self.read(0)
            if writable:
                rest = rest[os.write(self.master, rest[:4096]):]

    def read(self, timeout):
        """Reads output, waiting until there is some or the time is up."""
        if not select.select([self.master], [], [], max(0, timeout))[0]:
            return b""
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return b""
        self.count += len(data)
        self.recent = (self.recent + data)[-(1 << 16):]
        return data

    def wait(self, text, timeout=120.0):
        """Reads until the text appears. Returns the time at which it did, or None."""
        wanted = text.encode()
        self.recent = b""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.read(end - time.monotonic())
            if wanted in self.recent:
                return time.monotonic()
        return None

    def shown_after(self, text, wanted=None):
        """Milliseconds from sending keys until `wanted` (or, without it, anything) appears."""
        self.recent = b""
        pressed = time.monotonic()
        self.send(text)
        wanted = (wanted or "").encode()
        while not self.recent or wanted not in self.recent:
            if time.monotonic() > pressed + 5:
                return float("inf")
            self.read(pressed + 5 - time.monotonic())
        return (time.monotonic() - pressed) * 1000

    def drain(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def quit(self):
        try:
            os.kill(self.process, signal.SIGTERM)
            self.drain(0.3)
            os.waitpid(self.process, 0)
        except (OSError, ChildProcessError):
            pass
        os.close(self.master)

    def threads(self):
        """Seconds of processor time and the number of sleeps, by thread name."""
        ticks = os.sysconf("SC_CLK_TCK")
        result = {}
        for folder in glob.glob(f"/proc/{self.process}/task/*"):
            try:
                stat = open(f"{folder}/stat").read()
                sleeps = sum(
                    int(line.split()[1]) for line in open(f"{folder}/status") if "voluntary_ctxt_switches" in line)
                nanoseconds = int(open(f"{folder}/schedstat").read().split()[0])
            except OSError:
                continue
            name = stat[stat.index("(") + 1:stat.rindex(")")]
            fields = stat[stat.rindex(")") + 2:].split()
            seconds = nanoseconds / 1e9 or (int(fields[11]) + int(fields[12])) / ticks
            old = result.get(name, (0, 0))
            result[name] = (old[0] + seconds, old[1] + sleeps)
        return result


# Characters that appear neither in replies nor anywhere else on the screen.
marks = "§¶¤¦¬µ¿ØÞß"


def summary(times):
    return {"p50": percentile(times, 0.5), "p99": percentile(times, 0.99), "max": max(times), "count": len(times)}


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def start_times(binary, home, count):
    """Milliseconds from launch until a key pressed at once is echoed."""
    times = []
    for _ in range(count):
        program = Program(binary, home)
        program.drain(0.005)
        program.send("§")
        shown = program.wait("§", 60)
        times.append((shown - program.started) * 1000 if shown else float("inf"))
        program.drain(0.3)
        program.quit()
    return times


def is_engine(name):
    """Whether a thread belongs to the engine. All others count as interface."""
    return name.startswith("engine") or name.startswith("compute")


def generated_tokens(home):
    """The length of the latest reply, from its session file."""
    latest = max(glob.glob(f"{home}/sessions/*.json"), key=os.path.getmtime)
    return json.load(open(latest))["messages"][-1]["stats"]["generatedTokens"]


def stream(binary, home, seconds):
    program = Program(binary, home)
    program.wait("Write a message", 60)
    program.drain(2.0)
    # Clear the draft that an earlier start left.
    program.send("\x15")
    program.drain(0.5)
    # The model must never end its turn, so that the reply lasts as long as the measurement.
    for line in ("/new", "/set logit_bias 2=-inf", "/set max_tokens 100000", "/set num_ctx 8192",
                 # Nor must it repeat itself.
                 "/set temperature 1.5", "/set repeat_penalty 1.1"):
        program.send(line + "\r")
        program.drain(0.5)

    # The changed context reloads the model at the first reply, which should not count as interface time.
    program.send("Hello\r")
    program.drain(3.0)
    program.send("\x1b")
    program.wait("stopped", 20)
    program.drain(0.5)

    # The interface alone: nothing is typed. Prefill is included; it is short.
    before, count, began = program.threads(), program.count, time.monotonic()
    program.send("Tell me a very long story about a lighthouse.\r")
    program.drain(seconds)
    after, written, elapsed = program.threads(), program.count - count, time.monotonic() - began
    program.send("\x1b")
    program.wait("stopped", 20)
    program.drain(1.5)
    tokens = max(1, generated_tokens(home))
    cpu = {name: after[name][0] - before.get(name, (0, 0))[0] for name in after}
    interface = sum(value for name, value in cpu.items() if not is_engine(name))
    figures = {
        "tokensPerSecond": tokens / elapsed, "bytesPerToken": written / tokens,
        "interfaceMicrosecondsPerToken": interface / tokens * 1e6, "interfaceAt200PerSecond": interface / tokens * 200,
        "interfaceShare": interface / elapsed,
        "threads": {name: round(value, 4) for name, value in sorted(cpu.items())},
    }

    # Keys while the engine decodes.
    program.send("Tell me another one.\r")
    program.drain(2.0)
    times = []
    for number in range(200):
        mark = marks[number % len(marks)]
        program.drain(0.02 + 0.013 * (number % 3))
        times.append(program.shown_after(mark, mark))
    figures["keyMilliseconds"] = summary(times)

    program.send("\x15\x1b")
    program.drain(10.0)
    before = program.threads()
    program.drain(10.0)
    after = program.threads()
    figures["idle"] = {
        "sleepsPerSecond": sum(after[name][1] - before.get(name, (0, 0))[1] for name in after) / 10,
        "share": sum(after[name][0] - before.get(name, (0, 0))[0] for name in after) / 10}
    program.quit()
    return figures


def write_session(home, count):
    """Writes a session with `count` Markdown messages. Returns its id."""
    session = f"{count:026}"
    created = "2026-01-01T00:00:00Z"
    text = "## Part {}\n\n" + "A paragraph with *some* **marks** and `code` in it, of a few lines. " * 6 + "\n\n" + "".join(
        f"- item {number}, with a [link](https://example.org)\n" for number in range(4)) + "\n```python\nfor i in range(3): print(i)\n```\n"
    messages = [
        {"id": f"m{number}", "parent": f"m{number - 1}" if number > 1 else None, "created": created,
         "role": "assistant" if number % 2 == 0 else "user", "content": text.format(number)}
        for number in range(1, count + 1)]
    os.makedirs(f"{home}/sessions", exist_ok=True)
    with open(f"{home}/sessions/{session}.json", "w") as file:
        json.dump({
            "format": "sotto.session", "version": 1, "id": session, "title": f"{count} messages", "created": created,
            "updated": created, "head": f"m{count}", "messages": messages}, file)
    return session


def scroll(binary, home, count):
    program = Program(binary, home, "--session", write_session(home, count))
    program.wait("F1", 60)
    program.drain(3.0)
    before = program.threads()["chat"][0]
    up, down = "\x1b[5~", "\x1b[6~"
    times = []
    for key in ([up] * 5 + [down] * 5) * 15:
        times.append(program.shown_after(key))
        program.drain(0.03)
    figures = summary(times)
    figures["processorMilliseconds"] = (program.threads()["chat"][0] - before) * 1000 / len(times)
    program.quit()
    return figures


def paste(binary, home):
    program = Program(binary, home)
    program.wait("F1", 60)
    program.drain(2.0)
    program.send("\x15/new\r")
    program.drain(1.0)
    text = "All of this is pasted, line by line, and none of it may be lost.\n" * (1_000_000 // 65)
    program.send(f"\x1b[200~{text}")
    pasted = program.shown_after("\u20ac\x1b[201~", "\u20ac")
    program.drain(3.0)
    times = []
    for number in range(100):
        times.append(program.shown_after(marks[number % len(marks)], marks[number % len(marks)]))
        program.drain(0.03)
    program.send("\x03")
    program.drain(1.0)
    program.quit()
    return {"shownMilliseconds": pasted, "keyMilliseconds": summary(times)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("home")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    starts = start_times(arguments.binary, arguments.home, arguments.starts)
    figures = {"startMilliseconds": {"median": percentile(starts, 0.5), "max": max(starts)}}
    figures |= stream(arguments.binary, arguments.home, arguments.seconds)
    figures["scroll"] = {str(count): scroll(arguments.binary, arguments.home, count) for count in (10, 10_000)}
    figures["paste"] = paste(arguments.binary, arguments.home)
    if arguments.json:
        print(json.dumps(figures, indent=2))
        return
    key, idle = figures["keyMilliseconds"], figures["idle"]
    print(f"start to usable input   median {figures['startMilliseconds']['median']:.0f} ms, max {figures['startMilliseconds']['max']:.0f} ms")
    print(f"key to screen           p50 {key['p50']:.1f} ms, p99 {key['p99']:.1f} ms, max {key['max']:.1f} ms of {key['count']}")
    print(f"streaming               {figures['tokensPerSecond']:.0f} tokens/s, {figures['bytesPerToken']:.1f} bytes each")
    print(f"interface               {figures['interfaceMicrosecondsPerToken']:.0f} µs/token, {figures['interfaceAt200PerSecond'] * 100:.1f} % of a core at 200 tokens/s, {figures['interfaceShare'] * 100:.1f} % at this speed")
    print(f"idle                    {idle['sleepsPerSecond']:.1f} wake-ups/s, {idle['share'] * 100:.2f} % of a core")
    for count, times in figures["scroll"].items():
        print(f"scroll, {count:>6} messages p50 {times['p50']:.1f} ms, p99 {times['p99']:.1f} ms, {times['processorMilliseconds']:.1f} ms of processor time each")
    key = figures["paste"]["keyMilliseconds"]
    print(f"paste of 1 MB           shown {figures['paste']['shownMilliseconds']:.0f} ms after the last byte; keys p50 {key['p50']:.1f} ms, p99 {key['p99']:.1f} ms")
    print("by thread (s)          ", figures["threads"])


if __name__ == "__main__":
    main()
