"""Mistral: chat completions with its own rules, and the list of models.

Shapes: https://docs.mistral.ai/api (chat, models) and the validator of mistral-common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import chat
from .checks import Fields
from .conversation import Conversation, Turn
from .protocol import Protocol, default_message
from .refused import Refused
from .steps import Say, Stop
from .streams import Stream

if TYPE_CHECKING:
    from .http import Request

FIELDS = (
    "model messages temperature top_p max_tokens stream stop random_seed metadata response_format tools tool_choice"
    " presence_penalty frequency_penalty min_tokens repetition_penalty top_k logprobs top_logprobs prompt_logprobs"
    " top_prompt_logprobs n prediction parallel_tool_calls reasoning_effort prompt_mode guardrails prompt_cache_key"
    " service_tier safe_prompt"
).split()
WORDS = {
    401: "Unauthorized", 403: "You are not authorised to use this model", 404: "no Route matched with those values",
    413: "Request too large", 429: "Rate limit exceeded", 500: "Internal Server Error", 503: "Service unavailable",
}
OVERFLOW = "Prompt contains 140000 tokens and 0 draft tokens, too large for model with 131072 maximum context length"
AFTER = {
    "system": {"user", "assistant", "system"}, "user": {"assistant", "system", "user"},
    "assistant": {"assistant", "user", "tool"}, "tool": {"assistant", "tool"},
}


def complain(kind: str, name: str) -> Refused:
    kinds = {
        "missing": "Field required", "unknown": "Extra inputs are not permitted", "type": "Input has the wrong type",
        "range": "Input is out of range",
    }
    return Refused(422, kinds[kind], code=kind, param=name)


class Mistral(Protocol):
    prefix = "/mistral/v1"
    routes = {("GET", "/models"): "list_models", ("POST", "/chat/completions"): "complete"}
    models = {
        "mistral-large-latest": {"reasons": False, "temperature": 0.7},
        "mistral-medium-latest": {"reasons": True, "temperature": 0.3},
        "magistral-medium-latest": {"reasons": True, "temperature": 0.7},
    }

    def check_key(self, request: Request) -> None:
        self.check_bearer(request)

    def model(self, name: str) -> dict:
        if name.split("--")[0] not in self.models:
            raise Refused(400, f"Invalid model: {name}", code="invalid_model")
        return super().model(name)

    def error(self, refused: Refused) -> object:
        if refused.status == 422:
            location = ["body"] + (refused.param or "").split(".")
            return {
                "object": "error", "type": "invalid_request_error",
                "message": {"detail": [{"type": refused.code, "loc": location, "msg": refused.message, "input": None}]},
            }
        message = OVERFLOW if refused.code == "context_length_exceeded" else default_message(refused, WORDS)
        if refused.status == 401:
            return {"detail": message}
        if refused.status in (404, 413):
            return {"message": message, "request_id": "14"}
        return {
            "object": "error", "message": message, "type": refused.code or "error", "param": refused.param,
            "code": "3051",
        }

    def list_models(self, _: Request) -> object:
        data = [self.card(name, model) for name, model in self.models.items()]
        embedding = self.card("mistral-embed", {"reasons": False, "temperature": None})
        embedding["capabilities"]["completion_chat"] = False
        return {"object": "list", "data": data + [embedding]}

    def card(self, name: str, model: dict) -> dict:
        capabilities = {
            "completion_chat": True, "completion_fim": False, "function_calling": True, "fine_tuning": False,
            "vision": False, "reasoning": model["reasons"], "classification": False,
        }
        return {
            "id": name, "object": "model", "created": 1754000000, "owned_by": "mistralai",
            "capabilities": capabilities, "name": name, "description": f"The model {name}",
            "max_context_length": 131072, "aliases": [], "deprecation": None,
            "default_model_temperature": model["temperature"], "type": "base",
        }

    def complete(self, request: Request) -> Stream:
        fields = Fields(request.body, complain)
        fields.known(*FIELDS)
        model = self.model(str(fields.get("model", str, required=True)))
        conversation = read(fields)
        conversation.thinks = bool(model["reasons"]) and fields.value.get("reasoning_effort") != "none"
        return self.play(request, Encoder(conversation))


def read(fields: Fields) -> Conversation:
    if fields.get("stream", bool) is not True:
        raise complain("range", "stream")
    fields.number("temperature", 0, 1.5)
    fields.number("top_p", 0, 1)
    fields.number("presence_penalty", -2, 2)
    fields.number("frequency_penalty", -2, 2)
    fields.number("random_seed", 0, 2**63 - 1, int)
    fields.number("max_tokens", 0, 2**31, int)
    fields.choice("reasoning_effort", "none", "low", "medium", "high")
    fields.choice("prompt_mode", "reasoning")
    turns: list[Turn] = []
    system: list[str] = []
    for index, message in enumerate(fields.get("messages", list, required=True)):
        turn = read_message(Fields(message, complain, f"messages.{index}"))
        if turn.role == "system" and not turns:
            system.append(turn.text)
        else:
            turns.append(turn)
    check_order(turns, fields.value["messages"][-1] if turns else {})
    return Conversation(
        str(fields.value["model"]), turns, "\n".join(system) if system else None, fields.get("max_tokens", int),
        fields.strings("stop"))


def read_message(message: Fields) -> Turn:
    message.choice("role", "system", "user", "assistant", "tool")
    role = str(message.get("role", str, required=True))
    message.known("role", "content", *(["prefix", "tool_calls"] if role == "assistant" else []))
    content = message.get("content", str, list, required=True)
    if isinstance(content, str):
        return Turn(role, content)
    text, thinking = "", ""
    for part in content:
        if part.get("type") == "text":
            text += part["text"]
        elif part.get("type") == "thinking" and role == "assistant":
            thinking += "".join(piece["text"] for piece in part["thinking"])
        else:
            raise complain("type", message.name("content"))
    return Turn(role, text, thinking or None)


def check_order(turns: list[Turn], last: dict) -> None:
    def refuse(message: str) -> Refused:
        return Refused(400, message, code="invalid_request_message_order")

    if not turns:
        raise refuse("Conversation must have at least one message")
    for before, after in zip(turns, turns[1:]):
        if after.role not in AFTER[before.role]:
            raise refuse(f"Unexpected role '{after.role}' after role '{before.role}'")
    if any(turn.role == "assistant" and not turn.text for turn in turns):
        raise refuse("Assistant message must have either content or tool_calls, but not none.")
    if turns[-1].role not in ("user", "tool") and not last.get("prefix"):
        raise refuse(
            f"Expected last role User or Tool (or Assistant with prefix True) for serving but got {turns[-1].role}")


class Encoder(chat.Encoder):
    def begin(self) -> bytes:
        # A continued reply begins with the text that it continues.
        return self.chunk({"role": "assistant", "content": self.conversation.beginning})

    def think(self, text: str) -> bytes:
        part = {"type": "thinking", "thinking": [{"type": "text", "text": text}]}
        return self.chunk({"content": [part]})

    def say(self, piece: Say) -> bytes:
        # After thinking, text comes in parts too.
        return self.chunk({"content": [{"type": "text", "text": piece.text}] if self.thought else piece.text})

    def end(self, stop: Stop) -> bytes:
        reason = "model_length" if stop.reason == "context" else chat.REASONS[stop.reason]
        reason = "error" if stop.reason == "filter" else reason
        usage = self.usage
        report = {
            "prompt_tokens": usage.prompt, "completion_tokens": usage.generated,
            "total_tokens": usage.prompt + usage.generated,
            "prompt_tokens_details": {"cached_tokens": usage.cached},
        }
        return self.chunk({"content": ""}, reason, usage=report) + b"data: [DONE]\n\n"
