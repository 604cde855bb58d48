"""Answers with an error status. Each protocol wraps them in its own body."""

from __future__ import annotations


class Refused(Exception):
    """An error status with the message that the service gives for it."""

    def __init__(
        self, status: int, message: str, *, code: str | None = None, param: str | None = None,
        headers: dict[str, str] | None = None,
    ):
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.headers = headers or {}


class Redirected(Exception):
    """An answer that sends the client to another place."""

    def __init__(self, location: str, status: int = 307):
        super().__init__(location)
        self.location = location
        self.status = status


class Page(Exception):
    """A page that no service sends, but a proxy in front of it."""

    def __init__(self, status: int, html: str):
        super().__init__(html)
        self.status = status
        self.html = html
