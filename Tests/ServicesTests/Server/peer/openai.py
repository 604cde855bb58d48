"""OpenAI: Responses, Chat Completions and the list of models.

Shapes: https://platform.openai.com/docs/api-reference (responses, responses-streaming, chat, models).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import chat, responses
from .checks import Fields
from .protocol import Protocol, default_message
from .refused import Refused
from .streams import Stream

if TYPE_CHECKING:
    from .http import Request

WORDS = {
    401: "Incorrect API key provided: pe***ey. You can find your key at https://platform.openai.com/account/api-keys.",
    403: "Project does not have access to model `gpt-5`.",
    404: "The model `gpt-5` does not exist or you do not have access to it.",
    413: "Request body too large.",
    429: "Rate limit reached for gpt-5 on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000.",
    500: "The server had an error while processing your request. Sorry about that!",
    503: "The engine is currently overloaded, please try again later.",
}
TYPES = {401: "invalid_request_error", 429: "tokens", 500: "server_error", 503: "service_unavailable"}
OVERFLOW = (
    "Your input exceeds the context window of this model: it has 140000 tokens and the model's maximum context length"
    " is 128000 tokens."
)


def complain(kind: str, name: str) -> Refused:
    messages = {
        "missing": (f"Missing required parameter: '{name}'.", "missing_required_parameter"),
        "unknown": (f"Unknown parameter: '{name}'.", "unknown_parameter"),
        "type": (f"Invalid type for '{name}'.", "invalid_type"),
        "range": (f"Invalid value for '{name}'.", "invalid_value"),
        "unsupported": (
            f"Unsupported parameter: '{name}' is not supported with this model.", "unsupported_parameter"),
    }
    message, code = messages[kind]
    return Refused(400, message, code=code, param=name)


def error_body(refused: Refused) -> dict:
    message = OVERFLOW if refused.code == "context_length_exceeded" else default_message(refused, WORDS)
    kind = TYPES.get(refused.status, "invalid_request_error")
    return {"message": message, "type": kind, "param": refused.param, "code": refused.code}


class OpenAI(Protocol):
    prefix = "/openai/v1"
    routes = {
        ("GET", "/models"): "list_models",
        ("POST", "/responses"): "respond",
        ("POST", "/chat/completions"): "complete",
    }
    models = {
        "gpt-5": {"reasons": True},
        "gpt-5-mini": {"reasons": True},
        "o4-mini": {"reasons": True},
        "gpt-4.1": {"reasons": False},
        "gpt-4o-mini": {"reasons": False},
    }
    others = ["text-embedding-3-small", "whisper-1", "tts-1", "gpt-image-1", "omni-moderation-latest"]

    def check_key(self, request: Request) -> None:
        self.check_bearer(request)

    def error(self, refused: Refused) -> object:
        return {"error": error_body(refused)}

    def list_models(self, _: Request) -> object:
        names = list(self.models) + self.others
        models = [{"id": name, "object": "model", "created": 1754000000, "owned_by": "system"} for name in names]
        return {"object": "list", "data": models}

    def respond(self, request: Request) -> Stream:
        fields = Fields(request.body, complain)
        model = self.model(str(fields.get("model", str, required=True)))
        conversation = responses.conversation(fields, bool(model["reasons"]), request.server.memory)
        return self.play(request, responses.Encoder(conversation, request.server.memory))

    def complete(self, request: Request) -> Stream:
        fields = Fields(request.body, complain)
        model = self.model(str(fields.get("model", str, required=True)))
        conversation = chat.conversation(fields, chat.OPENAI_FIELDS)
        if model["reasons"]:
            for name in ("temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "logit_bias"):
                if name in request.body:
                    raise complain("unsupported", name)
            if "max_tokens" in request.body:
                raise Refused(
                    400, "Unsupported parameter: 'max_tokens' is not supported with this model."
                    " Use 'max_completion_tokens' instead.", code="unsupported_parameter", param="max_tokens")
        encoder = chat.Encoder(conversation, includes_usage=chat.wants_usage(fields))
        encoder.escapes = True
        # This API never shows what the model thinks.
        conversation.thinks = False
        return self.play(request, encoder)
