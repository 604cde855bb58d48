"""Runs the published clients of the services against the loopback server, so that its idea of the protocols is not only
ours. Streams arrive in pieces of 1 byte, of 7 bytes, and of random lengths.

    python published_clients.py      needs the packages in requirements.txt
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from clients.anthropic_client import check_anthropic
from clients.expect import KEY
from clients.mistral_client import check_mistral
from clients.ollama_client import check_ollama
from clients.openai_clients import (
    check_compatible, check_lmstudio, check_openai_chat, check_openai_errors, check_openai_responses,
)


class Server:
    def __init__(self, chunks: str):
        program = Path(__file__).with_name("serve.py")
        command = [sys.executable, str(program), "--chunks", chunks, "--key", KEY]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


CHECKS = [
    check_openai_responses, check_openai_chat, check_openai_errors, check_compatible, check_lmstudio, check_anthropic,
    check_mistral, check_ollama,
]


def main() -> int:
    failures = 0
    for chunks in ("1", "7", "random"):
        server = Server(chunks)
        for check in CHECKS:
            name = f"{check.__name__[len('check_'):]} in pieces of {chunks} bytes"
            try:
                check(server.url)
                print(f"ok: {name}")
            except Exception as error:
                failures += 1
                print(f"failed: {name}: {type(error).__name__}: {error}")
        server.stop()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
