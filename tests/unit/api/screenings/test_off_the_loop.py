"""Answers may be large: they are read beside the event loop, so that the service goes on meanwhile."""

from __future__ import annotations

import asyncio
import io
import threading

import pytest
from starlette.datastructures import FormData, UploadFile

from fotopoort.api.screenings import form
from fotopoort.application.service import ScreeningService
from fotopoort.policy_file import load_policy
from fotopoort.registry.access.roles import console
from fotopoort.registry.answers.answers import read_json


def test_answers_in_a_form_are_read_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []

    def noting(text: str) -> object:
        threads.append(threading.get_ident())
        return read_json(text)

    monkeypatch.setattr(form, "read_json", noting)
    policy = load_policy()
    sent = FormData([("photo", UploadFile(io.BytesIO(b"x"))), ("channel", "website"), ("answers", "{}")])
    asyncio.run(form.read(sent, policy, ScreeningService(policy).context(console("school")), 1))
    assert len(threads) == 1
    assert threading.get_ident() not in threads
