"""The addresses of pages, and which of them a request may name to be sent to."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode

HOME: Final = "/"
LOGIN: Final = "/login"
CODE: Final = "/login/code"
ENROL: Final = "/login/second-factor"
SETUP: Final = "/setup"
INVITATION: Final = "/invitation"
ACCOUNT: Final = "/account"
USERS: Final = "/users"
CLASS_LIST: Final = "/class-list"
PAGES: Final = frozenset({HOME, LOGIN, CODE, ENROL, SETUP, ACCOUNT, USERS, CLASS_LIST, "/logout", "/language"})
FOLDERS: Final = (f"{INVITATION}/", f"{ACCOUNT}/", f"{USERS}/", "/static/")

# Where somebody can be sent after logging in, and with another language: pages of ours that change nothing.
AFTER_LOGIN: Final = re.compile(r"/(account|class-list|users(/[0-9a-f]{16})?)?")
IN_ANOTHER_LANGUAGE: Final = re.compile(
    rf"{AFTER_LOGIN.pattern}|/login(/code|/second-factor)?|/setup|/invitation/[\w-]{{1,100}}", re.ASCII
)


def is_page(path: str) -> bool:
    """Whether this is the address of a page, or of what belongs to one: it needs no API key."""
    return path in PAGES or path.startswith(FOLDERS)


def local_path(path: str, allowed: re.Pattern[str] = AFTER_LOGIN) -> str:
    """The path, where somebody may be sent there; else the start page."""
    return path if allowed.fullmatch(path) else HOME


def page_address(path: str, goal: str = HOME) -> str:
    """The address of a page after which somebody goes on to another one."""
    return path if goal == HOME else f"{path}?{urlencode({'next': goal})}"
