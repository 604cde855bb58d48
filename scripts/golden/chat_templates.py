#!/usr/bin/env python3
"""Renders real chat templates with Python's jinja2, configured as in Hugging Face's transformers.

    pip install jinja2==3.1.6 gguf
    python3 scripts/golden/chat_templates.py \\
        --templates LLAMA_CPP/models/templates --model SmolLM2-135M-Instruct.Q4_1.gguf \\
        > Tests/JinjaTests/Golden/chat_templates.json

The tests read the folder's templates themselves, so the output does not include them, except SmolLM2's (Apache-2.0).
It has the full text for the required templates, and its length and FNV-1a hash for the others.
"""

import argparse
import json
import sys
from pathlib import Path

from hugging_face_jinja import render

REQUIRED = [
    "meta-llama-Llama-3.1-8B-Instruct.jinja",
    "Qwen-Qwen2.5-7B-Instruct.jinja",
    "Qwen-Qwen3-0.6B.jinja",
    "google-gemma-2-2b-it.jinja",
    "mistralai-Mistral-Nemo-Instruct-2407.jinja",
    "microsoft-Phi-3.5-mini-instruct.jinja",
]

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather at a place; \"now\" unless a day is given.",
        "parameters": {
            "type": "object",
            "properties": {
                "place": {"type": "string", "description": "A town, such as Zürich"},
                "day": {"type": "integer", "default": 0, "enum": [0, 1, 2]},
                "units": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["place"],
        },
        "return": {"type": "string", "description": "A sentence"},
    },
}
CLOCK = {
    "type": "function",
    "function": {"name": "clock", "description": "The time.", "parameters": {"type": "object", "properties": {}}},
}


def user(text):
    return {"role": "user", "content": text}


def assistant(text, **more):
    return {"role": "assistant", "content": text, **more}


def system(text):
    return {"role": "system", "content": text}


def tool_call(name, arguments, identifier):
    return {"id": identifier, "type": "function", "function": {"name": name, "arguments": arguments}}


CALLING = [
    user("How is the weather in Zürich?"),
    assistant("", tool_calls=[tool_call("get_weather", {"place": "Zürich", "day": 1, "units": ["°C", "mm"]}, "abcdefghi")]),
    {"role": "tool", "name": "get_weather", "content": "{\"sky\": \"<b>clear</b>\"}", "tool_call_id": "abcdefghi"},
]

CONVERSATIONS = {
    "one question": dict(messages=[user("What is 2+2?")]),
    "no prompt for a reply": dict(messages=[user("Hi"), assistant("Hello!")], add_generation_prompt=False),
    "system first": dict(messages=[system("You are terse."), user("Hi")]),
    "several turns": dict(
        messages=[user("Hi"), assistant("Hello!"), user("And now?"), assistant("Nothing."), user("Really?")]
    ),
    "several turns with system": dict(
        messages=[system("Be kind."), user("Hi"), assistant("Hello!"), user("And now?")]
    ),
    "empty texts": dict(messages=[system(""), user(""), assistant(""), user("")]),
    "beyond ASCII": dict(messages=[user("Grüße, 世界! 👩‍👩‍👧 e\u0301 \u00e9 \u202eabc"), assistant("Ça va — “oui”."), user("שלום")]),
    "white space": dict(messages=[system("  two \n"), user("\n\n  code:\n\tx = 1\n \n"), assistant("  ok  "), user("\n")]),
    "markup and quotes": dict(
        messages=[user("<b>\"it's\" & {{ x }} {% y %}</b> \\n <|im_end|>"), assistant("'a' \\ \"b\""), user("`c`")]
    ),
    "thinking": dict(
        messages=[
            user("Think."),
            assistant("<think>\nHmm, let me see.\n</think>\n\nDone."),
            user("Again."),
            assistant("Sure.", reasoning_content="A second thought."),
            user("More?"),
        ],
        enable_thinking=True,
    ),
    "no thinking": dict(messages=[user("Quick!")], enable_thinking=False),
    "tools offered": dict(messages=[system("Use tools."), user("Weather?")], tools=[WEATHER, CLOCK]),
    "tools offered without system": dict(messages=[user("Weather?")], tools=[WEATHER]),
    "a tool called": dict(messages=CALLING, tools=[WEATHER, CLOCK]),
    "a tool called and answered": dict(
        messages=CALLING + [assistant("It is clear."), user("Thanks. The time?")], tools=[WEATHER, CLOCK]
    ),
    "two tools called": dict(
        messages=[
            system("Be quick."),
            user("Weather and time?"),
            assistant(
                "I look.",
                tool_calls=[tool_call("get_weather", {"place": "Bern"}, "aaaaaaaaa"), tool_call("clock", {}, "bbbbbbbbb")],
            ),
            {"role": "tool", "name": "get_weather", "content": "rain", "tool_call_id": "aaaaaaaaa"},
            {"role": "tool", "name": "clock", "content": "12:30", "tool_call_id": "bbbbbbbbb"},
        ],
        tools=[WEATHER, CLOCK],
    ),
    "content in parts": dict(
        messages=[{"role": "user", "content": [{"type": "text", "text": "Look "}, {"type": "text", "text": "here."}]}]
    ),
    "two users in a row": dict(messages=[user("One."), user("Two.")]),
    "assistant first": dict(messages=[assistant("Welcome."), user("Hi")]),
    "system last": dict(messages=[user("Hi"), system("Late.")]),
    "unknown role": dict(messages=[{"role": "critic", "content": "Hm."}]),
    "content missing": dict(messages=[{"role": "user"}]),
    "no messages": dict(messages=[]),
    "strange arguments": dict(
        messages=[
            user("Go."),
            assistant(None, tool_calls=[tool_call("f", {"a": None, "b": 1.5, "c": True, "d": {"e": [1, "x'y"]}}, "ccccccccc")]),
        ],
        tools=[CLOCK],
        add_generation_prompt=False,
    ),
}


def contexts():
    for name, context in CONVERSATIONS.items():
        yield name, {
            "messages": context["messages"],
            "tools": context.get("tools"),
            "documents": None,
            "add_generation_prompt": context.get("add_generation_prompt", True),
            "bos_token": "<s>",
            "eos_token": "</s>",
            **{key: context[key] for key in context if key not in ("messages", "tools", "add_generation_prompt")},
        }


def fingerprint(text):
    data = text.encode()
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{len(data)}-{value:016x}"


def embedded_template(path):
    import gguf

    field = gguf.GGUFReader(path).fields["tokenizer.chat_template"]
    return bytes(field.parts[field.data[0]]).decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--templates", type=Path, required=True)
    parser.add_argument("--model", required=True)
    options = parser.parse_args()

    smollm2 = embedded_template(options.model)
    required = {"SmolLM2": smollm2}
    required |= {name: (options.templates / name).read_text() for name in REQUIRED}
    others = {
        path.name: path.read_text() for path in sorted(options.templates.glob("*.jinja")) if path.name not in required
    }
    expected = {
        name: {title: render(source, context) for title, context in contexts()} for name, source in required.items()
    }
    fingerprints = {}
    for name, source in others.items():
        results = ((title, render(source, context)) for title, context in contexts())
        fingerprints[name] = {
            title: {"fingerprint": fingerprint(result["text"])} if "text" in result else result
            for title, result in results
        }
    golden = {
        "source": {"SmolLM2": smollm2},
        "contexts": dict(contexts()),
        "required": expected,
        "others": fingerprints,
    }
    json.dump(golden, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
