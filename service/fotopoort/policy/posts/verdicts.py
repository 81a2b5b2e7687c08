"""From a post to a verdict for each photo on each channel, and what to ask about all of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fotopoort.policy.decide import decide, judge, settled
from fotopoort.policy.policy import Policy
from fotopoort.policy.posts.asks import Asks, asks_about
from fotopoort.policy.posts.post import PhotoId, Post
from fotopoort.policy.posts.questions import PostQuestion, harm_question_of, post_questions
from fotopoort.policy.texts.wording import few_overviews
from fotopoort.policy.together import as_strict_as_all
from fotopoort.vocabulary import Answers, ChannelId, Findings, Outcome, People, Reason, Verdict


@dataclass(frozen=True, slots=True)
class PostVerdict:
    """What becomes of a post.

    Attributes:
        photos: per photo, in the order of the post, and per channel: as `decide_all` says, each with its own questions.
        text: per channel, of the post's text alone; none where there is no text.
        questions: the fewest about all of it, the cheapest first.
        harm: the question that nothing waits for, see `about_harm`; None where it needs no asking.
        notes: per channel, what is told of the photos as a whole (rule R61); none where there is nothing to tell.
    """

    photos: Mapping[PhotoId, Mapping[ChannelId, Verdict]]
    text: Mapping[ChannelId, Verdict]
    questions: tuple[PostQuestion, ...]
    harm: PostQuestion | None = None
    notes: Mapping[ChannelId, Reason] = field(default_factory=dict)


def decide_photo(
    findings: Findings,
    answers: Answers,
    people: People | None,
    policy: Policy,
    channels: Iterable[ChannelId],
    *,
    together: bool,
) -> tuple[dict[ChannelId, Verdict], Asks]:
    """The verdicts of a photo, as `decide_all` gives them, and what to ask about it on all these channels together.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    judged = {channel: judge(findings, answers, people, policy, channel) for channel in channels}
    apart = {channel: photo.asking() for channel, photo in judged.items()}
    verdicts = settled(apart, findings, answers, people, policy, together=together)
    return verdicts, asks_about(judged, together=together)


def decide_post(post: Post, people: People | None, policy: Policy) -> PostVerdict:
    """Judge every photo of a post for every channel, and its text.

    Args:
        people: everyone the school knows; None: anyone could be anyone, and nobody may be shown.

    Raises:
        UnknownChannel: the policy has no such channel.
    """
    decided = {
        photo: decide_photo(findings, post.about(photo), people, policy, post.channels, together=post.together)
        for photo, findings in post.photos.items()
    }
    verdicts = {photo: of_photo for photo, (of_photo, _) in decided.items()}
    asks = {photo: asked for photo, (_, asked) in decided.items()}
    text = decide_text(post, people, policy)
    about_text = {question.id: question for verdict in text.values() for question in verdict.questions}
    persons = people.persons if people else {}
    questions = post_questions(post, asks, list(about_text.values()), persons)
    return PostVerdict(verdicts, text, questions, about_harm(post, verdicts), about_all(post, verdicts, policy))


def about_harm(post: Post, verdicts: Mapping[PhotoId, Mapping[ChannelId, Verdict]]) -> PostQuestion | None:
    """Whether somebody can come to harm by what may go out; None: it was said of all of that."""
    return harm_question_of(post, [photo for photo, of_photo in verdicts.items() if any(map(_goes_out, of_photo.values()))])


def about_all(
    post: Post, verdicts: Mapping[PhotoId, Mapping[ChannelId, Verdict]], policy: Policy
) -> dict[ChannelId, Reason]:
    """What is told of the photos that go out, or still can, on a channel: that few of them are overviews."""
    notes: dict[ChannelId, Reason] = {}
    for channel in post.channels:
        usable = [
            post.photos[photo]
            for photo, of_photo in verdicts.items()
            if _goes_out(of_photo[channel]) or of_photo[channel].not_yet
        ]
        # Of one photo its own verdict says enough.
        note = few_overviews(usable, policy, policy.channel(channel)) if len(usable) > 1 else None
        if note is not None:
            notes[channel] = note
    return notes


def _goes_out(verdict: Verdict) -> bool:
    return verdict.outcome is not Outcome.REJECT


def decide_text(post: Post, people: People | None, policy: Policy) -> dict[ChannelId, Verdict]:
    """Judge the text of a post by itself, for every channel: as a photo of nothing that goes with it."""
    if post.text is None:
        return {}
    alone = Findings("", 1, 1, "", names=post.text.names, has_text=True, names_checked=post.text.checked)
    verdicts = {channel: decide(alone, post.about_text(), people, policy, channel) for channel in post.channels}
    return as_strict_as_all(verdicts, people, policy) if post.together else verdicts
