"""Repeats random work with kills, faults and damaged files: torture.py BINARY MODEL WORK LIBRARY SECONDS SEED.

Every round does one kind of work in a home folder that is kept between rounds, then starts the program again without
faults and checks what must hold:

- it has neither crashed nor hung;
- every message that was on the screen, or was answered, is in a session;
- no temporary files, locks or journals are left, and files are readable by their owner only.

LIBRARY is faults.c, compiled; empty where it does not exist. The same seed makes the same choices, but not the same
timing. Ends with status 1 at the first violation, and leaves the evidence in a folder that it names.
"""

import glob
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import termios
import time

# Longer than anything takes here, however busy the machine is.
PATIENCE = 120
# Exit statuses of a program that ended by a fault of its own: SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV.
CRASHES = {-4, -5, -6, -7, -8, -11, 132, 133, 134, 135, 136, 139}

EXTREMES = [
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "1e308", "-1e308",
    "1e400", "-1", "0.5", "4294967296", "null", "true", '""', "[]", "{}", '"\\u0000\\u001b[2J"', '"2026-99-99T00:00:00Z"',
]


class Violation(Exception):
    pass


class Program:
    """The program on pipes, or on a pseudo-terminal."""

    def __init__(self, home, arguments, environment, on_terminal):
        variables = dict(os.environ, **home.environment(), **environment)
        command = [home.binary, *arguments]
        self.output = b""
        self.child = None
        if on_terminal:
            self.process, self.descriptor = pty.fork()
            if self.process == 0:
                modes = termios.tcgetattr(0)
                modes[3] &= ~termios.ECHO
                termios.tcsetattr(0, termios.TCSANOW, modes)
                os.execve(home.binary, command, dict(variables, TERM="xterm-256color"))
            termios.tcsetwinsize(self.descriptor, (24, 80))
            self.input = self.descriptor
        else:
            self.child = subprocess.Popen(
                command, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.process = self.child.pid
            self.input = self.child.stdin.fileno()
            self.descriptor = self.child.stdout.fileno()

    def send(self, text):
        try:
            os.write(self.input, text.encode())
        except OSError:
            pass

    def read(self, seconds):
        """Adds output that comes within the time. Returns False when there will be no more."""
        if not select.select([self.descriptor], [], [], max(0, seconds))[0]:
            return True
        try:
            data = os.read(self.descriptor, 1 << 16)
        except OSError:
            data = b""
        self.output += data
        return bool(data)

    def wait_for(self, pattern, seconds=PATIENCE, start=0):
        """Reads until the output matches from an offset on. Returns whether it did."""
        end = time.monotonic() + seconds
        while not re.search(pattern, self.output[start:]):
            left = end - time.monotonic()
            if left <= 0 or not self.read(left):
                return re.search(pattern, self.output[start:]) is not None
        return True

    def kill(self, number=signal.SIGKILL):
        os.kill(self.process, number)

    def end(self, seconds=PATIENCE):
        """Waits for the end of the program and returns its status; None if it hangs."""
        deadline = time.monotonic() + seconds
        status = None
        while status is None and time.monotonic() < deadline:
            self.read(0.02)
            if self.child:
                status = self.child.poll()
            else:
                done, code = os.waitpid(self.process, os.WNOHANG)
                if done:
                    status = os.waitstatus_to_exitcode(code)
        if status is None:
            self.kill()
            if self.child:
                self.child.wait()
            else:
                os.waitpid(self.process, 0)
        while self.read(0) and select.select([self.descriptor], [], [], 0)[0]:
            pass
        if self.child:
            self.child.stdin.close()
            self.child.stdout.close()
        else:
            os.close(self.descriptor)
        return status


class Home:
    """The user's folder of one run, and what has to be in it."""

    def __init__(self, binary, model, work, library, choices):
        self.binary, self.library, self.choices = binary, library, choices
        self.folder = os.path.join(work, "home")
        self.scratch = os.path.join(work, "scratch")
        os.makedirs(os.path.join(self.folder, "models"))
        os.makedirs(self.scratch)
        os.symlink(os.path.abspath(model), os.path.join(self.folder, "models", os.path.basename(model)))
        self.model = os.path.abspath(model)
        # Words of messages that must be in a session.
        self.words = set()
        self.count = 0
        self.log = []

    def environment(self):
        return {"SOTTO_HOME": self.folder, "LC_ALL": "C.UTF-8", "HOME": self.scratch, "TMPDIR": self.scratch,
                "XDG_CACHE_HOME": self.scratch, "SWIFT_BACKTRACE": "enable=no"}

    def faults(self, **settings):
        """The environment for faults, such as fsync_ms=300."""
        if not self.library:
            return {}
        return {"LD_PRELOAD": self.library, "FAULTS_FOLDER": self.folder,
                "FAULTS_SEED": str(self.choices.randrange(1 << 30)),
                **{"FAULTS_" + name.upper(): str(value) for name, value in settings.items()}}

    def word(self):
        self.count += 1
        return f"zq{self.count}x{self.choices.randrange(10000)}w"

    def run(self, arguments, text="", environment={}, seconds=PATIENCE):
        """Runs the program to its end. Returns its status and output."""
        self.log.append(" ".join(arguments) + (f"   < {text[:200]!r}" if text else ""))
        process = subprocess.Popen(
            [self.binary, *arguments], env=dict(os.environ, **self.environment(), **environment),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            output = process.communicate(text.encode(), timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            raise Violation(f"hangs: {self.log[-1]}\n{process.communicate()[0][-2000:].decode(errors='replace')}")
        self.check_status(process.returncode, output)
        return process.returncode, output.decode(errors="replace")

    def check_status(self, status, output):
        if status is None:
            raise Violation(f"hangs: {self.log[-1]}\n{output[-2000:].decode(errors='replace')}")
        if status in CRASHES or b"Fatal error" in output:
            raise Violation(f"crashes ({status}): {self.log[-1]}\n{output[-3000:].decode(errors='replace')}")

    # Files

    def files(self):
        return [os.path.join(folder, name) for folder, _, names in os.walk(self.folder) for name in names]

    def stored(self):
        """The text of all sessions, those in the trash and kept files included."""
        return "\n".join(
            open(path, encoding="utf-8", errors="replace").read()
            for path in self.files() if "/sessions/" in path and os.path.isfile(path))

    # Checks

    def check(self):
        """Starts the program without faults, and checks what must then hold."""
        status, output = self.run(["--plain"], "/quit\n")
        if status != 0:
            raise Violation(f"the next start ends with status {status}\n{output[-2000:]}")
        stored = self.stored()
        lost = [word for word in self.words if word not in stored]
        if lost:
            raise Violation(f"lost: {', '.join(lost)}")
        for path in self.files():
            name = os.path.relpath(path, self.folder)
            if re.search(r"\.tmp$|\.lock$|\.nosync|\.unfinished$|\.journal$", name):
                raise Violation(f"left behind: {name}")
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and stat.S_IMODE(mode) & 0o077 and not name.startswith("models/"):
                raise Violation(f"others can read {name} ({oct(stat.S_IMODE(mode))})")


# Work. Each function does one round; `home.words` gets the messages that must not be lost.


def talk(home, environment, kills):
    """Some messages in plain mode, perhaps ended by a kill."""
    program = Program(home, ["--plain"] + home.choices.choice([[], [], ["--continue"]]), environment, False)
    home.log.append(f"plain chat, {'killed' if kills else 'to its end'}, {environment}")
    program.send("/set max_tokens 6\n")
    if home.choices.random() < 0.3:
        program.send("/new\n")
    words = []
    deadline = time.monotonic() + home.choices.uniform(0, 2.5)
    for _ in range(home.choices.randint(1, 3)):
        word = home.word()
        words.append(word)
        program.send(home.choices.choice([f"Say {word}\n", f"Say {word}\n/regen\n", f"/rename {word}\nSay {word}\n"]))
        # A reply says that the message was sent.
        while kills and time.monotonic() < deadline and program.read(deadline - time.monotonic()):
            if re.search(rf"You: Say {word}[^\n]*\n[^\n]*SmolLM2[^\n]*: ".encode(), program.output):
                break
    if kills:
        program.kill()
    else:
        # An unsaved session has to be left twice.
        program.send("/quit\n/quit\n")
    status = program.end()
    home.check_status(status, program.output)
    for word in words:
        if re.search(rf"You: Say {word}[^\n]*\n[^\n]*SmolLM2[^\n]*: ".encode(), program.output):
            home.words.add(word)
    return program.output


def plain_chat(home):
    talk(home, {}, home.choices.random() < 0.8)


def slow_disk(home):
    talk(home, home.faults(fsync_ms=home.choices.choice([20, 100, 400])), True)


def no_locks(home):
    talk(home, home.faults(locks=1), home.choices.random() < 0.5)


def failing_disk(home):
    """Messages may be refused here, but what was saved before stays."""
    known = set(home.words)
    share = home.choices.choice([0.02, 0.2, 0.9])
    kind = home.choices.choice(["write", "rename", "open"])
    talk(home, home.faults(**{kind: share}), home.choices.random() < 0.5)
    home.words = known


def screen(home):
    """A message on a pseudo-terminal, with a kill as soon as it is drawn as sent."""
    environment = home.faults(fsync_ms=home.choices.choice([0, 50, 400]))
    program = Program(home, [], environment, True)
    home.log.append(f"full screen, {environment}")
    # The status line, whatever it says.
    if not program.wait_for(rb"ready|F1"):
        raise Violation("no first screen")
    word = home.word()
    program.send(word)
    if not program.wait_for(word.encode()):
        home.check_status(program.end(1), program.output)
        raise Violation("typed text is not drawn")
    time.sleep(home.choices.uniform(0, 0.6))
    program.read(0)
    start = len(program.output)
    program.send("\r")
    # The word moves from the input to the conversation.
    if program.wait_for(word.encode(), home.choices.uniform(0.5, 3), start):
        home.words.add(word)
        time.sleep(home.choices.choice([0, 0, 0.01, 0.3]))
    program.kill(home.choices.choice([signal.SIGKILL] * 4 + [signal.SIGTERM]))
    home.check_status(program.end(), program.output)


def commands(home):
    """Commands on sessions, presets and models, killed at a random moment."""
    exported = os.path.join(home.scratch, f"export{home.count}.json")
    preset = os.path.join(home.scratch, "torture.preset.json")
    name = f"torture {home.count}"
    with open(preset, "w") as file:
        json.dump({"format": "sotto.preset", "version": 1, "name": name, "summary": "", "settings": {}}, file)
    sessions = glob.glob(os.path.join(home.folder, "sessions", "*.json"))
    session = os.path.basename(home.choices.choice(sessions))[:-5] if sessions else "none"
    output = os.path.join(home.folder, "models", "small.gguf")
    home.count += 1
    arguments = home.choices.choice([
        ["sessions", "duplicate", session], ["sessions", "rename", session, "New title"],
        ["sessions", "export", session, exported, "--format", "json"], ["presets", "import", preset],
        ["quantize", home.model, output, "Q4_K_S", "--force"], ["models"],
    ])
    home.log.append(" ".join(arguments))
    program = Program(home, arguments, home.faults(fsync_ms=home.choices.choice([0, 100])), False)
    time.sleep(home.choices.uniform(0, 0.4))
    program.kill(home.choices.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
    home.check_status(program.end(), program.output)
    for file in [output, exported]:
        if os.path.exists(file):
            os.unlink(file)


# Damaged files


def mutated(choices, data):
    """The bytes of a file with some damage."""
    data = bytearray(data)
    for _ in range(choices.choice([1, 1, 2, 5, 30])):
        kind = choices.randrange(8)
        place = choices.randrange(len(data) + 1)
        if kind == 0 and data:
            data[place % len(data)] ^= 1 << choices.randrange(8)
        elif kind == 1:
            del data[place:]
        elif kind == 2:
            data[place:place] = bytes(choices.randrange(256) for _ in range(choices.choice([1, 4, 100])))
        elif kind == 3:
            del data[place:place + choices.choice([1, 10, 1000])]
        elif kind == 4:
            data[place:place] = data[place // 2:place // 2 + choices.choice([10, 1000])]
        elif kind == 5:
            data[place:place] = choices.choice([b"[", b"{\"a\":", b"\"", b"\\u", b"\x1b]0;x\x07", b"\xff"]) * choices.choice([1, 5000])
        else:
            # The value of a field, or a number anywhere.
            pattern = rb'(?<=": )[^\n,]+' if kind == 6 else rb"\d+"
            values = list(re.finditer(pattern, bytes(data)))
            if values:
                value = choices.choice(values)
                data[value.start():value.end()] = choices.choice(EXTREMES).encode()
    return bytes(data)


SAMPLES = {
    "preferences.json": b'{\n  "model": "SmolLM2",\n  "mouse": true,\n  "session": "x",\n  "theme": "nord"\n}\n',
    "history.jsonl": b'"Hello"\n"Two\\nlines"\n' * 20,
    "themes/own.json": b'{\n  "name": "own",\n  "inherits": "dark",\n  "colors": {\n    "accent": "#ff8800"\n  }\n}\n',
    "providers.json": b'{\n  "offline": true,\n  "local": false,\n  "providers": [\n    {\n      "id": "mine",\n      "kind": "compatible",\n'
                      b'      "address": "http://127.0.0.1:9/v1",\n      "key": {"env": "NOPE"}\n    }\n  ]\n}\n',
    "prices.json": b'{\n  "date": "2026-01-01",\n  "models": [\n    {"provider": "openai", "model": "gpt-5", "input": 1.25, "output": 10}\n  ]\n}\n',
    "recommended.json": b'[\n  {\n    "address": "hf.co/a/b:Q8_0",\n    "title": "T",\n    "parameters": 1000000,\n    "bytes": 1000000,\n'
                        b'    "license": "MIT",\n    "use": "small"\n  }\n]\n',
    "cache/speeds.json": b'{\n  "local/SmolLM2-135M-Instruct.Q4_1": 45.5\n}\n',
    "sessions/presets/own.preset.json": b'{\n  "format": "sotto.preset",\n  "version": 1,\n  "name": "own",\n  "summary": "s",\n'
                                        b'  "system": "Be brief.",\n  "settings": {\n    "temperature": 0.5,\n    "max_tokens": 7\n  }\n}\n',
    "sessions/damaged.draft": b'{\n  "attachments": [\n    {"content": "b", "name": "a.txt", "tokens": 3}\n  ],\n  "column": 2,\n'
                              b'  "format": "sotto.draft",\n  "line": 0,\n  "text": "Hello",\n  "version": 1\n}\n',
    "sessions/damaged.journal": b'{"created":"2026-01-31T12:00:00Z","format":"sotto.journal","id":"m3","model":{"fingerprint":null,"name":"n",'
                                b'"provider":"local"},"parent":"m2","reasoning":null,"role":"assistant","seed":1,"settings":{},"version":1}\nHalf a reply',
    "sessions/damaged.json": json.dumps({
        "format": "sotto.session", "version": 1, "id": "damaged", "title": "Damaged", "created": "2026-01-31T12:00:00Z",
        "updated": "2026-01-31T12:00:00Z", "model": {"provider": "local", "name": "SmolLM2-135M-Instruct.Q4_1"},
        "settings": {"temperature": 0.7, "max_tokens": 4, "logit_bias": {"7": 1.5}, "stop": ["x"]}, "head": "m2",
        "messages": [
            {"id": "m1", "parent": None, "role": "user", "created": "2026-01-31T12:00:00Z", "content": "Hi there",
             "attachments": [{"name": "a", "content": "b", "tokens": 4}]},
            {"id": "m2", "parent": "m1", "role": "assistant", "created": "2026-01-31T12:00:00Z", "content": "Hello",
             "reasoning": "Hm", "model": {"provider": "local", "name": "n"}, "settings": {}, "seed": 3, "stats": {
                 "promptTokens": 10, "cachedTokens": 2, "generatedTokens": 5, "firstTokenSeconds": 0.2, "tokensPerSecond": 9.5,
                 "draftedTokens": 1, "acceptedTokens": 1, "cost": {"dollars": 0.1, "priceDate": "2026-01-01"}, "stop": "tokenLimit"}},
        ]}, indent=2).encode(),
}


def damaged_files(home):
    """A damaged file, or something else in its place, is read by everything that reads it. Then it is removed."""
    name = home.choices.choice(sorted(SAMPLES))
    path = os.path.join(home.folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    kept = path + ".kept"
    if os.path.lexists(path):
        os.rename(path, kept)
    before = set(home.files())
    # Drafts and journals belong to a session.
    session = os.path.join(home.folder, "sessions", "damaged.json")
    if name.startswith("sessions/damaged"):
        write(session, SAMPLES["sessions/damaged.json"])
    special = home.choices.random()
    if special < 0.15 and os.path.exists(path):
        os.unlink(path)
    if special < 0.05:
        os.mkdir(path)
    elif special < 0.1:
        os.mkfifo(path)
    elif special < 0.15:
        os.symlink(home.choices.choice(["/dev/zero", "nowhere", path]), path)
    else:
        write(path, mutated(home.choices, SAMPLES[name]))
    home.log.append(f"damaged {name}")
    words = ["/stats", "/show info", "/show settings", "/context", "/sessions", "/preset own", "/presets", "/theme own", "/history"]
    lines = home.choices.sample(words, 4) + home.choices.choice([[], ["/continue"], ["Hello there"]])
    chosen = ["--session", "Damaged"] if name.startswith("sessions/damaged") else []
    text = "/set max_tokens 3\n" + "\n".join(lines) + "\n/quit\n"
    try:
        home.run(home.choices.choice([
            ["--plain", *chosen], ["--plain", *chosen], ["sessions", "list"], ["sessions", "show", "Damaged"],
            ["sessions", "search", "Hello"], ["sessions", "import", path], ["presets", "list"], ["models"], ["models", "recommend"],
        ]) if special >= 0.1 or home.choices.random() < 0.5 else ["--plain", *chosen], text)
        home.run(["--plain", *chosen], text)
    except Violation:
        keep(home, path)
        raise
    for file in set(home.files()) - before:
        if not file.endswith(".kept") and ("damaged" in file or file == path or name in file):
            os.unlink(file)
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
    if os.path.lexists(kept):
        os.rename(kept, path)


def damaged_model(home):
    """A model whose header is damaged."""
    path = os.path.join(home.scratch, "damaged.gguf")
    with open(home.model, "rb") as file:
        header = file.read(1 << 21)
    if not os.path.exists(path):
        shutil.copyfile(home.model, path)
    # Most of the header is the vocabulary; the settings are at its beginning and the shapes at its end.
    start = home.choices.choice([0, 0, 0, len(header) - 400_000])
    data = bytearray(header)
    for _ in range(home.choices.choice([1, 1, 3, 20])):
        place = start + home.choices.randrange(min(len(data) - start, home.choices.choice([64, 3000, 400_000])))
        width = home.choices.choice([1, 4, 8])
        value = home.choices.choice([0, 1, 0x7F, 0xFF, 1 << 31, (1 << 31) - 1, (1 << 63) - 1, (1 << 64) - 1, home.choices.randrange(1 << 64)])
        data[place:place + width] = (value & ((1 << 8 * width) - 1)).to_bytes(width, "little")
    with open(path, "r+b") as file:
        file.write(data[:len(header)])
    home.log.append("damaged model")
    try:
        for arguments in [["inspect", path], ["run", "--model", path, "--max-tokens", "3", "--set", "num_ctx=64", "Hello"]]:
            home.run(arguments)
    except Violation:
        keep(home, path)
        raise


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, 0o600)


def keep(home, path):
    """Keeps a file that shows a fault."""
    if os.path.isfile(path):
        target = os.path.join(home.scratch, "evidence-" + os.path.basename(path))
        shutil.copyfile(path, target)


WORK = [plain_chat, plain_chat, screen, screen, commands, damaged_files, damaged_files, damaged_files, damaged_model]
FAULTY_WORK = [slow_disk, slow_disk, no_locks, failing_disk]


def main():
    binary, model, work, library, seconds, seed = sys.argv[1:]
    choices = random.Random(int(seed))
    home = Home(binary, model, work, library, choices)
    print(f"torture: {seconds} seconds, seed {seed}", file=sys.stderr)
    end = time.monotonic() + float(seconds)
    counts = {}
    kinds = WORK + (FAULTY_WORK if library else [])
    while time.monotonic() < end:
        work_of_round = choices.choice(kinds)
        home.log = []
        try:
            work_of_round(home)
            home.check()
        except Violation as violation:
            evidence = f"/tmp/sotto-torture-{seed}"
            shutil.rmtree(evidence, ignore_errors=True)
            shutil.copytree(work, evidence, symlinks=True, ignore=lambda folder, names: [
                name for name in names if not os.path.isfile(os.path.join(folder, name)) and
                not os.path.isdir(os.path.join(folder, name))])
            print(f"torture: round {sum(counts.values()) + 1}, {work_of_round.__name__}: {violation}\n"
                  f"The work: {home.log}\nThe files are in {evidence}", file=sys.stderr)
            sys.exit(1)
        counts[work_of_round.__name__] = counts.get(work_of_round.__name__, 0) + 1
    rounds = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    print(f"torture: nothing found in {sum(counts.values())} rounds ({rounds}), {len(home.words)} messages",
          file=sys.stderr)


main()
