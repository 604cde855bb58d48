"""A server on this computer that plays the Hugging Face hub, a registry with Ollama's protocol, and plain downloads.

Usage: serve.py FOLDER

Prints its port, and ends when standard input does. The folder decides what it has; everything is read again for every
request:

    hub/OWNER/NAME/FILE      a repository's files
    registry/manifests/...   and registry/blobs/sha256-...: a registry in the layout of Ollama's store
    files/FILE               at /files/FILE
    scenario.json            how it behaves, see below
    log.jsonl                written: every request

Files are delivered by a second port, to which the hub and the registry redirect. The scenario's fields:

    gated, license, sha256, size   what the hub says about a repository and its files
    token                          the hub answers only with this one
    terms                          false: the hub refuses files although the token is right
    registryToken                  the registry asks for this token, which /token gives
    tags                           what the registry's list of tags has
    ranges                         false: requests for a part get the whole file
    version                        the ETag; null for none. "changing": another one for every request
    modified                       a Last-Modified header
    cuts                           bytes after which the n-th delivery ends; null for all
    announce                       added to the announced length
    length                         false: no length is announced
    pause                          bytes after which the delivery goes silent
    rate                           bytes a second
    gate                           a file without which bytes come one by one, 20 a second
    statuses                       status of the n-th delivery; 200 for the usual one
    other                          requests for a part get bytes of another version, with the same ETag
    shift                          added to the position that a part announces
    page                           a web page is sent instead
    extra                          bytes sent after the end (without a length)
    type, disposition              headers of files
"""

import hashlib
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = sys.argv[1]
REVISION = "0123456789abcdef0123456789abcdef01234567"
PAGE = b"<!DOCTYPE html><title>Sign in</title><p>Welcome to the network of this hotel</p>"
lock = threading.Lock()
deliveries = {}


def scenario():
    try:
        with open(os.path.join(ROOT, "scenario.json")) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def content(*parts):
    path = os.path.normpath(os.path.join(ROOT, *parts))
    if not path.startswith(ROOT + "/") or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        return file.read()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.scenario = scenario()
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        entry = {"port": "files" if self.server is files else "api", "path": unquote(parts.path),
                 "query": parts.query, "headers": {name.lower(): value for name, value in self.headers.items()}}
        with lock, open(os.path.join(ROOT, "log.jsonl"), "a") as log:
            log.write(json.dumps(entry) + "\n")
        steps = [unquote(step) for step in parts.path.split("/")[1:]]
        try:
            self.route(steps)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def route(self, steps):
        if self.server is files or steps[0] == "files":
            return self.deliver(steps[1:] if steps[0] == "files" else steps)
        if steps[:2] == ["api", "models"]:
            return self.search() if len(steps) == 2 else self.repository(*steps[2:4])
        if steps[0] == "v2":
            return self.registry(steps[1:])
        if steps[0] == "token":
            return self.answer({"token": self.scenario["registryToken"]})
        if len(steps) > 4 and steps[2] == "resolve" and steps[3] == REVISION:
            return self.resolve(steps[0], steps[1], steps[4:])
        self.answer({"error": "Entry not found"}, 404)

    def answer(self, value, status=200, headers={}):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, field in headers.items():
            self.send_header(name, field)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    # The hub

    def refuses(self, owner, name):
        token = self.headers.get("Authorization")
        wanted = self.scenario.get("token")
        if token and wanted and token != f"Bearer {wanted}":
            self.answer({"error": "Invalid credentials in Authorization header"}, 401,
                        {"X-Error-Message": "Invalid credentials in Authorization header"})
            return True
        if not os.path.isdir(os.path.join(ROOT, "hub", owner, name)):
            self.answer({"error": "Repository not found"}, 404 if token else 401, {"X-Error-Code": "RepoNotFound"})
            return True
        return False

    def repository(self, owner, name):
        if self.refuses(owner, name):
            return
        if self.scenario.get("token") and not self.scenario.get("gated") and not self.headers.get("Authorization"):
            return self.answer({"error": "Sign in"}, 401)
        siblings = []
        folder = os.path.join(ROOT, "hub", owner, name)
        for path, _, names in os.walk(folder):
            for file in names:
                full = os.path.join(path, file)
                with open(full, "rb") as stream:
                    data = stream.read()
                size = self.scenario.get("size", len(data))
                digest = self.scenario.get("sha256", hashlib.sha256(data).hexdigest())
                siblings.append({"rfilename": os.path.relpath(full, folder), "size": size, "blobId": "0" * 40,
                                 "lfs": {"sha256": digest, "size": size, "pointerSize": 134}})
        siblings += self.scenario.get("siblings", [])
        self.answer({"id": f"{owner}/{name}", "sha": REVISION, "gated": self.scenario.get("gated", False),
                     "cardData": {"license": self.scenario.get("license", "apache-2.0")}, "siblings": siblings})

    def search(self):
        found = []
        for owner in sorted(os.listdir(os.path.join(ROOT, "hub"))):
            for name in sorted(os.listdir(os.path.join(ROOT, "hub", owner))):
                if self.query.get("search", "").lower() in name.lower() and self.query.get("author", owner) == owner:
                    found.append({"id": f"{owner}/{name}"})
        self.answer(found)

    def resolve(self, owner, name, path):
        if self.refuses(owner, name):
            return
        if self.scenario.get("gated"):
            if not self.headers.get("Authorization"):
                return self.answer({"error": "restricted"}, 401, {"X-Error-Code": "GatedRepo"})
            if self.scenario.get("terms") is False:
                return self.answer({"error": "restricted"}, 403, {"X-Error-Code": "GatedRepo"})
        self.redirect(["hub", owner, name, *path])

    def redirect(self, steps):
        self.answer(b"", 302, {"Location": f"http://127.0.0.1:{files.server_port}/" + "/".join(steps)})

    # The registry

    def registry(self, steps):
        token = self.scenario.get("registryToken")
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            realm = self.scenario.get("realm", f"http://127.0.0.1:{api.server_port}/token")
            return self.answer({}, 401, {
                "WWW-Authenticate": f'Bearer realm="{realm}",service="registry",scope="repository:{steps[1]}:pull"'})
        if steps[2] == "tags":
            tags = self.scenario.get("tags")
            return self.answer({"tags": tags}) if tags else self.answer({}, 404)
        if steps[2] == "manifests":
            data = content("registry/manifests/registry.ollama.ai", steps[0], steps[1], steps[3])
            return self.answer(data) if data is not None else self.answer({"errors": [{"code": "MANIFEST_UNKNOWN"}]}, 404)
        self.redirect(["registry", "blobs", steps[3].replace(":", "-")])

    # Files

    def deliver(self, steps):
        path = "/".join(["files", *steps] if self.server is api else steps)
        data = content(path)
        if data is None:
            return self.answer(b"no such file", 404)
        with lock:
            number = deliveries[path] = deliveries.get(path, -1) + 1
        probe = self.headers.get("Range") == "bytes=0-3"
        if probe:
            with lock:
                deliveries[path] -= 1
        # Requests for the beginning only are answered well.
        plan = {key: self.scenario[key] for key in ("length", "page") if key in self.scenario} if probe else self.scenario
        statuses = plan.get("statuses", [])
        if number < len(statuses) and statuses[number] != 200:
            return self.answer(b"busy", statuses[number])
        if plan.get("page"):
            return self.answer(PAGE, 200, {"Content-Type": "text/html; charset=utf-8"})
        self.send_file(data, number, plan)

    def send_file(self, data, number, plan):
        version = self.scenario.get("version", hashlib.md5(data).hexdigest())
        if version == "changing":
            version = f"version-{number}"
        tag = f'"{version}"' if version and not version.startswith("W/") else version
        start, end = 0, len(data)
        wanted = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if wanted and self.scenario.get("ranges", True) and condition in (None, tag, self.scenario.get("modified")):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(len(data), int(last) + 1 if last else len(data))
            if start >= len(data):
                return self.answer(b"", 416, {"Content-Range": f"bytes */{len(data)}"})
            self.send_response(206)
            shift = plan.get("shift", 0)
            self.send_header("Content-Range", f"bytes {start + shift}-{end - 1 + shift}/{len(data)}")
            if plan.get("other"):
                data = bytes(byte ^ 0x55 for byte in data)
        else:
            self.send_response(200)
        if tag:
            self.send_header("ETag", tag)
        for name, field in [("Last-Modified", "modified"), ("Content-Type", "type"),
                            ("Content-Disposition", "disposition")]:
            if self.scenario.get(field):
                self.send_header(name, self.scenario[field])
        if plan.get("length", True):
            self.send_header("Content-Length", str(end - start + plan.get("announce", 0)))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        body = data[start:end] + bytes(plan.get("extra", 0))
        cuts = plan.get("cuts", [])
        if number < len(cuts) and cuts[number] is not None:
            self.write(body[:cuts[number]], plan)
            self.close_connection = True
            return self.abort()
        if plan.get("pause") is not None:
            self.write(body[:plan["pause"]], plan)
            # Until the client gives up.
            self.connection.settimeout(60)
            self.close_connection = True
            return self.connection.recv(1)
        self.write(body, plan)
        if not plan.get("length", True):
            self.wfile.write(b"0\r\n\r\n")
        if plan.get("announce", 0) > 0:
            self.close_connection = True
            self.abort()

    def abort(self):
        self.wfile.flush()
        self.connection.shutdown(2)

    def write(self, body, plan):
        rate = plan.get("rate")
        start = 0
        while start < len(body):
            gate = plan.get("gate")
            is_slow = gate is not None and not os.path.exists(os.path.join(ROOT, gate))
            piece = 1 if is_slow else max(1, rate // 20) if rate else 65536
            data = body[start:start + piece]
            start += piece
            if not plan.get("length", True):
                data = b"%x\r\n%s\r\n" % (len(data), data)
            self.wfile.write(data)
            if rate or is_slow:
                time.sleep(0.05)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Clients may close connections when they like."""


api = Server(("127.0.0.1", 0), Handler)
files = Server(("127.0.0.1", 0), Handler)
for server in (api, files):
    threading.Thread(target=server.serve_forever, daemon=True).start()
print(api.server_port, flush=True)
sys.stdin.read()
