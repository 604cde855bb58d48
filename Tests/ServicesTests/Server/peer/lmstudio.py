"""LM Studio: its own list of models and loading, and chat completions.

Shapes: https://lmstudio.ai/docs/developer/rest (list, load, unload) and /docs/developer/openai-compat.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from . import chat
from .checks import Fields
from .openai import complain
from .protocol import Protocol, default_message
from .refused import Refused
from .steps import Reply
from .streams import Encoder as BaseEncoder
from .streams import Stream

if TYPE_CHECKING:
    from .http import Request

WORDS = {401: "Malformed LM Studio API token provided", 404: "Model not found", 500: "The model has crashed"}


class LMStudio(Protocol):
    prefix = "/lmstudio"
    routes = {
        ("GET", "/api/v1/models"): "list_models",
        ("POST", "/api/v1/models/load"): "load_model",
        ("POST", "/api/v1/models/unload"): "unload_model",
        ("GET", "/v1/models"): "list_names",
        ("POST", "/v1/chat/completions"): "complete",
    }
    models = {
        "google/gemma-3-4b": {"family": "gemma3", "loads_for": 0.2},
        "qwen/qwen3-4b-thinking": {"family": "qwen3", "loads_for": 0.2},
    }

    def __init__(self):
        self.lock = threading.Lock()
        # One is loaded when the tests begin.
        self.loaded: dict[str, list[int]] = {"qwen/qwen3-4b-thinking": [8192]}

    def check_key(self, request: Request) -> None:
        self.check_bearer(request, required=False)

    def error(self, refused: Refused) -> object:
        if refused.code == "context_length_exceeded":
            return {
                "error": "The number of tokens to keep from the initial prompt is greater than the context length."
                " Try to load the model with a larger context length, or provide a shorter input"}
        kind = "invalid_request" if refused.status < 500 else "internal_error"
        return {
            "error": {
                "message": default_message(refused, WORDS), "type": kind, "code": refused.code, "param": refused.param}}

    def list_models(self, _: Request) -> object:
        with self.lock:
            models = [self.entry(name, model) for name, model in self.models.items()]
        embedding = {
            "type": "embedding", "publisher": "nomic-ai", "key": "text-embedding-nomic-embed-text-v1.5",
            "display_name": "Nomic Embed Text v1.5", "quantization": {"name": "F16", "bits_per_weight": 16},
            "size_bytes": 274290560, "params_string": None, "loaded_instances": [], "max_context_length": 2048,
            "format": "gguf",
        }
        return {"models": models + [embedding]}

    def entry(self, name: str, model: dict) -> dict:
        instances = [
            {
                "id": name if index == 0 else f"{name}:{index + 1}",
                "config": {"context_length": length, "eval_batch_size": 512, "flash_attention": True},
            }
            for index, length in enumerate(self.loaded.get(name, []))
        ]
        return {
            "type": "llm", "publisher": name.split("/")[0], "key": name, "display_name": name.split("/")[-1],
            "architecture": model["family"], "quantization": {"name": "Q4_K_M", "bits_per_weight": 4},
            "size_bytes": 2497281120, "params_string": "4B", "loaded_instances": instances,
            "max_context_length": 32768, "format": "gguf",
            "capabilities": {"vision": False, "trained_for_tool_use": True}, "description": None,
        }

    def list_names(self, _: Request) -> object:
        return {"object": "list", "data": [{"id": name, "object": "model", "owned_by": "x"} for name in self.models]}

    def load_model(self, request: Request) -> object:
        """Loads another instance, even if there is one."""
        fields = Fields(request.body, complain)
        name = str(fields.get("model", str, required=True)).split("--")[0]
        model = self.model(name)
        length = fields.get("context_length", int) or (fields.get("config", dict) or {}).get("context_length") or 4096
        time.sleep(model["loads_for"])
        with self.lock:
            self.loaded.setdefault(name, []).append(length)
        return {
            "type": "llm", "instance_id": name, "model_instance_id": name, "status": "loaded",
            "config": {"context_length": length}, "load_time_seconds": model["loads_for"]}

    def unload_model(self, request: Request) -> object:
        name = str(Fields(request.body, complain).get("instance_id", str, required=True))
        with self.lock:
            self.loaded.pop(name, None)
        return {"instance_id": name}

    def complete(self, request: Request) -> Stream:
        fields = Fields(request.body, complain)
        model = self.model(str(fields.get("model", str, required=True)))
        conversation = chat.conversation(fields, None)
        conversation.thinks = model["family"] == "qwen3"
        return self.play(request, Encoder(conversation, chat.wants_usage(fields)))

    def load(self, request: Request, reply: Reply, encoder: BaseEncoder) -> None:
        """A model that is not loaded is loaded by its first reply."""
        name = encoder.conversation.model.split("--")[0]
        with self.lock:
            is_loaded = bool(self.loaded.get(name))
            self.loaded.setdefault(name, [4096])
        if not is_loaded:
            time.sleep(self.models[name]["loads_for"] + reply.load_seconds)


class Encoder(chat.Encoder):
    reasoning_field = "reasoning"
