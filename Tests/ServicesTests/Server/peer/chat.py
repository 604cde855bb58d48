"""Chat completions, which OpenAI and many servers speak, each with its own additions."""

from __future__ import annotations

import math

from .checks import Fields
from .conversation import Conversation, Turn
from .protocol import content_text
from .steps import Fail, Progress, Say, Stop
from .streams import Encoder as BaseEncoder

OPENAI_FIELDS = (
    "model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens"
    " max_tokens metadata modalities moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key"
    " prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier"
    " stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity"
    " web_search_options"
).split()
REASONS = {
    "end": "stop", "length": "length", "stop_text": "stop", "refusal": "stop", "filter": "content_filter",
    "pause": "stop", "context": "length",
}


def conversation(fields: Fields, known: list[str] | None) -> Conversation:
    """Checks a request. `known` are the fields that the service takes; None if it ignores others."""
    if known is not None:
        fields.known(*known)
    found = messages(fields)
    fields.number("temperature", 0, 2)
    fields.number("top_p", 0, 1)
    fields.number("presence_penalty", -2, 2)
    fields.number("frequency_penalty", -2, 2)
    fields.number("seed", -(2**63), 2**63 - 1, int)
    fields.get("logit_bias", dict)
    if fields.get("stream", bool) is not True:
        raise fields.complain("range", "stream")
    limit = fields.get("max_completion_tokens", int) or fields.get("max_tokens", int)
    alternatives = fields.number("top_logprobs", 0, 20, int)
    shows_logprobs = fields.get("logprobs", bool) is True
    if alternatives is not None and not shows_logprobs:
        raise fields.complain("range", "top_logprobs")
    found.max_tokens = limit
    found.stops = fields.strings("stop", most=4)
    found.thinks = True
    found.top_logprobs = (alternatives or 0) if shows_logprobs else None
    return found


def messages(fields: Fields) -> Conversation:
    listed = fields.get("messages", list, required=True)
    if not listed:
        raise fields.complain("range", "messages")
    turns: list[Turn] = []
    system: list[str] = []
    for index, message in enumerate(listed):
        inner = Fields(message, fields.complain, f"messages[{index}]")
        inner.choice("role", "system", "developer", "user", "assistant", "tool")
        role = str(inner.get("role", str, required=True))
        text = content_text(
            inner.get("content", str, list, required=True), ("text",),
            lambda: fields.complain("type", inner.name("content")))
        if role in ("system", "developer") and not turns:
            system.append(text)
        else:
            turns.append(Turn(role, text, message.get("reasoning_content")))
    if not turns:
        raise fields.complain("range", "messages")
    return Conversation(str(fields.value["model"]), turns, system="\n".join(system) if system else None)


def wants_usage(fields: Fields) -> bool:
    options = fields.get("stream_options", dict)
    return bool(options and options.get("include_usage"))


class Encoder(BaseEncoder):
    reasoning_field = "reasoning_content"

    def __init__(self, conversation: Conversation, includes_usage: bool = True):
        super().__init__(conversation)
        self.includes_usage = includes_usage

    def chunk(self, delta: dict | None, finish: str | None = None, **others: object) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": others.pop("logprobs", None), "finish_reason": finish}
        value = {
            "id": "chatcmpl-14", "object": "chat.completion.chunk", "created": 1754000000,
            "model": self.conversation.model, "choices": [] if delta is None else [choice],
        }
        return self.event(value | others)

    def begin(self) -> bytes:
        return self.chunk({"role": "assistant", "content": ""})

    def think(self, text: str) -> bytes:
        return self.chunk({self.reasoning_field: text})

    def say(self, piece: Say) -> bytes:
        return self.chunk({"content": piece.text}, logprobs=logprobs(piece, self.conversation.top_logprobs))

    def fail(self, failure: Fail) -> bytes:
        return self.event({"error": {"message": failure.message, "type": failure.code, "code": failure.code}})

    def end(self, stop: Stop) -> bytes:
        done = self.chunk({}, REASONS[stop.reason])
        if self.includes_usage:
            done += self.chunk(None, usage=self.usage_report())
        return done + b"data: [DONE]\n\n"

    def usage_report(self) -> dict:
        usage = self.usage
        return {
            "prompt_tokens": usage.prompt, "completion_tokens": usage.generated,
            "total_tokens": usage.prompt + usage.generated, "prompt_tokens_details": {"cached_tokens": usage.cached},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning},
        }

    def progress(self, progress: Progress) -> bytes:
        return b""


def token_entry(data: bytes, probability: float) -> dict:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = "".join(f"\\x{byte:02x}" for byte in data)
    return {"token": text, "logprob": math.log(probability), "bytes": list(data)}


def logprobs(piece: Say, alternatives: int | None) -> dict | None:
    """The piece as one token with a probability of one half, and less likely ones."""
    if alternatives is None:
        return None
    chosen = token_entry(piece.token_bytes, 0.5)
    others = [token_entry(f" other{index}".encode(), 0.25 / 2**index) for index in range(max(0, alternatives - 1))]
    listed = [dict(chosen)] + others if alternatives else []
    return {"content": [chosen | {"top_logprobs": listed}], "refusal": None}
