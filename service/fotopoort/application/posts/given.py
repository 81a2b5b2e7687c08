"""From what was given for each photo to the post of all of them.

Each photo was judged by itself, by what holds for its day; what is asked about it on all its channels came with that.
Here it is put as the fewest questions about all photos together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from fotopoort.application.contract.documents import Json
from fotopoort.application.contract.posts import post_as_document
from fotopoort.application.redecision import GivenScreening
from fotopoort.policy.posts.answers import merge
from fotopoort.policy.posts.asks import Asks
from fotopoort.policy.posts.post import Post
from fotopoort.policy.posts.questions import PostQuestion, post_questions
from fotopoort.policy.posts.verdicts import about_all, about_harm
from fotopoort.vocabulary import Person, PersonId


def post_of(given: Sequence[GivenScreening]) -> Post:
    """The photos that could be judged, as a post. Each is called by its SHA-256, so that the same photo is in it once,
    with all that was said of it.

    Args:
        given: for the same channels, at least one.
    """
    judged = _judged(given)
    request = given[0].request
    return Post(
        photos={sha256: same[0].screening.findings for sha256, same in judged.items()},
        channels=request.channels,
        answers={sha256: reduce(merge, (photo.request.answers for photo in same)) for sha256, same in judged.items()},
        together=request.together,
    )


def questions_about(given: Sequence[GivenScreening]) -> tuple[PostQuestion, ...]:
    """The fewest questions that settle these photos on all their channels, the cheapest first; of one photo too."""
    asks = {
        sha256: reduce(Asks.and_also, (photo.screening.asks for photo in same))
        for sha256, same in _judged(given).items()
    }
    persons: dict[PersonId, Person] = {}
    for photo in given:
        persons |= photo.context.people.persons if photo.context.people else {}
    return post_questions(post_of(given), asks, (), persons)


def post_document(given: Sequence[GivenScreening]) -> Json:
    """What is said of the photos as a whole, as the contract writes it; of none there is nothing to say."""
    if not given:
        return post_as_document([], {})
    post = post_of(given)
    verdicts = {sha256: same[0].screening.verdicts for sha256, same in _judged(given).items()}
    harm = about_harm(post, verdicts)
    notes = about_all(post, verdicts, given[0].context.policy)
    return post_as_document([*questions_about(given), *([harm] if harm else [])], notes)


def _judged(given: Sequence[GivenScreening]) -> dict[str, list[GivenScreening]]:
    """Those that could be judged, by the photo's SHA-256."""
    judged: dict[str, list[GivenScreening]] = {}
    for photo in given:
        if photo.screening.findings.failure is None:
            judged.setdefault(photo.screening.findings.sha256, []).append(photo)
    return judged
