"""What the server does with a request.

A scenario is named in the last message by the user, "scenario NAME ARGUMENT…", or at the end of the model's name after
two dashes: "gpt-5--count". Times are in milliseconds.

    echo                       the conversation as JSON (also without a scenario)
    say TEXT…                  the rest of the line
    count [N=10] [MS=0]        the numbers up to N; continues after the last number of an unfinished reply
    think                      thinking, then an answer; what goes with the thinking must come back in later requests
    tags                       thinking between tags in the text
    refuse, filter             the model, or a filter of the service, declines
    pause, context             the service pauses a long turn; the context is full
    tokens                     text with a character that is split between two tokens

    quiet [MS=1000]            no answer at all for a while, then a reply
    silent [MS=1000]           an answer begins, but its first token takes a while
    stall [MS=1000]            a pause in the middle
    load [MS=500]              the model loads first, if the service has a way to show it
    prefill [MS=50]            the prompt is read in steps

    leak                       an error that repeats the key
    status CODE [TIMES] [RETRY-AFTER]   an error the first TIMES times (0: always); "date" for a date 2 s ahead
    parameter NAME             refuses one parameter as long as it is sent
    overflow                   the conversation is longer than the context
    page                       a proxy's HTML page with status 502
    redirect, redirect-here    to another host, and to another path of this one
    fail [TEXT…]               an error in the middle of the stream
    cut, cut-event, cut-character   the connection ends: between events, in an event, in a character;
                               continues like count
    malformed                  an event that is no JSON
    line, flood                a line or events without an end
"""

from __future__ import annotations

import email.utils
import re
import time
from typing import TYPE_CHECKING

from .conversation import Conversation
from .refused import Page, Redirected, Refused
from .steps import Broken, Cut, Fail, Flood, Progress, Reply, Say, Step, Stop, Think, Wait, pieces

if TYPE_CHECKING:
    from .http import Request

THOUGHT = "The user asks something — “why?” is the question. Let me see: naïve, 思考, 🤔."
ANSWER = "Because Grüße, 世界 and 👋🏽 are text like any other."


class Scenario:
    def __init__(self, name: str, arguments: list[str]):
        self.name = name
        self.arguments = arguments

    @classmethod
    def of(cls, conversation: Conversation) -> Scenario:
        for text in (conversation.last_user_text, conversation.model):
            found = re.search(r"(?:^scenario |--)([a-z-]+)((?: [^\n]*)?)", text)
            if found and (text is conversation.model or text.startswith("scenario ")):
                return cls(found[1], found[2].split())
        return cls("echo", [])

    def number(self, index: int, default: int) -> int:
        return int(self.arguments[index]) if len(self.arguments) > index else default

    def seconds(self, index: int, default: int) -> float:
        return self.number(index, default) / 1000

    def before_answer(self, request: Request) -> None:
        """Waits or raises where the scenario has no reply."""
        if self.name == "quiet":
            time.sleep(self.seconds(0, 1000))
        elif self.name == "status":
            self.fail_sometimes(request.tries)
        elif self.name == "leak":
            raise Refused(401, f"Incorrect API key provided: {request.server.key}.")
        elif self.name == "parameter":
            name = self.arguments[0]
            if name in request.body:
                raise Refused(
                    400, f"Unsupported parameter: '{name}' is not supported with this model.",
                    code="unsupported_parameter", param=name)
        elif self.name == "overflow":
            raise Refused(400, "", code="context_length_exceeded")
        elif self.name == "page":
            raise Page(502, "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>")
        elif self.name == "redirect":
            # Another host that leads here too, so that the log shows what is sent to it.
            raise Redirected(f"http://localhost:{request.server.server_port}/elsewhere")
        elif self.name == "redirect-here":
            raise Redirected("/elsewhere")

    def fail_sometimes(self, tries: int) -> None:
        times = self.number(1, 0)
        if times and tries > times:
            return
        headers = {}
        if len(self.arguments) > 2:
            wait = self.arguments[2]
            date = email.utils.formatdate(time.time() + 2, usegmt=True)
            headers["Retry-After"] = date if wait == "date" else wait
        raise Refused(int(self.arguments[0]), "", headers=headers)

    def reply(self, conversation: Conversation) -> Reply:
        """The reply of scenarios that have one. `Refused` for an unknown name, so that typing errors show."""
        make = getattr(self, "do_" + self.name.replace("-", "_"), None)
        if make is None:
            raise Refused(400, f"No scenario {self.name}")
        reply = make(conversation)
        return Reply(reply) if isinstance(reply, list) else reply

    # Ordinary replies.

    def do_echo(self, conversation: Conversation) -> list[Step]:
        return [Say(piece) for piece in pieces(conversation.echo())]

    do_quiet = do_echo
    do_status = do_echo
    do_parameter = do_echo

    def do_say(self, _: Conversation) -> list[Step]:
        return [Say(piece) for piece in pieces(" ".join(self.arguments))]

    def do_count(self, conversation: Conversation) -> list[Step]:
        steps: list[Step] = []
        for piece in numbers(conversation, self.number(0, 10)):
            steps += [Say(piece), Wait(self.seconds(1, 0))]
        return steps

    def do_think(self, conversation: Conversation) -> list[Step]:
        thoughts = [Think(piece) for piece in pieces(THOUGHT)] if conversation.thinks else []
        return thoughts + [Say(piece) for piece in pieces(ANSWER)]

    def do_tags(self, _: Conversation) -> list[Step]:
        return [Say(piece) for piece in pieces(f"<think>\n{THOUGHT}\n</think>\n\n{ANSWER}")]

    def do_refuse(self, _: Conversation) -> Reply:
        return Reply([Say("I cannot help with that.")], Stop("refusal"))

    def do_filter(self, _: Conversation) -> Reply:
        return Reply([Say("This is where")], Stop("filter"))

    def do_pause(self, _: Conversation) -> Reply:
        return Reply([Say("To be continued")], Stop("pause"))

    def do_context(self, _: Conversation) -> Reply:
        return Reply([Say("There is no more")], Stop("context"))

    def do_tokens(self, _: Conversation) -> list[Step]:
        wave = "👋".encode()
        return [Say("Hello"), Say(" "), Say("", token=wave[:3]), Say("👋", token=wave[3:]), Say("!")]

    # Slow ones.

    def do_silent(self, conversation: Conversation) -> list[Step]:
        return [Wait(self.seconds(0, 1000))] + self.do_echo(conversation)

    def do_stall(self, _: Conversation) -> list[Step]:
        return [Say("Wait"), Wait(self.seconds(0, 1000)), Say(" for it")]

    def do_load(self, conversation: Conversation) -> Reply:
        return Reply(self.do_echo(conversation), load_seconds=self.seconds(0, 500))

    def do_prefill(self, conversation: Conversation) -> list[Step]:
        total, cached = conversation.prompt_tokens, conversation.cached_tokens
        steps: list[Step] = []
        for part in range(5):
            steps += [Progress(cached + (total - cached) * part // 4, total, cached), Wait(self.seconds(0, 50))]
        return steps + self.do_echo(conversation)

    # Broken ones.

    def do_fail(self, _: Conversation) -> list[Step]:
        message = " ".join(self.arguments) or "The server had an error while processing your request."
        return [Say("So far"), Say(" so good"), Fail(message)]

    def do_cut(self, conversation: Conversation, end: Cut | None = None) -> list[Step]:
        found = [Say(piece) for piece in numbers(conversation, 10)]
        return found if conversation.beginning else found[:5] + [end or Cut()]

    def do_cut_event(self, conversation: Conversation) -> list[Step]:
        return self.do_cut(conversation, Cut(event=" more"))

    def do_cut_character(self, conversation: Conversation) -> list[Step]:
        return self.do_cut(conversation, Cut(event=" 👋", half_character=True))

    def do_malformed(self, _: Conversation) -> list[Step]:
        return [Say("So far"), Broken()]

    def do_line(self, _: Conversation) -> list[Step]:
        return [Say("So far"), Flood(is_line=True)]

    def do_flood(self, _: Conversation) -> list[Step]:
        return [Say("So far"), Flood(is_line=False)]


def numbers(conversation: Conversation, last: int) -> list[str]:
    """ "1", " 2", … after those that the reply begins with."""
    begun = re.findall(r"\d+", conversation.beginning)
    first = int(begun[-1]) + 1 if begun else 1
    return [str(number) if number == 1 else f" {number}" for number in range(first, last + 1)]
