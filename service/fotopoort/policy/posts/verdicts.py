"""From a post to a verdict for each photo on each channel, and what to ask about all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fotopoort.policy.decide import decide, judge, settled
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.asks import Asks, asks_about
from fotopoort.policy.posts.post import PhotoId, Post
from fotopoort.policy.posts.questions import PostQuestion, post_questions
from fotopoort.policy.together import as_strict_as_all
from fotopoort.vocabulary import ChannelId, Findings, People, Question, Verdict


@dataclass(frozen=True, slots=True)
class PostVerdict:
    """What becomes of a post.

    Attributes:
        photos: per photo, in the order of the post, and per channel: as `decide_all` says, each with its own questions.
        text: per channel, of the post's text alone; none where there is no text.
        questions: the fewest about all of it, the cheapest first.
    """

    photos: Mapping[PhotoId, Mapping[ChannelId, Verdict]]
    text: Mapping[ChannelId, Verdict]
    questions: tuple[PostQuestion, ...]


def decide_post(post: Post, people: People | None, policy: Policy) -> PostVerdict:
    """Judge every photo of a post for every channel, and its text.

    Args:
        people: everyone the school knows; None: anyone could be anyone, and nobody may be shown.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    verdicts: dict[PhotoId, Mapping[ChannelId, Verdict]] = {}
    asks: dict[PhotoId, Asks] = {}
    for photo, findings in post.photos.items():
        answers = post.about(photo)
        judged = {channel: judge(findings, answers, people, policy, channel) for channel in post.channels}
        apart = {channel: one.asking() for channel, one in judged.items()}
        verdicts[photo] = settled(apart, findings, answers, people, policy, together=post.together)
        asks[photo] = asks_about(judged, together=post.together)
    text = decide_text(post, people, policy)
    about_text: dict[str, Question] = {
        question.id: question for verdict in text.values() for question in verdict.questions
    }
    persons = people.persons if people else {}
    return PostVerdict(verdicts, text, post_questions(post, asks, list(about_text.values()), persons))


def decide_text(post: Post, people: People | None, policy: Policy) -> dict[ChannelId, Verdict]:
    """Judge the text of a post by itself, for every channel: as a photo of nothing that goes with it."""
    if post.text is None:
        return {}
    alone = Findings("", 1, 1, "", names=post.text.names, has_text=True, names_checked=post.text.checked)
    verdicts = {channel: decide(alone, post.about_text(), people, policy, channel) for channel in post.channels}
    return as_strict_as_all(verdicts, people, policy) if post.together else verdicts
