"""Runs the published clients of the services against the loopback server, so that its idea of the protocols is not only
ours. Streams arrive in pieces of 1 byte, of 7 bytes, and of random lengths.

    python published_clients.py      needs the packages in requirements.txt
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import anthropic
import mistralai.client.errors
import ollama
import openai
from mistralai.client import Mistral

from peer.scenario import ANSWER, THOUGHT

KEY = "peer-key"
COUNT = "1 2 3 4 5 6 7 8 9 10"


def expect(condition: bool, what: str) -> None:
    if not condition:
        raise AssertionError(what)


def expect_equal(found: object, wanted: object, what: str) -> None:
    expect(found == wanted, f"{what}: {found!r} instead of {wanted!r}")


def expect_error(kind: type[Exception], action, what: str) -> Exception:
    try:
        action()
    except kind as error:
        return error
    raise AssertionError(f"{what}: no {kind.__name__}")


class Server:
    def __init__(self, chunks: str):
        program = Path(__file__).with_name("serve.py")
        command = [sys.executable, str(program), "--chunks", chunks, "--key", KEY]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def check_openai_responses(url: str) -> None:
    client = openai.OpenAI(api_key=KEY, base_url=f"{url}/openai/v1", max_retries=0)

    def ask(turns: list, **others):
        options = {"model": "gpt-5", "store": False, "reasoning": {"effort": "low", "summary": "auto"}}
        options["include"] = ["reasoning.encrypted_content"]
        with client.responses.stream(input=turns, **(options | others)) as stream:
            events = list(stream)
        # The client's own final response is only for complete ones.
        return events, events[-1].response

    user = {"role": "user", "content": "scenario think"}
    events, response = ask([user])
    expect_equal(response.output[1].content[0].text, ANSWER, "text")
    deltas = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    expect_equal(deltas, ANSWER, "text in pieces")
    reasoning = response.output[0]
    expect_equal(reasoning.summary[0].text, THOUGHT, "summary of the reasoning")
    expect_equal(response.usage.output_tokens_details.reasoning_tokens, 13, "reasoning tokens")
    expect(response.usage.input_tokens > 0, "input tokens")
    # The reasoning has to come back, and the client can send it as it received it.
    turns = [user] + [item.to_dict() for item in response.output] + [{"role": "user", "content": "scenario count"}]
    expect_equal(ask(turns)[1].output[-1].content[0].text, COUNT, "second turn")
    expect_error(openai.BadRequestError, lambda: ask([turns[0], turns[2], turns[3]]), "without the reasoning")

    plain = {"model": "gpt-4.1", "reasoning": openai.omit, "include": openai.omit}
    _, response = ask("scenario count 30", max_output_tokens=16, **plain)
    expect_equal(response.incomplete_details.reason, "max_output_tokens", "token limit")
    _, response = ask("scenario refuse", **plain)
    expect_equal(response.output[-1].content[-1].type, "refusal", "refusal")
    _, response = ask(
        "scenario tokens", **(plain | {"include": ["message.output_text.logprobs"], "top_logprobs": 2}))
    expect_equal(response.output[0].content[0].text, "Hello 👋!", "text of split characters")
    error = expect_error(openai.BadRequestError, lambda: ask("scenario count", temperature=0.5), "temperature")
    expect_equal(error.param, "temperature", "the refused parameter")
    events, _ = ask("scenario fail", **plain)
    expect_equal(events[-1].response.error.code, "server_error", "error in the stream")


def check_openai_chat(url: str) -> None:
    client = openai.OpenAI(api_key=KEY, base_url=f"{url}/openai/v1", max_retries=0)

    def ask(text: str, **others) -> list:
        options = {"model": "gpt-4.1", "stream_options": {"include_usage": True}} | others
        return list(client.chat.completions.create(
            messages=[{"role": "system", "content": "Be brief"}, {"role": "user", "content": text}], stream=True,
            **options))

    chunks = ask("scenario count")
    expect_equal(chat_text(chunks), COUNT, "text")
    expect_equal(chunks[-1].usage.completion_tokens, 10, "usage")
    expect_equal(finish(chunks), "stop", "stop reason")
    expect_equal(finish(ask("scenario count 30", max_tokens=5)), "length", "token limit")
    expect_equal(finish(ask("scenario filter")), "content_filter", "filter")
    expect_equal(chat_text(ask("scenario count", stop=["5"])), "1 2 3 4 ", "stop string")
    chunks = ask("scenario tokens", logprobs=True, top_logprobs=3)
    tokens = [entry for chunk in chunks for choice in chunk.choices if choice.logprobs for entry in choice.logprobs.content]
    expect_equal(bytes(sum((token.bytes for token in tokens), [])).decode(), "Hello 👋!", "bytes of the tokens")
    expect_equal(len(tokens[0].top_logprobs), 3, "alternatives")
    echo = json.loads(chat_text(ask("Grüße, 世界 👋🏽")))
    expect_equal(
        echo, {"system": "Be brief", "messages": [{"role": "user", "text": "Grüße, 世界 👋🏽"}]}, "what was received")
    expect_error(openai.APIError, lambda: ask("scenario fail"), "error in the stream")
    expect_error(Exception, lambda: ask("scenario malformed"), "malformed event")
    names = [model.id for model in client.models.list()]
    expect("gpt-5" in names and "whisper-1" in names, "models")


def check_openai_errors(url: str) -> None:
    client = openai.OpenAI(api_key=KEY, base_url=f"{url}/openai/v1", max_retries=0)

    def ask(text: str, client=client, model: str = "gpt-4.1"):
        return list(client.responses.create(model=model, input=text, stream=True))

    for status, kind in {
        401: openai.AuthenticationError, 403: openai.PermissionDeniedError, 404: openai.NotFoundError,
        429: openai.RateLimitError, 500: openai.InternalServerError, 503: openai.InternalServerError,
    }.items():
        expect_error(kind, lambda: ask(f"scenario status {status}"), str(status))
    error = expect_error(openai.BadRequestError, lambda: ask("scenario overflow"), "context")
    expect_equal(error.code, "context_length_exceeded", "context")
    expect_error(openai.NotFoundError, lambda: ask("Hello", model="gpt-9"), "unknown model")
    stranger = openai.OpenAI(api_key="wrong", base_url=f"{url}/openai/v1", max_retries=0)
    expect_error(openai.AuthenticationError, lambda: ask("Hello", stranger), "wrong key")
    patient = openai.OpenAI(api_key=KEY, base_url=f"{url}/openai/v1", max_retries=1)
    events = ask("scenario status 429 1 0.1", patient)
    expect_equal(events[-1].type, "response.completed", "second try")
    expect_error(Exception, lambda: ask("scenario cut"), "cut")


def check_compatible(url: str) -> None:
    client = openai.OpenAI(api_key=KEY, base_url=f"{url}/compatible/v1", max_retries=0)

    def ask(text: str, **extra) -> list:
        return list(client.chat.completions.create(
            model="smollm2", messages=[{"role": "user", "content": text}], stream=True, extra_body=extra))

    chunks = ask("scenario think")
    expect_equal(chat_text(chunks), ANSWER, "text")
    expect_equal(thinking(chunks, "reasoning_content"), THOUGHT, "thinking")
    progress = [chunk.prompt_progress for chunk in ask("scenario prefill", return_progress=True)
                if getattr(chunk, "prompt_progress", None)]
    expect_equal(progress[-1]["processed"], progress[-1]["total"], "progress")
    expect(chunks[-1].timings["predicted_per_second"] > 0, "timings")
    expect_equal([model.id for model in client.models.list()], ["smollm2", "qwen3-4b"], "models")


def check_lmstudio(url: str) -> None:
    client = openai.OpenAI(api_key=KEY, base_url=f"{url}/lmstudio/v1", max_retries=0)
    chunks = list(client.chat.completions.create(
        model="qwen/qwen3-4b-thinking", messages=[{"role": "user", "content": "scenario think"}], stream=True))
    expect_equal(chat_text(chunks), ANSWER, "text")
    expect_equal(thinking(chunks, "reasoning"), THOUGHT, "thinking")


def check_anthropic(url: str) -> None:
    client = anthropic.Anthropic(api_key=KEY, base_url=f"{url}/anthropic", max_retries=0)

    def ask(turns: list | str, **others) -> anthropic.types.Message:
        messages = [{"role": "user", "content": turns}] if isinstance(turns, str) else turns
        options = {"model": "claude-haiku-4-5", "max_tokens": 4000} | others
        with client.messages.stream(messages=messages, **options) as stream:
            pieces = list(stream.text_stream)
            message = stream.get_final_message()
        expect_equal("".join(pieces), text_of(message), "text in pieces")
        return message

    thinks = {"type": "enabled", "budget_tokens": 1024}
    message = ask("scenario think", thinking=thinks)
    expect_equal(text_of(message), ANSWER, "text")
    expect_equal(message.content[0].thinking, THOUGHT, "thinking")
    expect_equal(message.usage.output_tokens_details.thinking_tokens, 13, "thinking tokens")
    turns = [
        {"role": "user", "content": "scenario think"},
        {"role": "assistant", "content": [block.to_dict() for block in message.content]},
        {"role": "user", "content": "scenario count"},
    ]
    expect_equal(text_of(ask(turns, thinking=thinks)), COUNT, "second turn")
    del turns[1]["content"][0]
    expect_error(anthropic.BadRequestError, lambda: ask(turns, thinking=thinks), "without the thinking")
    adaptive = ask("scenario think", model="claude-opus-4-7", thinking={"type": "adaptive"})
    expect_equal(adaptive.content[0].thinking, THOUGHT, "adaptive thinking")

    for scenario, reason in {
        "count": "end_turn", "refuse": "refusal", "pause": "pause_turn", "context": "model_context_window_exceeded",
    }.items():
        expect_equal(ask(f"scenario {scenario}").stop_reason, reason, scenario)
    expect_equal(ask("scenario refuse").stop_details.category, "cyber", "details of a refusal")
    expect_equal(ask("scenario count 30", max_tokens=5).stop_reason, "max_tokens", "token limit")
    stopped = ask("scenario count", stop_sequences=["5"])
    expect_equal((stopped.stop_reason, stopped.stop_sequence), ("stop_sequence", "5"), "stop string")
    prefix = [{"role": "user", "content": "scenario count"}, {"role": "assistant", "content": "1 2 3"}]
    expect_equal(text_of(ask(prefix)), " 4 5 6 7 8 9 10", "continued reply")
    expect_equal(
        [model.id for model in client.models.list(limit=2)],
        ["claude-opus-4-7", "claude-sonnet-4-6", "claude-haiku-4-5"], "models of all pages")

    for status, kind in {
        401: anthropic.AuthenticationError, 403: anthropic.PermissionDeniedError, 404: anthropic.NotFoundError,
        413: anthropic.APIStatusError, 429: anthropic.RateLimitError, 500: anthropic.InternalServerError,
        529: anthropic.InternalServerError,
    }.items():
        expect_error(kind, lambda: ask(f"scenario status {status}"), str(status))
    expect_error(anthropic.BadRequestError, lambda: ask("scenario overflow"), "context")
    expect_error(anthropic.APIStatusError, lambda: ask("scenario fail"), "error in the stream")
    expect_error(Exception, lambda: ask("scenario cut"), "cut")
    patient = anthropic.Anthropic(api_key=KEY, base_url=f"{url}/anthropic", max_retries=1)
    again = patient.messages.create(
        model="claude-haiku-4-5", max_tokens=10, stream=True,
        messages=[{"role": "user", "content": "scenario status 529 1 0.1"}])
    expect_equal(list(again)[-1].type, "message_stop", "second try")


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
    expect_equal(
        "".join(piece.text for part in parts if part.type == "thinking" for piece in part.thinking), THOUGHT, "thinking")
    prefix = [
        {"role": "user", "content": "scenario count"}, {"role": "assistant", "content": "1 2 3", "prefix": True}]
    expect_equal(chat_text(ask(prefix)), " 4 5 6 7 8 9 10", "continued reply")
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
    tokens = [entry for chunk in ask("scenario tokens", logprobs=True, top_logprobs=2) for entry in chunk.logprobs or []]
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


def chat_text(chunks: list) -> str:
    texts = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    return "".join(text for text in texts if isinstance(text, str))


def thinking(chunks: list, field: str) -> str:
    return "".join(getattr(choice.delta, field, None) or "" for chunk in chunks for choice in chunk.choices)


def finish(chunks: list) -> str | None:
    return next((choice.finish_reason for chunk in reversed(chunks) for choice in chunk.choices if choice.finish_reason), None)


def text_of(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


CHECKS = [
    check_openai_responses, check_openai_chat, check_openai_errors, check_compatible, check_lmstudio, check_anthropic,
    check_mistral, check_ollama,
]


def main() -> int:
    failures = 0
    for chunks in ("1", "7", "random"):
        server = Server(chunks)
        for check in CHECKS:
            name = f"{check.__name__[len('check_'):]} in pieces of {chunks} bytes"
            try:
                check(server.url)
                print(f"ok: {name}")
            except Exception as error:
                failures += 1
                print(f"failed: {name}: {type(error).__name__}: {error}")
        server.stop()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
