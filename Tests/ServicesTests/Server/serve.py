"""A loopback server that speaks the protocol of every kind of service, for the tests.

    python3 serve.py [--port 0] [--tls CERTIFICATE KEY] [--chunks N|random] [--key KEY] [--attached]

The first line of its output is the port. Each service has its own path: /openai/v1, /anthropic, /mistral/v1, /ollama,
/lmstudio and /compatible/v1. What it replies depends on the scenario, which is named in the last message by the user
("scenario count 20 100") or in the model's name ("gpt-5--count"); peer/scenario.py lists the scenarios. Without one it
echoes the conversation that it received, as JSON.

For the program itself, in the same terminal:

    export OPENAI_BASE_URL=http://127.0.0.1:PORT/openai/v1 ANTHROPIC_BASE_URL=http://127.0.0.1:PORT/anthropic
    export MISTRAL_BASE_URL=http://127.0.0.1:PORT/mistral/v1 OLLAMA_HOST=http://127.0.0.1:PORT/ollama
    export LMSTUDIO_BASE_URL=http://127.0.0.1:PORT/lmstudio
    export OPENAI_API_KEY=peer-key ANTHROPIC_API_KEY=peer-key MISTRAL_API_KEY=peer-key

It checks requests as strictly as the real service does. GET /log returns every request with its headers, nothing
masked; DELETE /log forgets them.
"""

import argparse
import os
import signal
import sys
import threading

from peer.chunks import Chunks
from peer.http import PeerServer


def main() -> None:
    parser = argparse.ArgumentParser(description="Speaks the protocols of model services on the loopback interface.")
    parser.add_argument("--port", type=int, default=0, help="0 for any free port")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="PEM files")
    parser.add_argument("--chunks", type=Chunks, default=Chunks("0"), help="bytes in each piece of a stream, or random")
    parser.add_argument("--key", default="peer-key", help="the only key that is accepted")
    parser.add_argument("--attached", action="store_true", help="end when the standard input does")
    options = parser.parse_args()
    # Tests start this from threads that block signals, and the block is inherited.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    server = PeerServer(options.port, options.tls, options.chunks, options.key)
    print(server.server_port, flush=True)
    if options.attached:
        threading.Thread(target=end_with_input, daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


def end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
