"""What every protocol has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from .refused import Refused
from .scenario import Scenario
from .steps import Reply
from .streams import Encoder, Stream, stream

if TYPE_CHECKING:
    from .http import Request

Route = Callable[["Request"], object]


class Protocol:
    prefix = ""
    routes: dict[tuple[str, str], str] = {}
    """Methods by HTTP method and path; each returns a `Stream`, or the JSON of the answer."""
    models: dict[str, dict] = {}
    """What differs between the models, by name."""

    def answer(self, request: Request) -> object:
        self.check_key(request)
        if request.method == "POST" and "application/json" not in request.headers.get("content-type", ""):
            raise Refused(415, "Unsupported media type: the content type must be application/json")
        name = self.routes.get((request.method, request.path))
        if name is None:
            raise Refused(404, f"Unknown request URL: {request.method} {request.path}", code="unknown_url")
        if request.method == "POST" and not isinstance(request.body, dict):
            raise Refused(400, "We could not parse the JSON body of your request.")
        return getattr(self, name)(request)

    def check_key(self, request: Request) -> None:
        raise NotImplementedError

    def check_bearer(self, request: Request, required: bool = True) -> None:
        """The key in the header that most services use."""
        header = request.headers.get("authorization")
        if header is None and not required:
            return
        if header is None:
            raise Refused(401, "You didn't provide an API key.", code="missing_api_key")
        if header != f"Bearer {request.server.key}":
            raise Refused(401, "Incorrect API key provided: pe***ey.", code="invalid_api_key")

    def model(self, name: str) -> dict:
        """The model with this name, without its scenario."""
        plain = name.split("--")[0]
        if plain not in self.models:
            raise Refused(404, f"The model '{name}' does not exist", code="model_not_found")
        return self.models[plain]

    def error(self, refused: Refused) -> object:
        """The body of an error status."""
        raise NotImplementedError

    def play(self, request: Request, encoder: Encoder) -> Stream:
        """Does what the conversation's scenario says."""
        conversation = encoder.conversation
        scenario = Scenario.of(conversation)
        scenario.before_answer(request)
        reply = scenario.reply(conversation)
        self.load(request, reply, encoder)
        return stream(reply, encoder)

    def load(self, request: Request, reply: Reply, encoder: Encoder) -> None:
        """Where a service loads models when they are first used."""


def content_text(content: object, types: tuple[str, ...], complain: Callable[[], Refused]) -> str:
    """The text of a message's content: a string, or a list of parts of these types."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise complain()
    texts = []
    for part in content:
        if not isinstance(part, dict) or part.get("type") not in types or not isinstance(part.get("text"), str):
            raise complain()
        texts.append(part["text"])
    return "".join(texts)


def default_message(refused: Refused, words: dict[int, str]) -> str:
    """A service's own words for a status, where the scenario has none."""
    return refused.message or words.get(refused.status) or f"Status {refused.status}"
