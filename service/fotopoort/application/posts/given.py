"""From what was given for each photo to the post of all of them.

Each photo was judged by itself, by what holds for its day; what is asked about it on all its channels came with that.
Here it is put as the fewest questions about all photos together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain

from fotopoort.application.contract.build import PUBLIC_SIDE
from fotopoort.application.contract.documents import Json
from fotopoort.application.contract.posts import post_as_document
from fotopoort.application.posts.bursts import Shot, bursts
from fotopoort.application.redecision import GivenScreening
from fotopoort.policy.crops.burst import Worth, better, full_in_view, worth
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.answers import merge
from fotopoort.policy.posts.asks import Asks
from fotopoort.policy.posts.post import PhotoId, Post
from fotopoort.policy.posts.questions import PostQuestion, post_questions
from fotopoort.policy.posts.verdicts import about_all, about_harm
from fotopoort.screening.screen import Request
from fotopoort.vocabulary import ChannelId, Findings, Outcome, Person, PersonId, Verdict


def post_of(given: Sequence[GivenScreening]) -> Post:
    """The photos that could be judged, as a post. Each is called by its SHA-256, so that the same photo is in it once,
    with all that was said of it.

    Args:
        given: for the same channels, at least one.
    """
    return _post(_judged(given), given[0].request)


def _post(judged: Mapping[PhotoId, Sequence[GivenScreening]], request: Request) -> Post:
    return Post(
        photos={sha256: same[0].screening.findings for sha256, same in judged.items()},
        channels=request.channels,
        answers={sha256: reduce(merge, (photo.request.answers for photo in same)) for sha256, same in judged.items()},
        bursts=_bursts(judged),
        together=request.together,
    )


def questions_about(given: Sequence[GivenScreening]) -> tuple[PostQuestion, ...]:
    """The fewest questions that settle these photos on all their channels, the cheapest first; of one photo too."""
    judged = _judged(given)
    return _questions(_post(judged, given[0].request), judged)


def _questions(post: Post, judged: Mapping[PhotoId, Sequence[GivenScreening]]) -> tuple[PostQuestion, ...]:
    asks = {sha256: reduce(Asks.and_also, (photo.screening.asks for photo in same)) for sha256, same in judged.items()}
    persons: dict[PersonId, Person] = {}
    for photo in chain.from_iterable(judged.values()):
        persons |= photo.context.people.persons if photo.context.people else {}
    return post_questions(post, asks, (), persons)


def post_document(given: Sequence[GivenScreening]) -> Json:
    """What is said of the photos as a whole, as the contract writes it; of none there is nothing to say."""
    if not given:
        return post_as_document([], {}, {})
    judged = _judged(given)
    post = _post(judged, given[0].request)
    verdicts = {sha256: same[0].screening.verdicts for sha256, same in judged.items()}
    harm = about_harm(post, verdicts)
    notes = about_all(post, verdicts, given[0].context.policy)
    questions = [*_questions(post, judged), *([harm] if harm else [])]
    together = [burst for burst in post.in_bursts(judged) if len(burst) > 1]
    return post_as_document(questions, notes, dict(_instead(post, judged)), together)


def _judged(given: Sequence[GivenScreening]) -> dict[PhotoId, list[GivenScreening]]:
    """Those that could be judged, by the photo's SHA-256."""
    judged: dict[PhotoId, list[GivenScreening]] = {}
    for photo in given:
        if photo.screening.findings.failure is None:
            judged.setdefault(photo.screening.findings.sha256, []).append(photo)
    return judged


def _bursts(judged: Mapping[PhotoId, Sequence[GivenScreening]]) -> dict[PhotoId, str]:
    """A key for each photo that is not the only one of its moment, see `Post.bursts`."""
    found = bursts(
        Shot(sha256, same[0].request.file_name or "", same[0].captured_at, same[0].screening.findings.perceptual_hash)
        for sha256, same in judged.items()
    )
    return {sha256: burst[0] for burst in found for sha256 in burst}


def _instead(post: Post, judged: Mapping[PhotoId, Sequence[GivenScreening]]) -> Iterator[tuple[PhotoId, PhotoId]]:
    """The photos of which another one of the same moment would do better, each with that one."""
    for burst in post.in_bursts(judged):
        of_each = {photo: judged[photo][0] for photo in burst}
        yield from better(
            {
                photo: worths(given.screening.findings, given.screening.verdicts, given.context.policy)
                for photo, given in of_each.items()
            }
        ).items()


def worths(findings: Findings, verdicts: Mapping[ChannelId, Verdict], policy: Policy) -> list[Worth]:
    """What a photo is worth on each channel."""
    faces = full_in_view(findings, PUBLIC_SIDE, policy)
    return [
        worth(
            verdict.outcome,
            verdict.crop.box if verdict.crop and verdict.outcome is not Outcome.REJECT else None,
            verdict.covered,
            full_in_view=faces,
            area=findings.width * findings.height,
        )
        for verdict in verdicts.values()
    ]
