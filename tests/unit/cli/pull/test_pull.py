"""`fotopoort pull` as whoever looks after the machine would use it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pull.hoster import served

from ..conftest import Fotopoort


def test_a_website_is_paired_listed_and_removed(
    fotopoort: Fotopoort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOTOPOORT_DATA_FOLDER", str(tmp_path / "data"))
    with served(tmp_path / "hoster") as hoster:
        code = hoster.code()
        pairing = fotopoort("pull", "pair", code).out.strip()
        assert hoster.school is not None
        assert pairing == hoster.school["pairing"]
        refused = fotopoort("pull", "pair", code)
        assert (refused.status, refused.out) == (2, "")
        [row] = fotopoort("pull", "list", "--json").documents
        assert (row["id"], row["address"], row["reached"], row["error"]) == (pairing, hoster.address, None, None)
        assert pairing in fotopoort("--lang", "nl", "pull", "list").out
    assert fotopoort("pull", "remove", pairing).status == 0
    assert fotopoort("pull", "remove", pairing).status == 2
    assert fotopoort("pull", "list", "--json").documents == []
