"""OpenAI's client: Responses, chat completions, and servers that are compatible with it."""

from __future__ import annotations

import json

import openai

from peer.scenario import ANSWER, THOUGHT

from .expect import COUNT, KEY, chat_text, expect, expect_equal, expect_error, finish, thinking


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
    choices = [choice for chunk in chunks for choice in chunk.choices if choice.logprobs]
    tokens = [entry for choice in choices for entry in choice.logprobs.content]
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
