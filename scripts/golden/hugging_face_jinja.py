"""Python's jinja2, configured as in Hugging Face's transformers for chat templates, at a fixed time."""

import json
from datetime import datetime

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2026, 3, 9, 7, 5, 2)


class Generation(jinja2.ext.Extension):
    """`{% generation %}`: renders its body as a block with its own scope."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


class RaisedByTemplate(jinja2.exceptions.TemplateError):
    pass


def _raise(message):
    raise RaisedByTemplate(message)


def _to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )
    env.filters["tojson"] = _to_json
    env.globals["raise_exception"] = _raise
    env.globals["strftime_now"] = NOW.strftime
    return env


def render(source, context):
    """`{"text": …}`, `{"raised": message}` for errors raised by the template, or `{"error": kind}` for others."""
    try:
        return {"text": environment().from_string(source).render(json.loads(json.dumps(context)))}
    except RaisedByTemplate as error:
        return {"raised": str(error)}
    except Exception as error:
        return {"error": type(error).__name__}
