"""How a stream is cut into pieces on its way to the client."""

from __future__ import annotations

import random


class Chunks:
    """Pieces of so many bytes; 0 for one piece an event; "random" for pieces of 1 to 40 bytes.

    Pieces cross the boundaries of events and of characters.
    """

    def __init__(self, text: str):
        self.is_random = text == "random"
        self.size = 0 if self.is_random else int(text)
        self.random = random.Random(14)

    def next_size(self) -> int:
        return self.random.choice([1, 2, 3, 5, 7, 13, 40]) if self.is_random else self.size

    def splitter(self) -> Splitter:
        return Splitter(self)


class Splitter:
    """Splits one stream."""

    def __init__(self, chunks: Chunks):
        self.chunks = chunks
        self.waiting = b""

    def push(self, data: bytes) -> list[bytes]:
        """The pieces that are complete with this data."""
        if not self.chunks.is_random and self.chunks.size == 0:
            return [data] if data else []
        self.waiting += data
        pieces = []
        size = self.chunks.next_size()
        while len(self.waiting) >= size:
            pieces.append(self.waiting[:size])
            self.waiting = self.waiting[size:]
            size = self.chunks.next_size()
        return pieces

    def flush(self) -> list[bytes]:
        """What is left, before a pause or the end."""
        rest, self.waiting = self.waiting, b""
        return [rest] if rest else []
