"""Ollama's own API.

Shapes: https://docs.ollama.com/api (chat, tags, show, ps, version) and its pages on streaming and errors.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from .checks import Fields
from .chat import logprobs
from .conversation import Conversation, Turn
from .protocol import Protocol, default_message
from .refused import Refused
from .steps import Fail, Reply, Say, Stop
from .streams import Encoder as BaseEncoder

if TYPE_CHECKING:
    from .http import Request

NUMBERS = (
    "temperature top_p min_p typical_p repeat_penalty presence_penalty frequency_penalty mirostat_tau mirostat_eta"
).split()
INTEGERS = "num_ctx num_keep num_predict num_batch num_gpu num_thread seed top_k repeat_last_n mirostat".split()
NOW = "2026-11-28T12:00:00.000000001Z"
WORDS = {
    401: "unauthorized", 403: "this model requires a subscription", 404: "model not found", 429: "too many requests",
    500: "llama runner process has terminated", 503: "server busy, please try again. maximum pending requests exceeded",
}


def complain(kind: str, name: str) -> Refused:
    kinds = {
        "missing": f"{name} is required",
        "type": f"json: cannot unmarshal value into Go struct field ChatRequest.{name}",
        "range": f"invalid {name}",
    }
    return Refused(400, kinds[kind])


class Ollama(Protocol):
    prefix = "/ollama"
    routes = {
        ("GET", "/api/tags"): "tags",
        ("GET", "/api/ps"): "running",
        ("GET", "/api/version"): "version",
        ("POST", "/api/show"): "show",
        ("POST", "/api/chat"): "chat",
    }
    models = {
        "llama3.2:1b": {"family": "llama", "size": "1.2B", "thinks": False, "context": 131072},
        "qwen3:4b": {"family": "qwen3", "size": "4.0B", "thinks": True, "context": 40960},
        "nomic-embed-text:latest": {"family": "nomic-bert", "size": "137M", "thinks": False, "context": 2048},
    }

    def __init__(self):
        self.lock = threading.Lock()
        self.loaded: dict[str, int] = {}
        """Context lengths of loaded models."""

    def check_key(self, request: Request) -> None:
        """A local server needs none; behind a proxy or in the cloud it must be the right one."""
        self.check_bearer(request, required=False)

    def model(self, name: str) -> dict:
        plain = self.plain(name)
        if plain not in self.models:
            raise Refused(404, f"model '{name}' not found")
        return self.models[plain]

    def plain(self, name: str) -> str:
        plain = name.split("--")[0]
        return plain if ":" in plain else plain + ":latest"

    def error(self, refused: Refused) -> object:
        if refused.code == "context_length_exceeded":
            return {"error": "the input length exceeds the context length"}
        return {"error": default_message(refused, WORDS)}

    def details(self, model: dict) -> dict:
        return {
            "parent_model": "", "format": "gguf", "family": model["family"], "families": [model["family"]],
            "parameter_size": model["size"], "quantization_level": "Q4_K_M",
        }

    def tags(self, _: Request) -> object:
        return {
            "models": [
                {
                    "name": name, "model": name, "modified_at": NOW, "size": 1321098329, "digest": "ba" * 32,
                    "details": self.details(model),
                }
                for name, model in self.models.items()
            ]
        }

    def running(self, _: Request) -> object:
        with self.lock:
            loaded = dict(self.loaded)
        return {
            "models": [
                {
                    "name": name, "model": name, "size": 1321098329, "digest": "ba" * 32,
                    "details": self.details(self.models[name]), "expires_at": NOW, "size_vram": 0,
                    "context_length": length,
                }
                for name, length in loaded.items()
            ]
        }

    def version(self, _: Request) -> object:
        return {"version": "0.20.1"}

    def show(self, request: Request) -> object:
        fields = Fields(request.body, complain)
        model = self.model(str(fields.get("model", str, required=True)))
        family = model["family"]
        capabilities = ["embedding"] if "bert" in family else ["completion"] + ["thinking"] * model["thinks"]
        return {
            "modelfile": "FROM blob", "parameters": "stop \"<|end|>\"", "template": "{{ .Prompt }}",
            "license": "Apache-2.0", "modified_at": NOW, "details": self.details(model),
            "model_info": {"general.architecture": family, f"{family}.context_length": model["context"]},
            "capabilities": capabilities,
        }

    def chat(self, request: Request) -> object:
        fields = Fields(request.body, complain)
        name = str(fields.get("model", str, required=True))
        model = self.model(name)
        if not fields.get("messages", list):
            return self.only_load(fields, name)
        conversation = read(fields, model, name)
        return self.play(request, Encoder(conversation))

    def only_load(self, fields: Fields, name: str) -> object:
        """A request without messages loads or unloads the model."""
        is_unload = fields.value.get("keep_alive") in (0, "0")
        with self.lock:
            if is_unload:
                self.loaded.pop(self.plain(name), None)
            else:
                self.loaded[self.plain(name)] = length(fields)
        return {
            "model": name, "created_at": NOW, "message": {"role": "assistant", "content": ""},
            "done_reason": "unload" if is_unload else "load", "done": True,
        }

    def load(self, request: Request, reply: Reply, encoder: BaseEncoder) -> None:
        """The answer does not begin before the model is loaded."""
        time.sleep(reply.load_seconds)
        with self.lock:
            self.loaded[self.plain(encoder.conversation.model)] = length(Fields(request.body, complain))
        encoder.usage.load_seconds = reply.load_seconds


def length(fields: Fields) -> int:
    return (fields.get("options", dict) or {}).get("num_ctx") or 4096


def read(fields: Fields, model: dict, name: str) -> Conversation:
    fields.get("stream", bool)
    fields.get("keep_alive", str, float)
    fields.get("truncate", bool)
    fields.get("shift", bool)
    if fields.value.get("think") and not model["thinks"]:
        raise Refused(400, f'"{name}" does not support thinking')
    thinks = model["thinks"] and fields.value.get("think") is not False
    options = Fields(fields.get("options", dict) or {}, complain, "options")
    for option in NUMBERS:
        options.get(option, float)
    for option in INTEGERS:
        options.get(option, int)
    limit = options.get("num_predict", int)
    turns: list[Turn] = []
    system: list[str] = []
    for index, message in enumerate(fields.value["messages"]):
        inner = Fields(message, complain, f"messages.{index}")
        role = str(inner.get("role", str, required=True))
        if role not in ("system", "user", "assistant", "tool"):
            raise Refused(400, f"invalid role: {role}")
        text = str(inner.get("content", str) or "")
        if role == "system" and not turns:
            system.append(text)
        else:
            turns.append(Turn(role, text, inner.get("thinking", str)))
    alternatives = fields.get("top_logprobs", int)
    return Conversation(
        name, turns, "\n".join(system) if system else None, limit if limit and limit > 0 else None,
        options.strings("stop"), thinks,
        top_logprobs=(alternatives or 0) if fields.get("logprobs", bool) else None)


class Encoder(BaseEncoder):
    content_type = "application/x-ndjson"

    def line(self, message: dict, **others: object) -> bytes:
        value = {
            "model": self.conversation.model, "created_at": NOW,
            "message": {"role": "assistant", "content": ""} | message, "done": False,
        }
        return (self.json(value | others) + "\n").encode()

    def think(self, text: str) -> bytes:
        return self.line({"thinking": text})

    def say(self, piece: Say) -> bytes:
        listed = logprobs(piece, self.conversation.top_logprobs)
        return self.line({"content": piece.text}, **({"logprobs": listed["content"]} if listed else {}))

    def fail(self, failure: Fail) -> bytes:
        return (self.json({"error": failure.message}) + "\n").encode()

    def broken(self, data: str) -> bytes:
        return f"{data}\n".encode()

    def end(self, stop: Stop) -> bytes:
        reason = "length" if stop.reason in ("length", "context") else "stop"
        loading = int(self.usage.load_seconds * 1e9)
        return self.line(
            {}, done=True, done_reason=reason, total_duration=500_000_000 + loading,
            load_duration=loading, prompt_eval_count=self.usage.prompt,
            prompt_eval_duration=100_000_000, eval_count=self.usage.generated, eval_duration=400_000_000)
