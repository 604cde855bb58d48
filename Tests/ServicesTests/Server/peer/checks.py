"""Checks of requests. `Refusal` of a protocol says how it words each complaint."""

from __future__ import annotations

from typing import Callable

from .refused import Refused

Complaint = Callable[[str, str], Refused]


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


class Fields:
    """The fields of an object in a request.

    `complain(kind, name)` makes the error; kinds are "missing", "unknown", "type" and "range".
    """

    def __init__(self, value: object, complain: Complaint, where: str = ""):
        if not isinstance(value, dict):
            raise complain("type", where or "body")
        self.value = value
        self.complain = complain
        self.where = where

    def name(self, field: str) -> str:
        return f"{self.where}.{field}" if self.where else field

    def known(self, *names: str) -> None:
        for field in self.value:
            if field not in names:
                raise self.complain("unknown", self.name(field))

    def get(self, field: str, *types: type, required: bool = False) -> object:
        """A field's value; null counts as absent."""
        value = self.value.get(field)
        if value is None:
            if required:
                raise self.complain("missing", self.name(field))
            return None
        matches = any(
            (kind is int and is_integer(value)) or (kind is float and is_number(value))
            or (kind not in (int, float) and isinstance(value, kind))
            for kind in types
        )
        if not matches:
            raise self.complain("type", self.name(field))
        return value

    def number(self, field: str, low: float, high: float, kind: type = float) -> object:
        value = self.get(field, kind)
        if value is not None and not low <= value <= high:
            raise self.complain("range", self.name(field))
        return value

    def choice(self, field: str, *choices: object) -> object:
        value = self.value.get(field)
        if value is not None and value not in choices:
            raise self.complain("range", self.name(field))
        return value

    def strings(self, field: str, most: int = 1000) -> list[str]:
        """A string or a list of strings, as a list."""
        value = self.get(field, str, list)
        found = [value] if isinstance(value, str) else value or []
        if not all(isinstance(text, str) for text in found):
            raise self.complain("type", self.name(field))
        if len(found) > most:
            raise self.complain("range", self.name(field))
        return found
