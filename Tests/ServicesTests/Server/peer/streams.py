"""Turns the steps of a reply into the bytes of a protocol's stream."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Iterator

from .conversation import Conversation
from .steps import (
    Broken, Cut, Fail, Flood, Progress, Reply, Say, Stop, Think, Usage, Wait, limited,
)


class Closed(Exception):
    """The server closes the connection in the middle of the stream."""


@dataclass
class Waiting:
    seconds: float


@dataclass
class Stream:
    content_type: str
    parts: Iterator[bytes | Waiting]


class Encoder:
    """How one protocol writes a reply. Each method returns the bytes of whole events."""

    content_type = "text/event-stream"
    escapes = False
    """Whether text goes out as ASCII with escapes, as some services write it."""

    def __init__(self, conversation: Conversation):
        self.conversation = conversation
        self.thought = ""
        self.text = ""
        self.usage = Usage(conversation.prompt_tokens, conversation.cached_tokens)

    def begin(self) -> bytes:
        return b""

    def think(self, text: str) -> bytes:
        raise NotImplementedError

    def say(self, piece: Say) -> bytes:
        raise NotImplementedError

    def progress(self, progress: Progress) -> bytes:
        return b""

    def fail(self, failure: Fail) -> bytes:
        raise NotImplementedError

    def end(self, stop: Stop) -> bytes:
        raise NotImplementedError

    def broken(self, data: str) -> bytes:
        return f"data: {data}\n\n".encode()

    # Framing.

    def json(self, value: object) -> str:
        return json.dumps(value, ensure_ascii=self.escapes, separators=(",", ":"))

    def event(self, value: object, name: str | None = None) -> bytes:
        return ((f"event: {name}\n" if name else "") + f"data: {self.json(value)}\n\n").encode()


def stream(reply: Reply, encoder: Encoder) -> Stream:
    return Stream(encoder.content_type, parts(reply, encoder))


def parts(reply: Reply, encoder: Encoder) -> Iterator[bytes | Waiting]:
    conversation = encoder.conversation
    usage = encoder.usage
    yield encoder.begin()
    for step in limited(reply, conversation.max_tokens, conversation.stops):
        if isinstance(step, Wait):
            yield Waiting(step.seconds)
        elif isinstance(step, Think):
            usage.generated += 1
            usage.reasoning += 1
            encoder.thought += step.text
            yield encoder.think(step.text)
        elif isinstance(step, Say):
            usage.generated += 1
            encoder.text += step.text
            yield encoder.say(step)
        elif isinstance(step, Progress):
            if conversation.reports_progress:
                yield encoder.progress(step)
        elif isinstance(step, Fail):
            yield encoder.fail(step)
            return
        elif isinstance(step, Broken):
            yield encoder.broken(step.data)
        elif isinstance(step, Cut):
            yield from cut(step, encoder)
        elif isinstance(step, Flood):
            yield from flood(step, encoder)
        elif isinstance(step, Stop):
            yield encoder.end(step)


def cut(step: Cut, encoder: Encoder) -> Iterator[bytes]:
    if step.event:
        encoder.escapes = False
        event = encoder.say(Say(step.event))
        end = event.rindex(step.event.encode()) + len(step.event.encode())
        yield event[: end - 2] if step.half_character else event[:end]
    raise Closed


def flood(step: Flood, encoder: Encoder) -> Iterator[bytes]:
    """Goes on until the client has enough."""
    if step.is_line:
        yield encoder.broken('{"text":"')[:-2].rstrip(b"\n")
        while True:
            yield b"a" * 65536
    while True:
        yield encoder.say(Say("flood " * 10_000))
