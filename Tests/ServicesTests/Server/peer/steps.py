"""What happens in a reply, in the words of no particular protocol."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable, Iterator


@dataclass
class Think:
    text: str


@dataclass
class Say:
    """A piece of text: one token, whose bytes may be only part of a character."""

    text: str
    token: bytes | None = None

    @property
    def token_bytes(self) -> bytes:
        return self.text.encode() if self.token is None else self.token


@dataclass
class Wait:
    seconds: float


@dataclass
class Progress:
    """Prompt tokens read so far."""

    done: int
    total: int
    cached: int


@dataclass
class Fail:
    """An error in the middle of the stream."""

    message: str
    code: str = "server_error"


@dataclass
class Cut:
    """The connection ends. `event` is a piece of text whose event is sent first, without its last bytes."""

    event: str | None = None
    half_character: bool = False


@dataclass
class Broken:
    """An event whose data is no JSON."""

    data: str = '{"type": "oops", '


@dataclass
class Flood:
    """Never ends: one line without an end, or events without an end."""

    is_line: bool


@dataclass
class Stop:
    """Why the reply ends: end, length, stop_text, refusal, filter, pause, context."""

    reason: str = "end"
    text: str | None = None


@dataclass
class Usage:
    prompt: int
    cached: int
    generated: int = 0
    reasoning: int = 0
    load_seconds: float = 0


Step = object


@dataclass
class Reply:
    steps: list[Step]
    stop: Stop = field(default_factory=Stop)
    load_seconds: float = 0


def tokens(text: str) -> int:
    """About as many tokens as a text has."""
    return max(1, len(text) // 4) if text else 0


def pieces(text: str, most: int = 60) -> list[str]:
    """A text in at most so many pieces, as a model might write it."""
    size = max(6, -(-len(text) // most))
    return [text[start : start + size] for start in range(0, len(text), size)]


def limited(reply: Reply, max_tokens: int | None, stops: Iterable[str]) -> Iterator[Step]:
    """The steps of a reply up to its token limit or the first stop string, then its `Stop`."""
    written, count = "", 0
    stops = [stop for stop in stops if stop]
    for step in reply.steps:
        if isinstance(step, (Think, Say)):
            if max_tokens is not None and count >= max_tokens:
                yield Stop("length")
                return
            count += 1
        if isinstance(step, Say):
            found = [(written + step.text).find(stop) for stop in stops]
            first = min((at for at in found if at >= 0), default=None)
            if first is not None:
                yield Say((written + step.text)[len(written) : first])
                yield Stop("stop_text", stops[found.index(first)])
                return
            written += step.text
        yield step
    yield reply.stop
