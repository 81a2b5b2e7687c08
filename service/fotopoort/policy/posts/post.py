"""A post, as a value: nothing in it comes from a database, and nothing here changes one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import TypeAlias

from fotopoort.policy.posts.answers import merge, own_word_wins
from fotopoort.vocabulary import Answers, ChannelId, Findings, NameHit

PhotoId: TypeAlias = str  # as whoever makes the post calls it; what is said is bound to the photo's SHA-256


@dataclass(frozen=True, slots=True)
class PostText:
    """The text of a post, with the names in it; it is judged once, apart from the photos.

    Attributes:
        checked: was there a list of names to hold it against, and was that done?
    """

    names: tuple[NameHit, ...] = ()
    checked: bool = False
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SharedAnswers:
    """What was said of several photos at once: it holds for these and for none that comes later.

    Attributes:
        photos: the SHA-256 of each.
    """

    answers: Answers
    photos: frozenset[str]


@dataclass(frozen=True, slots=True)
class Post:
    """What a teacher makes.

    Attributes:
        photos: what was seen in each, in the order of the post.
        groups: who is in the photos, where nothing else was said of a photo.
        shared_answers: of the post, or of some of its photos at once.
        answers: of one photo; its own word wins.
        bursts: a key that photos of the same moment share; they are shown together. A photo may have none.
        together: all channels get the same, by the strictest of them.
    """

    photos: Mapping[PhotoId, Findings]
    channels: tuple[ChannelId, ...]
    groups: frozenset[str] = frozenset()
    text: PostText | None = None
    shared_answers: tuple[SharedAnswers, ...] = ()
    answers: Mapping[PhotoId, Answers] = field(default_factory=dict)
    bursts: Mapping[PhotoId, str] = field(default_factory=dict)
    together: bool = False

    def about(self, photo: PhotoId) -> Answers:
        """Everything that was said of a photo."""
        sha256 = self.photos[photo].sha256
        bound = (shared.answers for shared in self.shared_answers if sha256 in shared.photos)
        whole = reduce(merge, bound, Answers(groups=self.groups))
        return own_word_wins(whole, self.answers.get(photo, Answers()))

    def about_text(self) -> Answers:
        """What was said of the post's text: which names in it are none."""
        return Answers(
            not_names=frozenset[str]().union(*(shared.answers.not_names for shared in self.shared_answers)),
            left_open=frozenset[str]().union(*(shared.answers.left_open for shared in self.shared_answers)),
        )

    def with_answer(self, photo: PhotoId, answers: Answers) -> Post:
        """The post, after something was said of one photo."""
        return replace(self, answers={**self.answers, photo: merge(self.answers.get(photo, Answers()), answers)})

    def with_shared_answers(self, answers: Answers, photos: Collection[PhotoId] | None = None) -> Post:
        """The post, after something was said of several photos at once.

        Args:
            photos: which; None: all that are in it now.
        """
        of = self.photos if photos is None else photos
        return replace(
            self,
            shared_answers=(
                *self.shared_answers,
                SharedAnswers(answers, frozenset(self.photos[photo].sha256 for photo in of)),
            ),
        )

    def in_bursts(self, photos: Collection[PhotoId]) -> tuple[tuple[PhotoId, ...], ...]:
        """These photos as they are shown: those of one burst together, in the order of the post."""
        shown: dict[str, list[PhotoId]] = {}
        for photo in self.photos:
            if photo in photos:
                burst = self.bursts.get(photo)
                shown.setdefault(f"photo {photo}" if burst is None else f"burst {burst}", []).append(photo)
        return tuple(map(tuple, shown.values()))
