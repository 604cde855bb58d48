"""A compatible server like llama.cpp's llama-server: chat completions with progress and timings, and lenient checks.

Shapes: tools/server/README.md and server-task.cpp of llama.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import chat
from .checks import Fields
from .openai import complain
from .protocol import Protocol, default_message
from .refused import Refused
from .steps import Progress, Reply, Stop
from .streams import Encoder as BaseEncoder
from .streams import Stream

if TYPE_CHECKING:
    from .http import Request

WORDS = {
    401: "Invalid API Key", 403: "Forbidden", 404: "File Not Found", 500: "Internal server error", 503: "Loading model",
}
TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
    501: "not_supported_error", 503: "unavailable_error",
}


class Compatible(Protocol):
    prefix = "/compatible"
    routes = {
        ("GET", "/v1/models"): "list_models",
        ("GET", "/props"): "props",
        ("GET", "/health"): "health",
        ("POST", "/v1/chat/completions"): "complete",
    }
    models = {"smollm2": {}, "qwen3-4b": {}}

    def check_key(self, request: Request) -> None:
        self.check_bearer(request, required=False)

    def model(self, name: str) -> dict:
        """A server with one model takes every name."""
        return {}

    def error(self, refused: Refused) -> object:
        if refused.code == "context_length_exceeded":
            return {
                "error": {
                    "code": 400, "message": "the request exceeds the available context size, try increasing it",
                    "type": "exceed_context_size_error", "n_prompt_tokens": 5000, "n_ctx": 4096,
                }
            }
        message = default_message(refused, WORDS)
        return {
            "error": {"code": refused.status, "message": message, "type": TYPES.get(refused.status, "server_error")}}

    def list_models(self, _: Request) -> object:
        meta = {
            "vocab_type": 2, "n_vocab": 49152, "n_ctx": 4096, "n_ctx_train": 8192, "n_embd": 576,
            "n_params": 134515008, "size": 98000000,
        }
        data = [
            {"id": name, "object": "model", "created": 1754000000, "owned_by": "llamacpp", "meta": meta}
            for name in self.models
        ]
        return {"object": "list", "data": data}

    def props(self, _: Request) -> object:
        return {"default_generation_settings": {"n_ctx": 4096}, "total_slots": 1, "model_path": "/models/smollm2.gguf"}

    def health(self, _: Request) -> object:
        return {"status": "ok"}

    def complete(self, request: Request) -> Stream:
        fields = Fields(request.body, complain)
        fields.get("model", str)
        fields.value.setdefault("model", "smollm2")
        conversation = chat.conversation(fields, None)
        roles = [turn.role for turn in conversation.turns]
        if roles[-2:] == ["assistant", "assistant"]:
            raise Refused(400, "Cannot have 2 or more assistant messages at the end of the list.")
        conversation.reports_progress = fields.get("return_progress", bool) is True
        return self.play(request, Encoder(conversation, chat.wants_usage(fields)))

    def load(self, request: Request, reply: Reply, encoder: BaseEncoder) -> None:
        """While the model loads, every request is refused."""
        if reply.load_seconds and request.tries == 1:
            raise Refused(503, "Loading model")


class Encoder(chat.Encoder):
    def begin(self) -> bytes:
        # Comments keep the connection alive while a long prompt is read. A continued reply begins with the text that it
        # continues.
        beginning = self.conversation.beginning
        return b": ping\n\n:\n\n\n" + super().begin() + (self.chunk({"content": beginning}) if beginning else b"")

    def progress(self, progress: Progress) -> bytes:
        report = {"total": progress.total, "cache": progress.cached, "processed": progress.done, "time_ms": 12}
        return self.chunk({"role": "assistant", "content": None}, prompt_progress=report)

    def end(self, stop: Stop) -> bytes:
        usage = self.usage
        timings = {
            "cache_n": usage.cached, "prompt_n": usage.prompt - usage.cached, "prompt_ms": 20.0,
            "prompt_per_token_ms": 1.0, "prompt_per_second": 1000.0, "predicted_n": usage.generated,
            "predicted_ms": 100.0, "predicted_per_token_ms": 4.0, "predicted_per_second": 250.0,
        }
        done = self.chunk({}, chat.REASONS[stop.reason], timings=timings)
        if self.includes_usage:
            done += self.chunk(None, usage=self.usage_report(), timings=timings)
        return done + b"data: [DONE]\n\n"
