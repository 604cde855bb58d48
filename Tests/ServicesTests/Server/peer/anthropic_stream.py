"""The events of Anthropic's replies."""

from __future__ import annotations

import hashlib

from .conversation import Conversation
from .log import Memory
from .steps import Fail, Say, Stop
from .streams import Encoder as BaseEncoder


def sign(thinking: str) -> str:
    return "Er" + hashlib.sha256(thinking.encode()).hexdigest() + "=="


class Encoder(BaseEncoder):
    REASONS = {
        "end": "end_turn", "length": "max_tokens", "stop_text": "stop_sequence", "refusal": "refusal",
        "filter": "refusal", "pause": "pause_turn", "context": "model_context_window_exceeded",
    }

    def __init__(self, conversation: Conversation, memory: Memory):
        super().__init__(conversation)
        self.memory = memory
        self.index = -1
        self.open: str | None = None

    def emit(self, kind: str, **fields: object) -> bytes:
        return self.event({"type": kind} | fields, kind)

    def begin(self) -> bytes:
        usage = {
            "input_tokens": self.usage.prompt - self.usage.cached, "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": self.usage.cached, "output_tokens": 1, "service_tier": "standard",
        }
        message = {
            "id": "msg_14", "type": "message", "role": "assistant", "model": self.conversation.model, "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": usage,
        }
        return self.emit("message_start", message=message) + self.emit("ping")

    def block(self, kind: str, start: dict) -> bytes:
        """Begins a block of this kind unless one is open."""
        if self.open == kind:
            return b""
        data = self.close()
        self.open = kind
        self.index += 1
        return data + self.emit("content_block_start", index=self.index, content_block=start)

    def delta(self, **fields: object) -> bytes:
        return self.emit("content_block_delta", index=self.index, delta=fields)

    def close(self) -> bytes:
        if self.open is None:
            return b""
        data = b""
        if self.open == "thinking":
            data = self.delta(type="signature_delta", signature=sign(self.thought))
        self.open = None
        return data + self.emit("content_block_stop", index=self.index)

    def think(self, text: str) -> bytes:
        start = self.block("thinking", {"type": "thinking", "thinking": "", "signature": ""})
        return start + self.delta(type="thinking_delta", thinking=text)

    def say(self, piece: Say) -> bytes:
        return self.block("text", {"type": "text", "text": ""}) + self.delta(type="text_delta", text=piece.text)

    def fail(self, failure: Fail) -> bytes:
        return self.emit("error", error={"type": "api_error", "message": failure.message})

    def end(self, stop: Stop) -> bytes:
        data = self.close()
        if self.thought:
            self.memory.remember("anthropic " + self.text, sign(self.thought))
        delta = {
            "stop_reason": self.REASONS[stop.reason],
            "stop_sequence": stop.text if stop.reason == "stop_text" else None,
        }
        if delta["stop_reason"] == "refusal":
            delta["stop_details"] = {"type": "refusal", "category": "cyber", "explanation": "It looks dangerous."}
        usage = {
            "output_tokens": self.usage.generated, "output_tokens_details": {"thinking_tokens": self.usage.reasoning}}
        return data + self.emit("message_delta", delta=delta, usage=usage) + self.emit("message_stop")
