"""Chats with llama-server through Sotto: check_providers.py ROOT LLAMA-SERVER MODEL. See scripts/check-providers."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

# Where Sotto looks for servers without configuration.
USUAL_PORTS = (8080, 8000, 9000, 30000)
# Whatever the model would write, these replies think first.
THINKING = r'root ::= "<think>\n" [A-Za-z ,.]{3,40} "\n</think>\n\n" [A-Za-z ,.]{3,40}'


def free_port(candidates=()) -> int:
    for port in (*candidates, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise OSError("no free port")


def get(url: str):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)


class Server:
    """A running llama-server."""

    def __init__(self, program: str, model: str, port: int, *arguments: str):
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.log = tempfile.TemporaryFile()
        # A prompt of a few hundred tokens is then read in several steps, each of which it reports.
        command = [program, "--model", model, "--alias", "smollm2", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--ctx-size", "4096", "--parallel", "1", "--batch-size", "256", *arguments]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)

    def wait(self) -> None:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if get(f"{self.url}/health")["status"] == "ok":
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.log.seek(0)
        sys.exit("llama-server did not start:\n" + self.log.read().decode(errors="replace")[-3000:])

    def is_idle(self) -> bool:
        return not any(slot["is_processing"] for slot in get(f"{self.url}/slots"))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class Checks:
    """Runs the program with a folder of its own, and reports each check."""

    def __init__(self, program: str, home: str):
        self.program = program
        keys = [key for key in os.environ if not key.endswith(("_API_KEY", "_BASE_URL"))]
        self.environment = {key: os.environ[key] for key in keys}
        self.environment["SOTTO_HOME"] = home
        self.failures = 0

    def sotto(self, *arguments: str) -> tuple[int, str, str]:
        result = subprocess.run(
            [self.program, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=300)
        return result.returncode, result.stdout, result.stderr

    def expect(self, name: str, condition: bool, detail: object) -> None:
        if not condition:
            self.failures += 1
        print(f"{'ok' if condition else 'failed'}: {name}" + ("" if condition else f"\n    {detail}"), flush=True)

    def models(self) -> None:
        code, output, error = self.sotto("models", "rack", "--json")
        listed = json.loads(output) if code == 0 else []
        self.expect("lists the server's model", "smollm2" in output and len(listed) == 1, output + error)
        self.expect("shows its context length", "4096" in output, output)

    def chat(self) -> None:
        code, output, error = self.sotto(
            "run", "--model", "rack:smollm2", "--json", "--set", "temperature=0", "--set", "max_tokens=300",
            "What is the capital of France? Answer with one word.")
        reply = json.loads(output) if output else {}
        self.expect("prints a reply", code == 0 and "Paris" in reply.get("text", ""), output + error)
        stats = reply.get("stats", {})
        counts = [stats.get("promptTokens", 0), stats.get("generatedTokens", 0)]
        self.expect("counts its tokens", counts[0] > 20 and counts[1] > 0, stats)

    def limit(self) -> None:
        code, output, error = self.sotto(
            "run", "--model", "rack:smollm2", "--json", "--set", "max_tokens=5", "Tell me a long story.")
        self.expect("fails at the token limit", code != 0 and "token limit" in error, f"{code} {output} {error}")

    def stop(self, server: Server) -> None:
        with subprocess.Popen(
            [self.program, "run", "--model", "rack:smollm2", "--set", "max_tokens=3000",
             "Count from one to one thousand."],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:
            first = process.stdout.read(1)
            process.send_signal(signal.SIGINT)
            rest, error = process.communicate(timeout=20)
        self.expect("stops when it is interrupted", process.returncode == 130 and first != b"", (rest, error))
        deadline = time.monotonic() + 5
        while not server.is_idle() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.expect("makes the server stop, too", server.is_idle(), "it still generates")

    def thinking(self) -> None:
        code, output, error = self.sotto("run", "--model", "thinker:smollm2", "--json", "Hello")
        reply = json.loads(output) if output else {}
        self.expect(
            "separates thinking from the answer",
            code == 0 and bool(reply.get("reasoning")) and bool(reply.get("text")) and "think>" not in reply["text"],
            output + error)

    def failures_of_servers(self) -> None:
        code, _, error = self.sotto("run", "--model", "gone:smollm2", "Hello")
        self.expect(
            "says in one line that a server does not listen",
            code != 0 and "refused the connection" in error and error.count("\n") == 1, error)

    def discovery(self, server: Server) -> None:
        if server.port not in USUAL_PORTS:
            return print("left out: finding servers, because all usual ports are in use")
        with tempfile.TemporaryDirectory() as home:
            checks = Checks(self.program, home)
            code, output, error = checks.sotto("models", "--json")
        self.expect("finds the server without configuration", code == 0 and "smollm2" in output, output + error)


def main(root: str, llama_server: str, model: str) -> int:
    server = Server(llama_server, model, free_port(USUAL_PORTS))
    thinker = Server(llama_server, model, free_port(), "--grammar", THINKING)
    try:
        server.wait()
        thinker.wait()
        environment = os.environ | {"SOTTO_TEST_LLAMA": server.url, "SOTTO_TEST_LLAMA_THINKING": thinker.url}
        tests = ["swift", "test", "-c", "release", "-Xswiftc", "-enable-testing", "--disable-xctest", "--skip-build"]
        tested = subprocess.run([*tests, "--filter", "RealServerTests"], cwd=root, env=environment)
        with tempfile.TemporaryDirectory() as home:
            addresses = {"rack": server.url, "thinker": thinker.url, "gone": f"http://127.0.0.1:{free_port()}"}
            providers = [
                {"name": name, "type": "openai-compatible", "baseURL": f"{url}/v1"} for name, url in addresses.items()
            ]
            with open(os.path.join(home, "providers.json"), "w") as file:
                json.dump({"providers": providers}, file)
            checks = Checks(os.path.join(root, ".build/release/sotto"), home)
            checks.models()
            checks.chat()
            checks.limit()
            checks.stop(server)
            checks.thinking()
            checks.failures_of_servers()
            checks.discovery(server)
        return 1 if tested.returncode != 0 or checks.failures else 0
    finally:
        server.stop()
        thinker.stop()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
