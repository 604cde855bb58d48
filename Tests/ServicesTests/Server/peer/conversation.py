"""A request for a reply, in the words of no particular protocol."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from .steps import tokens


@dataclass
class Turn:
    role: str
    text: str
    thinking: str | None = None


def asks_for_the_rest(turn: Turn) -> bool:
    return turn.role == "user" and turn.text.startswith("Your last message was cut off.")


@dataclass
class Conversation:
    model: str
    turns: list[Turn]
    system: str | None = None
    max_tokens: int | None = None
    stops: list[str] = field(default_factory=list)
    thinks: bool = False
    """Whether the client asked for thinking, or left it to a model that thinks."""
    top_logprobs: int | None = None
    """How many alternatives of each token; None for no log probabilities."""
    reports_progress: bool = False

    @property
    def last_user_text(self) -> str:
        """The question: what asks for the rest of a reply is none."""
        return next(
            (turn.text for turn in reversed(self.turns) if turn.role == "user" and not asks_for_the_rest(turn)), "")

    @property
    def beginning(self) -> str:
        """What the reply has to continue, because it is the last message or because it is asked for in words; empty for a
        new reply."""
        turns = self.turns[:-1] if self.turns and asks_for_the_rest(self.turns[-1]) else self.turns
        return turns[-1].text if turns and turns[-1].role == "assistant" else ""

    @property
    def prompt_tokens(self) -> int:
        return tokens(self.system or "") + sum(tokens(turn.text) + 4 for turn in self.turns)

    @property
    def cached_tokens(self) -> int:
        """A service has everything before the last message in its cache."""
        return sum(tokens(turn.text) + 4 for turn in self.turns[:-1])

    def echo(self) -> str:
        """What was received, so that a test can compare it with what was sent."""
        turns = [
            {"role": turn.role, "text": turn.text} | ({"thinking": turn.thinking} if turn.thinking else {})
            for turn in self.turns
        ]
        return json.dumps({"system": self.system, "messages": turns}, ensure_ascii=False)
