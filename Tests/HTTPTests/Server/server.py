"""Servers on this computer that behave as badly as a test asks them to.

Usage: server.py PORT_FILE CERTIFICATE KEY

Writes a port to PORT_FILE. A request there opens a new site and answers with its ports, as JSON. What a site does
follows from the path, see ROUTES. It is also a proxy: requests for whole addresses are answered as if they were its
own, and CONNECT leads to its own TLS port, whatever the host. When its parent ends, the program removes the folder of
PORT_FILE and ends, too.
"""

import gzip
import json
import os
import selectors
import shutil
import socket
import ssl
import struct
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

class Site:
    """Ports for one test, and what came in there."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = []
        self.connections = 0
        self.sent_bytes = 0
        self.released = threading.Event()
        self.ports = {
            "http": listen(self, None), "https": listen(self, HTTPS), "http2": listen(self, HTTP2),
            # Connections are accepted by the system and then never served.
            "mute": MUTE.getsockname()[1],
        }

    def count_connection(self):
        with self.lock:
            self.connections += 1
            return self.connections


class Request:
    """A request as it came in, and the connection to answer on."""

    def __init__(self, site, connection, number):
        self.site = site
        self.connection = connection
        self.number = number
        self.method, self.target, self.headers, self.body = "", "", [], b""

    def read(self, stream):
        if stream.peek(1)[:1] == b"\x16":  # TLS where none is spoken
            self.answer(b"", status="400 Bad Request")
            return False
        line = stream.readline().decode("latin-1").split()
        if len(line) != 3:
            return False
        self.method, self.target = line[:2]
        while True:
            field = stream.readline().decode("latin-1").rstrip("\r\n")
            if not field:
                break
            name, _, value = field.partition(":")
            self.headers.append([name, value.strip()])
        lengths = [value for name, value in self.headers if name.lower() == "content-length"]
        self.body = stream.read(int(lengths[0])) if lengths else b""
        with self.site.lock:
            self.site.seen.append(self.description)
        return True

    @property
    def description(self):
        body = self.body.decode("latin-1")
        return {"method": self.method, "target": self.target, "headers": self.headers, "body": body,
                "connection": self.number}

    @property
    def query(self):
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    def send(self, data):
        self.connection.sendall(data)

    def head(self, *fields, status="200 OK"):
        self.send("\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode("latin-1"))

    def answer(self, body, *fields, status="200 OK"):
        self.head(f"Content-Length: {len(body)}", *fields, status=status)
        if self.method != "HEAD":
            self.send(body)

    def chunk(self, data):
        self.send(b"%x\r\n%s\r\n" % (len(data), data))


def wait_for_the_end(request):
    """Holds the connection until the client closes it."""
    request.connection.recv(1)


def plain(request):
    request.answer(b"hello", "Content-Type: text/plain", "X-Twice: 1", "x-twice: 2", "X-Empty:")


def chunked(request):
    request.head("Transfer-Encoding: chunked")
    for data in [b"one ", b"two ", b"three", b""]:
        request.chunk(data)


def trailers(request):
    """Not a redirect, though its trailer looks like one."""
    request.head("Transfer-Encoding: chunked", status="302 Found")
    request.send(b"4\r\nbody\r\n0\r\nLocation: /plain\r\n\r\n")


def interim(request):
    request.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
    request.answer(b"final", "X-Final: 1")


def live(request):
    """The second piece comes only when the test has the first one and says so."""
    request.head("Transfer-Encoding: chunked")
    request.chunk(b"first")
    request.site.released.wait(20)
    request.chunk(b"second")
    request.chunk(b"")


def release(request):
    request.site.released.set()
    request.answer(b"")


def fail(request):
    request.answer(b'{"error":"overloaded"}', "Retry-After: 7", status="529 Overloaded")


def empty(request):
    request.head(status="204 No Content")


def silent(request):
    wait_for_the_end(request)


def head_only(request):
    request.head("Content-Length: 5")
    wait_for_the_end(request)


def stall(request):
    request.head("Content-Length: 5")
    request.send(b"a")
    wait_for_the_end(request)


def drip(request):
    """Slow, but never silent for long."""
    request.head("Content-Length: 8")
    for _ in range(8):
        time.sleep(0.4)
        request.send(b"a")


def cut_length(request):
    request.head("Content-Length: 100")
    request.send(b"0123456789")
    return "close"


def cut_chunk(request):
    request.head("Transfer-Encoding: chunked")
    request.chunk(b"0123456789")
    return "close"


def cut_head(request):
    request.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    return "close"


def cut_silently(request):
    return "close"


def cut_reset(request):
    request.head("Content-Length: 100")
    request.send(b"0123456789")
    time.sleep(0.1)
    # Closing now resets the connection instead of ending it.
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return "close"


def closing(request):
    """Closes after a complete answer, without having said so."""
    request.answer(b"hello")
    return "close"


def endless(request):
    request.head("Transfer-Encoding: chunked")
    data = b"x" * 65536
    while True:
        request.chunk(data)
        with request.site.lock:
            request.site.sent_bytes += len(data)


def zipped(request):
    request.answer(gzip.compress(b"hello " * 1000), "Content-Encoding: gzip")


def bomb(request):
    request.answer(gzip.compress(bytes(100 << 20), 9), "Content-Encoding: gzip")


def damaged(request):
    request.answer(b"\x1f\x8b\x08\x00 this is not gzip", "Content-Encoding: gzip")


def long_head(request):
    request.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        request.send(b"X-More: " + b"x" * 1000 + b"\r\n")


def long_line(request):
    request.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        request.send(b"x" * 65536)


def garbage(request):
    request.send(b"SSH-2.0-OpenSSH_9.2\r\n\x1b[2J")
    return "close"


def redirect(request):
    query = request.query
    request.answer(b"moved", f"Location: {query['to']}", status=f"{query['status']} Moved")


def count_down(request):
    left = int(request.query["left"])
    if left == 0:
        return request.answer(b"arrived")
    request.answer(b"", f"Location: /count-down?left={left - 1}", status="302 Found")


def report(request):
    site = request.site
    with site.lock:
        state = {"requests": site.seen[:-1], "connections": site.connections, "sentBytes": site.sent_bytes}
    request.answer(json.dumps(state).encode())


ROUTES = {
    "/plain": plain, "/chunked": chunked, "/trailers": trailers, "/interim": interim, "/live": live,
    "/release": release, "/fail": fail, "/empty": empty, "/silent": silent, "/head-only": head_only, "/stall": stall, "/drip": drip,
    "/cut-length": cut_length, "/cut-chunk": cut_chunk, "/cut-head": cut_head, "/cut-silently": cut_silently,
    "/cut-reset": cut_reset, "/closing": closing, "/endless": endless, "/zipped": zipped, "/bomb": bomb,
    "/damaged": damaged, "/long-head": long_head, "/long-line": long_line, "/garbage": garbage, "/redirect": redirect,
    "/count-down": count_down, "/report": report,
}


def relay(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def tunnel(request):
    if request.target.startswith("forbidden"):
        return request.answer(b"secret page of the proxy", status="407 Proxy Authentication Required")
    request.head(status="200 Connected")
    with socket.create_connection(("127.0.0.1", request.site.ports["https"])) as upstream:
        threading.Thread(target=relay, args=(upstream, request.connection), daemon=True).start()
        relay(request.connection, upstream)


def serve_http2(connection):
    """Answers every request of an HTTP/2 connection with the word "second"."""
    stream = connection.makefile("rb")
    stream.read(len(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))

    def send(kind, flags, number, payload=b""):
        connection.sendall(struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, number) + payload)

    send(4, 0, 0)  # our settings
    while len(start := stream.read(9)) == 9:
        length = int.from_bytes(start[:3], "big")
        kind, flags, number = struct.unpack(">BBI", start[3:])
        stream.read(length)
        if kind == 4 and not flags & 1:
            send(4, 1, 0)  # the client's settings are accepted
        if kind == 1:
            send(1, 4, number, b"\x88")  # ":status: 200" in the static table
            send(0, 1, number, b"second")


def serve(site, connection, tls):
    try:
        number = site.count_connection()
        if tls:
            connection = tls.wrap_socket(connection, server_side=True)
            if connection.selected_alpn_protocol() == "h2":
                return serve_http2(connection)
        stream = connection.makefile("rb")
        while True:
            request = Request(site, connection, number)
            if not request.read(stream):
                return
            if request.method == "CONNECT":
                return tunnel(request)
            if ROUTES.get(urlsplit(request.target).path, cut_silently)(request) == "close":
                return
    except OSError:
        pass
    finally:
        # Also ends what `makefile` still refers to.
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()


def listen(site, tls):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    selector.register(listener, selectors.EVENT_READ, (site, tls))
    return listener.getsockname()[1]


def accept(listener, site, tls):
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if site:
        threading.Thread(target=serve, args=(site, connection, tls), daemon=True).start()
        return
    connection.recv(65536)
    with connection:
        Request(None, connection, 0).answer(json.dumps(Site().ports).encode(), "Connection: close")


def context(protocol):
    result = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    result.load_cert_chain(*sys.argv[2:4])
    result.set_alpn_protocols([protocol])
    return result


HTTPS = context("http/1.1")
HTTP2 = context("h2")
MUTE = socket.create_server(("127.0.0.1", 0), backlog=64)
selector = selectors.DefaultSelector()


def main():
    parent = os.getppid()
    temporary = sys.argv[1] + ".new"
    with open(temporary, "w") as file:
        file.write(str(listen(None, None)))
    os.rename(temporary, sys.argv[1])
    while os.getppid() == parent:
        for key, _ in selector.select(timeout=0.5):
            accept(key.fileobj, *key.data)
    shutil.rmtree(os.path.dirname(sys.argv[1]))


main()
