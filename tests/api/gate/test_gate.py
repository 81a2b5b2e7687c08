"""A CMS asks whether it may publish a photo or a text."""

from __future__ import annotations

import hashlib

import httpx

from fotopoort.api.gate import examples
from fotopoort.application.contract.gate import GateDocument

from ..posts.posting import School, photo, say, settled, shown
from .asking import GATE, ask, now, once, told


def test_the_examples_are_what_they_say() -> None:
    for example in (examples.DONE, examples.WAITS, examples.PENDING):
        GateDocument.model_validate(example)


def test_a_photo_waits_for_a_teacher_and_then_may_go_out(school: School, cms: httpx.Client) -> None:
    content = photo(1, 1)
    document = told(ask(cms, content, reference="post-1"))
    GateDocument.model_validate(document)
    assert (document["status"], document["outcome"], document["rendition"]) == ("done", "reject", None)
    post = document["review"]["href"].partition("#post=")[2]
    with school.client("juf") as juf:
        (added,) = settled(juf, post)["photos"]
        say(juf, post, [added["id"]], {"absent": ["daan"]})
    after = once(cms, document["id"], outcome="publish")
    GateDocument.model_validate(after)
    assert after["review"] is None
    fetched = cms.get(after["rendition"]["href"])
    assert (fetched.status_code, shown(fetched.content)["shown"]) == (200, ["f1"])
    assert hashlib.sha256(fetched.content).hexdigest() == after["rendition"]["sha256"]
    assert len(fetched.content) == after["rendition"]["bytes"]
    by_hash = [now(cms, sha256) for sha256 in (after["sha256"], after["rendition"]["sha256"])]
    assert by_hash == [after, after]
    assert after["href"] == f"{GATE}/{hashlib.sha256(content).hexdigest()}?channel=website"
    assert after["holds"]
