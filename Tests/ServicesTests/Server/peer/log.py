"""What the server received, for tests that check where words and keys went."""

from __future__ import annotations

import threading
import time


class RequestLog:
    def __init__(self):
        self.lock = threading.Lock()
        self.entries: list[dict] = []

    def add(self, method: str, path: str, headers: list[tuple[str, str]], body: object) -> dict:
        """A new entry. Its outcome follows when the answer ends: "complete", "hung up" (by the client), or "cut"."""
        entry = {
            "method": method,
            "path": path,
            "headers": [list(header) for header in headers],
            "body": body,
            "status": None,
            "outcome": "running",
            "sent": 0,
            "received_at": time.time(),
        }
        with self.lock:
            self.entries.append(entry)
        return entry

    def snapshot(self) -> list[dict]:
        with self.lock:
            return [dict(entry) for entry in self.entries]

    def clear(self) -> None:
        with self.lock:
            self.entries.clear()


class Tries:
    """Counts how often the same request arrived, for failures that pass."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts: dict[str, int] = {}

    def count(self, key: str) -> int:
        """1 for the first time."""
        with self.lock:
            self.counts[key] = self.counts.get(key, 0) + 1
            return self.counts[key]


class Memory:
    """Which state belongs to which answer, so that the server notices when a client does not send it back."""

    def __init__(self):
        self.lock = threading.Lock()
        self.states: dict[str, str] = {}

    def remember(self, answer: str, state: str) -> None:
        with self.lock:
            self.states[answer.strip()] = state

    def state(self, answer: str) -> str | None:
        with self.lock:
            return self.states.get(answer.strip())
