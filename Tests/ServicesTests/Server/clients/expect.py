"""Expectations, and what several clients share."""

from __future__ import annotations

KEY = "peer-key"
# The reply of the scenario "count".
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


def chat_text(chunks: list) -> str:
    texts = [choice.delta.content for chunk in chunks for choice in chunk.choices]
    return "".join(text for text in texts if isinstance(text, str))


def thinking(chunks: list, field: str) -> str:
    return "".join(getattr(choice.delta, field, None) or "" for chunk in chunks for choice in chunk.choices)


def finish(chunks: list) -> str | None:
    reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    return reasons[-1] if reasons else None
