"""WordPress asks a Fotopoort that looks with its own models and decides by its own rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from tests.cms.client import WordPress
from tests.cms.photos import digest, original
from tests.cms.wordpress import site
from tests.waiting import wait_for

from fotopoort.cli.registry_session import open_registry
from fotopoort.registry.access.roles import Act
from fotopoort.registry.lists import imports
from fotopoort.resources import resource
from fotopoort.settings import Settings

from ..api.service import serving


def answer(fotopoort: httpx.Client, wordpress: WordPress, content: bytes) -> dict[str, Any]:
    """What Fotopoort says of a photo that was uploaded, once it has looked; WordPress has heard it too then."""
    document: dict[str, Any] = {}

    def is_looked_at() -> bool:
        response = fotopoort.get(f"/v1/gate/{digest(content)}", params={"channel": "website"})
        document.update(response.json())
        return bool(document["status"] == "done")

    wait_for(is_looked_at)
    wordpress.due()
    wordpress.run_schedule()
    return document


def test_a_photo_a_question_and_a_text(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with open_registry(Settings(data_folder=folder), make=True) as (registry, caller):
        with registry.write(caller, Act.IMPORT) as session:
            imports.apply(session, imports.plan(session, resource("fixtures/classlist.csv").read_bytes()))
    with serving(folder, "--new-key", screeners=1) as service, service.client() as fotopoort:
        with site(settings={"FOTOPOORT_ADDRESS": service.url, "FOTOPOORT_KEY": service.key}) as running:
            wordpress = WordPress(running)
            wordpress.speak("nl_NL")
            wordpress.set_options(fotopoort={"groups": {"author:1": "groep 5"}})

            # Nobody is in it: what is placed is what Fotopoort made of it.
            content = original("nobody")
            response = wordpress.upload(content, "lokaal.jpg")
            assert response.status_code == 201, response.text
            said = answer(fotopoort, wordpress, content)
            placed = digest(wordpress.files(response.json()["id"])["source"].content)
            assert said["outcome"] == "publish"
            assert placed == said["rendition"]["sha256"] != digest(content)

            # Children are in it: a teacher is asked, and there is a placeholder until then.
            content = resource("fixtures/demo/IMG_2040.jpg").read_bytes()
            response = wordpress.upload(content, "kring.jpg")
            assert response.status_code == 201, response.text
            said = answer(fotopoort, wordpress, content)
            photo = wordpress.photo(response.json()["id"])
            assert photo is not None
            assert (photo["state"], photo["rendition"], photo["nl"]) == ("waiting", None, said["message"]["nl"])
            assert photo["review"] == said["review"]["href"]
            assert digest(content) not in {digest(path.read_bytes()) for path in running.uploads.rglob("*.jpg")}

            # A child's name is in it.
            post = {"title": "Kamp", "content": "Daan Visser zat in de boot.", "status": "publish"}
            refused = wordpress.api.post("/wp-json/wp/v2/posts", json=post)
            assert (refused.status_code, refused.json()["code"]) == (422, "fotopoort_text")
            post["content"] = "Wij zaten in de boot."
            assert wordpress.api.post("/wp-json/wp/v2/posts", json=post).status_code == 201
            assert running.complaints == []
