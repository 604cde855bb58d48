"""OpenAI's Responses API: what a request must look like, and the events of a reply."""

from __future__ import annotations

import hashlib

from .checks import Fields
from .chat import logprobs
from .conversation import Conversation, Turn
from .log import Memory
from .protocol import content_text
from .refused import Refused
from .steps import Fail, Say, Stop
from .streams import Encoder as BaseEncoder

FIELDS = (
    "access_programs background background_options context_management conversation image include input instructions"
    " max_output_tokens max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt"
    " prompt_cache_key prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store"
    " stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user"
).split()
INCLUDABLE = (
    "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
    "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
    "reasoning.encrypted_content", "message.output_text.logprobs",
)
EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh")


def conversation(fields: Fields, reasons: bool, memory: Memory) -> Conversation:
    """Checks a request and reads its conversation."""
    fields.known(*FIELDS)
    if fields.get("stream", bool) is not True:
        raise fields.complain("range", "stream")
    is_stored = fields.get("store", bool) is not False
    included = fields.strings("include")
    if any(name not in INCLUDABLE for name in included):
        raise fields.complain("range", "include")
    fields.number("max_output_tokens", 16, 2**31, int)
    fields.number("temperature", 0, 2)
    fields.number("top_p", 0, 1)
    alternatives = fields.number("top_logprobs", 0, 20, int)
    check_reasoning(fields, reasons)
    turns = read_input(fields, is_stored)
    if not turns:
        raise fields.complain("range", "input")
    check_states(turns, memory)
    effort = (fields.value.get("reasoning") or {}).get("effort")
    summary = (fields.value.get("reasoning") or {}).get("summary")
    shows_logprobs = "message.output_text.logprobs" in included
    return Conversation(
        str(fields.value["model"]), [turn for turn, _ in turns], fields.get("instructions", str),
        max_tokens=fields.get("max_output_tokens", int), thinks=reasons and effort != "none" and summary is not None,
        top_logprobs=(alternatives or 0) if shows_logprobs else None)


def check_reasoning(fields: Fields, reasons: bool) -> None:
    reasoning = fields.get("reasoning", dict)
    if reasoning:
        inner = Fields(reasoning, fields.complain, "reasoning")
        inner.known("effort", "summary", "generate_summary")
        inner.choice("effort", *EFFORTS)
        inner.choice("summary", "auto", "concise", "detailed")
    if reasons:
        for name in ("temperature", "top_p", "top_logprobs"):
            if fields.value.get(name) is not None:
                raise fields.complain("unsupported", name)
    elif reasoning and reasoning.get("effort") is not None:
        raise fields.complain("unsupported", "reasoning.effort")


def read_input(fields: Fields, is_stored: bool) -> list[tuple[Turn, str | None]]:
    """The turns, each with the encrypted reasoning that came right before it."""
    given = fields.get("input", str, list, required=True)
    if isinstance(given, str):
        return [(Turn("user", given), None)]
    turns: list[tuple[Turn, str | None]] = []
    state: str | None = None
    for index, item in enumerate(given):
        inner = Fields(item, fields.complain, f"input[{index}]")
        kind = inner.choice("type", "message", "reasoning") or item.get("type", "message")
        if kind == "reasoning":
            state = read_reasoning(inner, is_stored)
            continue
        inner.choice("role", "user", "assistant", "system", "developer")
        role = str(inner.get("role", str, required=True))
        types = ("output_text", "refusal") if role == "assistant" else ("input_text",)
        text = content_text(
            inner.get("content", str, list, required=True), types,
            lambda: Refused(
                400, f"Invalid value for '{inner.name('content')}'. Supported values are: {types}.",
                code="invalid_value", param=inner.name("content")))
        turns.append((Turn(role, text), state))
        state = None
    return turns


def read_reasoning(item: Fields, is_stored: bool) -> str | None:
    item.known("type", "id", "summary", "content", "encrypted_content", "status")
    identifier = item.get("id", str, required=True)
    item.get("summary", list, required=True)
    state = item.get("encrypted_content", str)
    if state is None and not is_stored:
        raise Refused(
            404, f"Item with id '{identifier}' not found. Items are not persisted when `store` is set to false.")
    return state


def check_states(turns: list[tuple[Turn, str | None]], memory: Memory) -> None:
    """Encrypted reasoning has to come back, unchanged, before the answer that it belongs to."""
    for turn, state in turns:
        known = memory.state("openai " + turn.text)
        if turn.role == "assistant" and known is not None and state != known:
            detail = "was expected before the message" if state is None else "could not be verified"
            raise Refused(400, f"The encrypted content of a reasoning item {detail}.", code="invalid_encrypted_content")


class Encoder(BaseEncoder):
    def __init__(self, conversation: Conversation, memory: Memory):
        super().__init__(conversation)
        self.memory = memory
        self.number = 0
        self.items: list[dict] = []
        self.open: str | None = None
        """The kind of the item that is being written."""

    def emit(self, kind: str, **fields: object) -> bytes:
        value = {"type": kind, "sequence_number": self.number} | fields
        self.number += 1
        return self.event(value, kind)

    def response(self, status: str, **others: object) -> dict:
        return {
            "id": "resp_14", "object": "response", "created_at": 1754000000, "status": status, "error": None,
            "incomplete_details": None, "instructions": None, "metadata": {}, "model": self.conversation.model,
            "output": self.items, "parallel_tool_calls": True, "temperature": 1.0, "tool_choice": "auto", "tools": [],
            "top_p": 1.0, "store": False, "usage": None,
        } | others

    def begin(self) -> bytes:
        response = self.response("in_progress")
        return self.emit("response.created", response=response) + self.emit("response.in_progress", response=response)

    def think(self, text: str) -> bytes:
        place = {"item_id": "rs_14", "output_index": 0, "summary_index": 0}
        data = b""
        if self.open is None:
            self.open = "reasoning"
            item = {"type": "reasoning", "id": "rs_14", "summary": [], "encrypted_content": "incomplete"}
            data = self.emit("response.output_item.added", output_index=0, item=item)
            data += self.emit(
                "response.reasoning_summary_part.added", **place, part={"type": "summary_text", "text": ""})
        return data + self.emit("response.reasoning_summary_text.delta", **place, delta=text)

    def say(self, piece: Say) -> bytes:
        data = self.open_message()
        listed = logprobs(piece, self.conversation.top_logprobs)
        return data + self.emit(
            "response.output_text.delta", **self.place(), delta=piece.text,
            logprobs=listed["content"] if listed else [])

    def place(self) -> dict:
        return {"item_id": "msg_14", "output_index": len(self.items), "content_index": 0}

    def open_message(self) -> bytes:
        data = self.close_reasoning()
        if self.open is None:
            self.open = "message"
            data += self.emit(
                "response.output_item.added", output_index=len(self.items), item=self.message("in_progress", []))
            data += self.emit("response.content_part.added", **self.place(), part=output_text(""))
        return data

    def message(self, status: str, content: list[dict]) -> dict:
        return {"type": "message", "id": "msg_14", "status": status, "role": "assistant", "content": content}

    def close_reasoning(self) -> bytes:
        if self.open != "reasoning":
            return b""
        self.open = None
        place = {"item_id": "rs_14", "output_index": 0, "summary_index": 0}
        part = {"type": "summary_text", "text": self.thought}
        data = self.emit("response.reasoning_summary_text.done", **place, text=self.thought)
        data += self.emit("response.reasoning_summary_part.done", **place, part=part)
        item = {"type": "reasoning", "id": "rs_14", "summary": [part], "encrypted_content": self.state()}
        self.items.append(item)
        return data + self.emit("response.output_item.done", output_index=0, item=item)

    def state(self) -> str:
        return "gAAAA" + hashlib.sha256(self.thought.encode()).hexdigest()

    def fail(self, failure: Fail) -> bytes:
        error = {"code": "server_error", "message": failure.message}
        return self.emit("response.failed", response=self.response("failed", error=error))

    def end(self, stop: Stop) -> bytes:
        data = self.close_reasoning()
        status = "completed" if stop.reason in ("end", "stop_text", "refusal", "pause") else "incomplete"
        if self.open == "message" and stop.reason != "refusal":
            data += self.close_text("completed" if status == "completed" else "incomplete")
        elif stop.reason == "refusal":
            data += self.refuse()
        if any(item["type"] == "reasoning" for item in self.items):
            self.memory.remember("openai " + self.text, self.state())
        details = {"length": "max_output_tokens", "context": "max_output_tokens", "filter": "content_filter"}
        response = self.response(
            status, usage=self.usage_report(),
            incomplete_details={"reason": details[stop.reason]} if status == "incomplete" else None)
        return data + self.emit(f"response.{status}", response=response)

    def close_text(self, status: str) -> bytes:
        place = self.place()
        data = self.emit("response.output_text.done", **place, text=self.text, logprobs=[])
        data += self.emit("response.content_part.done", **place, part=output_text(self.text))
        item = self.message(status, [output_text(self.text)])
        self.items.append(item)
        return data + self.emit("response.output_item.done", output_index=place["output_index"], item=item)

    def refuse(self) -> bytes:
        """A refusal has its own events."""
        place = self.place()
        words = "I'm sorry, but I cannot assist with that."
        part = {"type": "refusal", "refusal": words}
        data = self.emit("response.content_part.added", **place, part={"type": "refusal", "refusal": ""})
        data += self.emit("response.refusal.delta", **place, delta=words)
        data += self.emit("response.refusal.done", **place, refusal=words)
        item = self.message("completed", [part])
        self.items.append(item)
        return data + self.emit("response.output_item.done", output_index=place["output_index"], item=item)

    def usage_report(self) -> dict:
        usage = self.usage
        return {
            "input_tokens": usage.prompt,
            "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": 0},
            "output_tokens": usage.generated, "output_tokens_details": {"reasoning_tokens": usage.reasoning},
            "total_tokens": usage.prompt + usage.generated,
        }


def output_text(text: str) -> dict:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
