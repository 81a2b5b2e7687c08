"""WordPress asks a Fotopoort that looks with its own models and decides by its own rules."""

from __future__ import annotations

from pathlib import Path

from tests.cms.client import WordPress
from tests.cms.photos import digest, original
from tests.cms.wordpress import site

from fotopoort.resources import resource

from ..api.service import serving


def test_a_photo_a_question_and_a_text(tmp_path: Path) -> None:
    class_list = resource("fixtures/classlist.csv")
    with serving(tmp_path / "data", "--registry", str(class_list), screeners=1) as fotopoort:
        settings = {"FOTOPOORT_ADDRESS": fotopoort.url, "FOTOPOORT_KEY": fotopoort.key}
        with site(settings=settings) as running:
            wordpress = WordPress(running)
            wordpress.speak("nl_NL")
            wordpress.set_options(fotopoort={"groups": {"author:1": "groep 5"}})

            # Nobody is in it: what is placed is what Fotopoort made of it. On a busy machine it may come later.
            content = original("nobody")
            response = wordpress.upload(content, "lokaal.jpg")
            assert response.status_code == 201, response.text
            attachment = response.json()["id"]
            wordpress.due()
            wordpress.run_schedule()
            given = fotopoort.client().get(f"/v1/gate/{digest(content)}", params={"channel": "website"}).json()
            assert given["outcome"] == "publish"
            placed = digest(wordpress.files(attachment)["source"].content)
            assert placed == given["rendition"]["sha256"] != digest(content)

            # Children are in it: a teacher is asked, and there is a placeholder until then.
            content = resource("fixtures/demo/IMG_2040.jpg").read_bytes()
            attachment = wordpress.upload(content, "kring.jpg").json()["id"]
            wordpress.due()
            wordpress.run_schedule()
            photo = wordpress.photo(attachment)
            assert photo is not None
            assert (photo["state"], photo["rendition"]) == ("waiting", None)
            assert "#post=" in photo["review"]
            assert not [path for path in running.uploads.rglob("*.jpg") if digest(path.read_bytes()) == digest(content)]

            # A child's name is in it.
            post = {"title": "Kamp", "content": "Daan Visser zat in de boot.", "status": "publish"}
            response = wordpress.api.post("/wp-json/wp/v2/posts", json=post)
            assert (response.status_code, response.json()["code"]) == (422, "fotopoort_text")
            post["content"] = "Wij zaten in de boot."
            assert wordpress.api.post("/wp-json/wp/v2/posts", json=post).status_code == 201
            assert running.complaints == []
