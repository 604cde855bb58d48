"""Ollama's client."""

from __future__ import annotations

import ollama

from peer.scenario import ANSWER, THOUGHT

from .expect import expect, expect_equal, expect_error


def check_ollama(url: str) -> None:
    client = ollama.Client(host=f"{url}/ollama")

    def ask(text: str, model: str = "qwen3:4b", **others) -> list:
        return list(client.chat(model=model, messages=[{"role": "user", "content": text}], stream=True, **others))

    chunks = ask("scenario think", think=True)
    expect_equal("".join(chunk.message.content or "" for chunk in chunks), ANSWER, "text")
    expect_equal("".join(chunk.message.thinking or "" for chunk in chunks), THOUGHT, "thinking")
    expect_equal(chunks[-1].done_reason, "stop", "stop reason")
    expect(chunks[-1].prompt_eval_count > 0 and chunks[-1].eval_count > 0, "usage")
    last = ask("scenario count 30", options={"num_predict": 5, "temperature": 0.5, "top_k": 40})[-1]
    expect_equal((last.done_reason, last.eval_count), ("length", 5), "token limit")
    expect(ask("scenario load 300")[-1].load_duration > 250_000_000, "time to load")
    chunks = ask("scenario tokens", logprobs=True, top_logprobs=2)
    tokens = [entry for chunk in chunks for entry in chunk.logprobs or []]
    expect_equal(len(tokens[0].top_logprobs), 2, "alternatives")
    names = [model.model for model in client.list().models]
    expect_equal(names, ["llama3.2:1b", "qwen3:4b", "nomic-embed-text:latest"], "models")
    shown = client.show("qwen3:4b")
    expect_equal(shown.modelinfo["qwen3.context_length"], 40960, "context length")
    expect("thinking" in shown.capabilities, "capabilities")
    expect_equal([model.context_length for model in client.ps().models], [4096], "loaded models")
    error = expect_error(ollama.ResponseError, lambda: ask("Hello", "llama3.2:1b", think=True), "thinking")
    expect_equal(error.status_code, 400, "status")
    error = expect_error(ollama.ResponseError, lambda: ask("Hello", "missing"), "unknown model")
    expect_equal(error.status_code, 404, "status")
    expect_error(ollama.ResponseError, lambda: ask("scenario overflow"), "context")
    expect_error(ollama.ResponseError, lambda: ask("scenario fail"), "error in the stream")
    expect_error(Exception, lambda: ask("scenario malformed"), "malformed event")
