"""HTTP: requests come in, answers go out in pieces, and hang-ups of the client are noticed."""

from __future__ import annotations

import json
import select
import socket
import ssl
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Iterator
from urllib.parse import parse_qs, urlsplit

from .chunks import Chunks
from .log import Memory, RequestLog, Tries
from .protocols import protocol_for
from .refused import Page, Redirected, Refused
from .streams import Closed, Stream, Waiting


@dataclass
class Request:
    method: str
    path: str
    """After the protocol's own path."""
    query: dict[str, list[str]]
    headers: dict[str, str]
    """By names in lower case."""
    body: object
    server: PeerServer
    tries: int
    """How often this very request arrived, this time included."""


class HungUp(Exception):
    """The client closed the connection."""


class PeerServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, tls: list[str] | None, chunks: Chunks, key: str):
        super().__init__(("127.0.0.1", port), Handler)
        self.chunks = chunks
        self.key = key
        self.log = RequestLog()
        self.tries = Tries()
        self.memory = Memory()
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            # The handshake takes place in the connection's own thread.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, client_address) -> None:
        """Clients that hang up are part of the tests; the log knows about them."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PeerServer
    entry: dict | None = None
    """The request's entry in the log; the log itself has none."""

    def log_message(self, format: str, *arguments) -> None:
        """The output has only the port."""

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/log":
            self.entry = None
            return self.send_json(200, self.server.log.snapshot(), {})
        self.answer()

    def do_DELETE(self) -> None:
        if urlsplit(self.path).path != "/log":
            return self.answer()
        self.server.log.clear()
        self.entry = None
        self.send_json(200, {}, {})

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(data) if data else None
        except ValueError:
            body = data.decode(errors="replace")
        self.entry = self.server.log.add(self.command, self.path, self.headers.items(), body)
        url = urlsplit(self.path)
        protocol = protocol_for(url.path)
        if protocol is None:
            return self.send_json(404, {"error": "Not found"}, {})
        tries = self.server.tries.count(f"{self.path} {data.decode(errors='replace')}") if data else 1
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(
            self.command, url.path[len(protocol.prefix) :], parse_qs(url.query), headers, body, self.server, tries)
        try:
            found = protocol.answer(request)
            if isinstance(found, Stream):
                self.send_stream(found)
            else:
                self.send_json(200, found, {})
        except Refused as refused:
            self.send_json(refused.status, protocol.error(refused), refused.headers)
        except Redirected as redirected:
            self.send_json(redirected.status, {}, {"Location": redirected.location})
        except Page as page:
            self.send_whole(page.status, "text/html", page.html.encode(), {})

    # Answers.

    def send_json(self, status: int, value: object, headers: dict[str, str]) -> None:
        self.send_whole(status, "application/json", json.dumps(value).encode(), headers)

    def send_whole(self, status: int, content_type: str, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.note(status, "complete", len(data))

    def send_stream(self, stream: Stream) -> None:
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send_response(200)
        self.send_header("Content-Type", stream.content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.note(200, "running", 0)
        try:
            self.send_pieces(stream.parts)
            self.wfile.write(b"0\r\n\r\n")
            self.note(200, "complete", 0)
        except (HungUp, OSError):
            self.note(200, "hung up", 0)
            self.close_connection = True
        except Closed:
            self.note(200, "cut", 0)
            self.close_connection = True

    def send_pieces(self, parts: Iterator[bytes | Waiting]) -> None:
        splitter = self.server.chunks.splitter()
        try:
            for part in parts:
                if isinstance(part, Waiting):
                    self.send_all(splitter.flush())
                    self.wait(part.seconds)
                else:
                    self.send_all(splitter.push(part))
        finally:
            # Also what came before a cut.
            self.send_all(splitter.flush())

    def send_all(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            if self.has_hung_up(0):
                raise HungUp
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.note(200, "running", len(piece))

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.has_hung_up(min(left, 0.05)):
                raise HungUp

    def has_hung_up(self, seconds: float) -> bool:
        """Whether the client closes the connection within this time. During an answer it sends nothing else."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if not readable:
            return False
        if isinstance(self.connection, ssl.SSLSocket):
            return True
        return self.connection.recv(1, socket.MSG_PEEK) == b""

    def note(self, status: int, outcome: str, sent: int) -> None:
        if self.entry is None:
            return
        self.entry["status"] = status
        self.entry["outcome"] = outcome
        self.entry["sent"] += sent
