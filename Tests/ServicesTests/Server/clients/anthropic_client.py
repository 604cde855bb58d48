"""Anthropic's client."""

from __future__ import annotations

import anthropic

from peer.scenario import ANSWER, THOUGHT

from .expect import COUNT, KEY, expect_equal, expect_error


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


def text_of(message: anthropic.types.Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")
