"""The same in a real WordPress with the plugin in it, where the machine has what that runs on."""

from __future__ import annotations

import hashlib
from typing import Final

import httpx
from integrations.demo_cms.school import School
from integrations.demo_cms.steps import Otherwise, Steps, eventually, must
from tests.cms.client import WordPress
from tests.cms.prepared import Missing, prepare
from tests.cms.wordpress import site

from fotopoort.cli.demo.school import GROUP, samples
from fotopoort.client import Fotopoort
from fotopoort.registry.access.roles import KeyRole
from fotopoort.vocabulary import Language, Text

PHOTO: Final = "IMG_2055.png"
LOCALES: Final = {Language.NL: "nl_NL", Language.EN: "en_US"}
PACKAGES: Final = (
    "php-cli php-mysql php-gd php-curl php-xml php-mbstring php-imagick mariadb-server-core mariadb-client-core"
)


def show_wordpress(steps: Steps, school: School, fotopoort: Fotopoort) -> None:
    """Upload a photo that may go out, and one that may not, as the block editor does.

    Raises:
        Otherwise: something else became of them.
    """
    try:
        prepare("stable")  # takes a minute the first time
        _show(steps, school, fotopoort)
    except Missing:
        steps.say(
            Text(
                nl=f"Zie hetzelfde in WordPress, op Debian met deze pakketten: {PACKAGES}",
                en=f"See the same in WordPress, on Debian with these packages: {PACKAGES}",
            )
        )
    except (AssertionError, RuntimeError):  # of what brings it up for tests
        raise Otherwise(Text(nl="WordPress start niet", en="WordPress does not start")) from None


def _show(steps: Steps, school: School, fotopoort: Fotopoort) -> None:
    settings = {"FOTOPOORT_ADDRESS": school.url, "FOTOPOORT_KEY": school.keys[KeyRole.CMS]}
    with site(settings=settings) as running:
        wordpress = WordPress(running)
        wordpress.speak(LOCALES[steps.language])
        wordpress.set_options(fotopoort={"groups": {"author:1": GROUP}})
        content = (samples() / PHOTO).read_bytes()

        answer = wordpress.upload(content, PHOTO)
        _expect(answer, httpx.codes.CREATED)
        number, sent = answer.json()["id"], hashlib.sha256(content).hexdigest()
        not_yet = Text(nl="de foto is nog niet bekeken", en="the photo is not looked at yet")
        eventually(lambda: not fotopoort.verdict(sent, "website").is_pending, not_yet)
        wordpress.due()
        wordpress.run_schedule()
        verdict = fotopoort.verdict(sent, "website")
        shown = hashlib.sha256(wordpress.files(number)["source"].content).hexdigest()
        must(verdict.rendition is not None and shown == verdict.rendition.sha256, _became(answer))
        steps.say(
            Text(
                nl=f"WordPress {running.version}: {PHOTO} is geüpload. Bezoekers zien wat Fotopoort ervan maakte:",
                en=f"WordPress {running.version}: {PHOTO} was uploaded. Visitors see what Fotopoort made of it:",
            ),
            wordpress.media(number)["source_url"],
        )

        refused = wordpress.upload(content[: len(content) // 2], "kapot.png")
        _expect(refused, httpx.codes.UNPROCESSABLE_ENTITY)
        named = wordpress.api.post(
            "/wp-json/wp/v2/posts", json={"title": "Kamp", "content": "Lotte zat in de boot.", "status": "publish"}
        )
        _expect(named, httpx.codes.UNPROCESSABLE_ENTITY)
        steps.say(
            Text(
                nl="WordPress weigert een kapotte foto, en een bericht met een naam erin (422):",
                en="WordPress refuses a damaged photo, and an article with a name in it (422):",
            ),
            refused.json()["message"],
            named.json()["message"],
        )
        if running.complaints:
            complaint = running.complaints[0]
            raise Otherwise(Text(nl=complaint, en=complaint))


def _expect(answer: httpx.Response, status: int) -> None:
    must(answer.status_code == status, _became(answer))


def _became(answer: httpx.Response) -> Text:
    told = f"WordPress: {answer.status_code}"
    return Text(nl=told, en=told)
