"""Anthropic: Messages and the list of models.

Shapes: https://platform.claude.com/docs/en/api (messages, models, errors) and its pages on streaming and thinking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .anthropic_stream import Encoder, sign
from .checks import Fields
from .conversation import Conversation, Turn
from .log import Memory
from .protocol import Protocol, default_message
from .refused import Refused
from .streams import Stream

if TYPE_CHECKING:
    from .http import Request

FIELDS = (
    "model messages max_tokens cache_control container context_management diagnostics inference_geo metadata"
    " output_config service_tier speed stop_sequences stream system temperature thinking tool_choice tools top_k top_p"
).split()
TYPES = {
    400: "invalid_request_error", 401: "authentication_error", 402: "billing_error", 403: "permission_error",
    404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 500: "api_error",
    504: "timeout_error", 529: "overloaded_error",
}
WORDS = {
    401: "invalid x-api-key", 403: "Your API key does not have permission to use the specified resource.",
    413: "Request exceeds the maximum size", 429: "This request would exceed your organization's rate limit.",
    500: "Internal server error", 529: "Overloaded",
}
OVERFLOW = "prompt is too long: 210000 tokens > 200000 maximum"


def complain(kind: str, name: str) -> Refused:
    kinds = {
        "missing": "Field required", "unknown": "Extra inputs are not permitted", "type": "Input has the wrong type",
        "range": "Input is out of range",
    }
    return Refused(400, f"{name}: {kinds[kind]}")


class Anthropic(Protocol):
    prefix = "/anthropic/v1"
    routes = {("GET", "/models"): "list_models", ("POST", "/messages"): "reply"}
    # Newer models think as they see fit, and take neither sampling settings nor the beginning of a reply.
    models = {
        "claude-opus-4-7": {"is_new": True},
        "claude-sonnet-4-6": {"is_new": False},
        "claude-haiku-4-5": {"is_new": False},
    }

    def check_key(self, request: Request) -> None:
        # The published client sends its key as a bearer token since version 2.
        key = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if not key:
            raise Refused(401, "x-api-key header is required")
        if key != request.server.key:
            raise Refused(401, "invalid x-api-key")
        version = request.headers.get("anthropic-version")
        if version is None:
            raise Refused(400, "anthropic-version: header is required")
        if version not in ("2023-06-01", "2026-10-21"):
            raise Refused(400, f'anthropic-version: "{version}" is not a valid version')

    def model(self, name: str) -> dict:
        if name.split("--")[0] not in self.models:
            raise Refused(404, f"model: {name}")
        return super().model(name)

    def error(self, refused: Refused) -> object:
        message = OVERFLOW if refused.code == "context_length_exceeded" else default_message(refused, WORDS)
        kind = TYPES.get(refused.status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_14"}

    def list_models(self, request: Request) -> object:
        """A page of the list; pages have two models, so that clients have to ask for the next one."""
        names = list(self.models)
        limit = int(request.query.get("limit", ["20"])[0])
        if not 1 <= limit <= 1000:
            raise complain("range", "limit")
        after = request.query.get("after_id", [None])[0]
        start = names.index(after) + 1 if after in names else 0
        page = names[start : start + min(limit, 2)]
        data = [
            {
                "type": "model", "id": name, "display_name": name.replace("-", " ").title(),
                "created_at": "2026-02-01T00:00:00Z", "lifecycle": "active", "max_input_tokens": 200_000,
                "max_tokens": 64_000,
            }
            for name in page
        ]
        return {
            "data": data, "has_more": start + len(page) < len(names), "first_id": page[0] if page else None,
            "last_id": page[-1] if page else None,
        }

    def reply(self, request: Request) -> Stream:
        fields = Fields(request.body, complain)
        fields.known(*FIELDS)
        if request.headers["anthropic-version"] != "2023-06-01":
            # Newer versions of the API have no sampling settings, whatever the model.
            for name in ("temperature", "top_p", "top_k"):
                if name in request.body:
                    raise complain("unknown", name)
        model = self.model(str(fields.get("model", str, required=True)))
        conversation = read(fields, bool(model["is_new"]), request.server.memory)
        return self.play(request, Encoder(conversation, request.server.memory))


def read(fields: Fields, is_new: bool, memory: Memory) -> Conversation:
    if fields.get("max_tokens", int, required=True) < 1:
        raise complain("range", "max_tokens")
    if fields.get("stream", bool) is not True:
        raise complain("range", "stream")
    thinks = check_thinking(fields, is_new)
    check_sampling(fields, is_new, thinks)
    turns = read_messages(fields, memory)
    if turns[-1].role == "assistant" and (is_new or thinks):
        raise Refused(400, "This model does not support assistant message prefill. The conversation must end with a"
                           " user message.")
    check_caching(fields.value)
    system = fields.get("system", str, list)
    text = None if system is None else system if isinstance(system, str) else "".join(part["text"] for part in system)
    return Conversation(
        str(fields.value["model"]), turns, text, fields.get("max_tokens", int), fields.strings("stop_sequences"),
        thinks)


def check_thinking(fields: Fields, is_new: bool) -> bool:
    thinking = fields.get("thinking", dict)
    if thinking is None:
        return False
    inner = Fields(thinking, complain, "thinking")
    kind = inner.get("type", str, required=True)
    if kind == "disabled":
        return False
    if kind == "adaptive":
        inner.known("type", "display")
        if not is_new:
            raise Refused(400, "adaptive thinking is not supported on this model")
        return True
    if kind != "enabled":
        raise complain("range", "thinking.type")
    inner.known("type", "budget_tokens", "display")
    if is_new:
        raise Refused(400, '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive".')
    budget = inner.get("budget_tokens", int, required=True)
    if budget < 1024:
        raise Refused(400, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
    if budget >= fields.value["max_tokens"]:
        raise Refused(400, "`max_tokens` must be greater than `thinking.budget_tokens`.")
    return True


def check_sampling(fields: Fields, is_new: bool, thinks: bool) -> None:
    temperature = fields.number("temperature", 0, 1)
    top_p = fields.number("top_p", 0, 1)
    top_k = fields.number("top_k", 0, 2**31, int)
    if is_new:
        for name, value in (("temperature", temperature), ("top_p", top_p), ("top_k", top_k)):
            if value is not None:
                raise Refused(400, f"`{name}` is deprecated for this model.")
    elif temperature is not None and top_p is not None:
        raise Refused(400, "`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
    if thinks and temperature not in (None, 1):
        raise Refused(400, "`temperature` may only be set to 1 when thinking is enabled.")
    if thinks and top_k is not None:
        raise Refused(400, "`top_k` must be unset when thinking is enabled.")
    if thinks and top_p is not None and top_p < 0.95:
        raise Refused(400, "`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.")


def read_messages(fields: Fields, memory: Memory) -> list[Turn]:
    """The turns. Messages with the same role, one after the other, are one turn."""
    listed = fields.get("messages", list, required=True)
    if not listed:
        raise Refused(400, "messages: at least one message is required")
    turns: list[Turn] = []
    for index, message in enumerate(listed):
        inner = Fields(message, complain, f"messages.{index}")
        inner.known("role", "content")
        inner.choice("role", "user", "assistant")
        role = str(inner.get("role", str, required=True))
        text, thinking, signature = read_content(inner, index)
        if not text:
            raise Refused(400, f"messages.{index}: all messages must have non-empty content")
        if role == "assistant":
            check_signature(memory, text, thinking, signature, index)
        if turns and turns[-1].role == role:
            turns[-1].text += text
        else:
            turns.append(Turn(role, text, thinking))
    if turns[0].role != "user":
        raise Refused(400, 'messages: first message must use the "user" role')
    if turns[-1].role == "assistant" and turns[-1].text != turns[-1].text.rstrip():
        raise Refused(400, "messages: final assistant content cannot end with trailing whitespace")
    return turns


def read_content(message: Fields, index: int) -> tuple[str, str | None, str | None]:
    content = message.get("content", str, list, required=True)
    if isinstance(content, str):
        return content, None, None
    text, thinking, signature = "", None, None
    for part in content:
        kind = part.get("type")
        if kind == "text":
            if not part["text"]:
                raise Refused(400, "messages: text content blocks must be non-empty")
            if not part["text"].strip():
                raise Refused(400, "messages: text content blocks must contain non-whitespace text")
            text += part["text"]
        elif kind == "thinking" and message.value["role"] == "assistant":
            if text:
                raise Refused(400, f"messages.{index}: thinking blocks must come first")
            thinking, signature = part["thinking"], part["signature"]
        else:
            raise complain("range", message.name("content"))
    return text, thinking, signature


def check_signature(memory: Memory, text: str, thinking: str | None, signature: str | None, index: int) -> None:
    """Thinking comes back unchanged, with its signature, before the answer that it belongs to."""
    if signature is not None and signature != sign(thinking or ""):
        raise Refused(400, f"messages.{index}.content.0: Invalid `signature` in `thinking` block")
    known = memory.state("anthropic " + text)
    if known is not None and signature != known:
        raise Refused(400, f"messages.{index}: expected the `thinking` block that belongs to this message")


def check_caching(body: dict) -> None:
    blocks = [block for message in body["messages"] for block in message["content"] if isinstance(block, dict)]
    blocks += body["system"] if isinstance(body.get("system"), list) else []
    marked = sum("cache_control" in block for block in blocks)
    if marked > 4:
        raise Refused(400, f"A maximum of 4 blocks with cache_control may be provided. Found {marked}.")
