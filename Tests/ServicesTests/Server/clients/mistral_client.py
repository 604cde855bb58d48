"""Mistral's client."""

from __future__ import annotations

import mistralai.client.errors
from mistralai.client import Mistral

from peer.scenario import ANSWER, THOUGHT

from .expect import COUNT, KEY, chat_text, expect, expect_equal, expect_error, finish


def check_mistral(url: str) -> None:
    client = Mistral(api_key=KEY, server_url=f"{url}/mistral")

    def ask(turns: list | str, **others) -> list:
        messages = [{"role": "user", "content": turns}] if isinstance(turns, str) else turns
        options = {"model": "mistral-large-latest"} | others
        with client.chat.stream(messages=messages, **options) as stream:
            return [event.data for event in stream]

    chunks = ask("scenario count")
    expect_equal(chat_text(chunks), COUNT, "text")
    expect_equal(chunks[-1].usage.completion_tokens, 10, "usage")
    expect_equal(finish(chunks), "stop", "stop reason")
    expect_equal(finish(ask("scenario count 30", max_tokens=5)), "length", "token limit")
    expect_equal(finish(ask("scenario context")), "model_length", "context")
    parts = [
        part for chunk in ask("scenario think", model="magistral-medium-latest")
        if isinstance(chunk.choices[0].delta.content, list) for part in chunk.choices[0].delta.content]
    expect_equal("".join(part.text for part in parts if part.type == "text"), ANSWER, "text in parts")
    pieces = [piece.text for part in parts if part.type == "thinking" for piece in part.thinking]
    expect_equal("".join(pieces), THOUGHT, "thinking")
    prefix = [
        {"role": "user", "content": "scenario count"}, {"role": "assistant", "content": "1 2 3", "prefix": True}]
    expect_equal(chat_text(ask(prefix)), COUNT, "continued reply")
    listed = client.models.list().data
    expect("mistral-large-latest" in [model.id for model in listed], "models")
    expect_equal(listed[0].max_context_length, 131072, "context length")
    for status in (401, 403, 404, 429, 500):
        error = expect_error(
            mistralai.client.errors.SDKError, lambda: ask(f"scenario status {status}"), str(status))
        expect_equal(error.status_code, status, "status")
    del prefix[1]["prefix"]
    expect_error(mistralai.client.errors.SDKError, lambda: ask(prefix), "reply last without prefix")
    stranger = Mistral(api_key="wrong", server_url=f"{url}/mistral")
    expect_error(mistralai.client.errors.SDKError, stranger.models.list, "wrong key")
    # Of parameters out of range the client makes an error of another type.
    expect_error(mistralai.client.errors.MistralError, lambda: ask("Hello", temperature=9.0), "temperature")
