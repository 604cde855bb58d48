"""Which protocol is at which path."""

from __future__ import annotations

from .anthropic import Anthropic
from .compatible import Compatible
from .lmstudio import LMStudio
from .mistral import Mistral
from .ollama import Ollama
from .openai import OpenAI
from .protocol import Protocol

PROTOCOLS: list[Protocol] = [OpenAI(), Anthropic(), Mistral(), Ollama(), LMStudio(), Compatible()]


def protocol_for(path: str) -> Protocol | None:
    return next((found for found in PROTOCOLS if path.startswith(found.prefix + "/")), None)
