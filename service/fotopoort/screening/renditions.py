"""Renditions, which are looked at again where anything is covered, and previews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from fotopoort.names.tokens import folded
from fotopoort.photo.decode import Photo
from fotopoort.photo.render import encode
from fotopoort.policy.measures import cover_box, drawn_covers, face_cover
from fotopoort.policy.policy import Policy
from fotopoort.screening.analysis import Stopwatch
from fotopoort.screening.parts import seen_in
from fotopoort.screening.verification import Verifier, text_covers
from fotopoort.vocabulary import (
    Action,
    Answers,
    Box,
    ChannelId,
    DrawnFace,
    FaceId,
    FaceLabel,
    Findings,
    Outcome,
    Rendition,
    Verdict,
)

ENLARGED: Final = 0.25  # the part of its size by which a cover grows on each side for the second try
# By these rules the whole photo is to be hidden, or something whose place is not known.
NOT_SHOWN: Final = (FaceLabel.COVER, FaceLabel.OTHER_CHILD)
NO_PREVIEW: Final = frozenset({"R01", "R02", "R16", "R41"})

# What is to be covered, which faces may be seen, and what part of the photo is shown, where that is not all.
Covered: TypeAlias = tuple[tuple[Box, ...], frozenset[FaceId], Box | None]
JudgePart: TypeAlias = Callable[[Findings, Box, ChannelId], bool]  # whether a part with that in it may go out


@dataclass(frozen=True, slots=True)
class Renderer:
    """Makes renditions of one photo, and verifies them.

    Attributes:
        verifier: looks at the renditions again.
        judge_part: by the same rules as the photo.
        made: the renditions so far, by what is covered and the longer side.
        seen: what is in those of a part.
    """

    photo: Photo
    findings: Findings
    policy: Policy
    verifier: Verifier
    clock: Stopwatch
    judge_part: JudgePart = lambda *_: False
    made: dict[tuple[Covered, int], Rendition] = field(default_factory=dict)
    seen: dict[tuple[Covered, int], Findings] = field(default_factory=dict)

    def render(self, verdict: Verdict, side: int) -> Rendition:
        """A rendition whose longer side is at most `side` pixels; the same one where it would have the same bytes.

        Where it covers anything it is looked at again; if something still shows, it is covered more generously, once.
        `Rendition.verified` tells whether nothing shows any more.

        Each size is looked at itself: of the faces that show beside covers that fail, a smaller size shows some that a
        larger one hides, and the other way round.
        """
        side = min(side, max(self.photo.pixels.shape[:2]))
        kept = frozenset(id for id, face in verdict.faces.items() if face.action is Action.KEEP)
        if (part := verdict.part) is not None:
            return self._cropped(part, verdict.channel, (verdict.covered, kept, part), side)
        covered = verdict.covered, kept, None
        if (covered, side) not in self.made:
            self.made[covered, side] = self._made(verdict, side)
        return self.made[covered, side]

    def _cropped(self, part: Box, channel: ChannelId, covered: Covered, side: int) -> Rendition:
        """A rendition of a part of the photo, verified where that may go out on the channel as it is."""
        if (covered, side) not in self.made:
            with self.clock.step("render"):
                self.made[covered, side] = encode(self.photo, (), side, part=part)
            with self.clock.step("verify"):
                self.seen[covered, side] = seen_in(self.verifier, self.made[covered, side], part)
        verified = self.judge_part(self.seen[covered, side], part, channel)
        return replace(self.made[covered, side], verified=verified)

    def _made(self, verdict: Verdict, side: int) -> Rendition:
        width, height = self.findings.width, self.findings.height
        covers, on_text = verdict.covered, text_covers(self.findings, verdict.covered)
        with self.clock.step("render"):
            rendition = encode(self.photo, covers, side, plain=on_text)
        if not covers:
            return replace(rendition, verified=True)
        faces, names = self._uncovered(verdict, rendition)
        if not (faces or names):
            return replace(rendition, verified=True)
        enlarged = {box: _enlarged(box).clipped(width, height) for box in covers}
        name_covers = [_enlarged(box) for box in names]
        face_covers = [cover_box(box, width, height, self.policy) for box in faces]
        with self.clock.step("render"):
            rendition = encode(
                self.photo,
                [*enlarged.values(), *name_covers, *face_covers],
                side,
                plain=[*(enlarged[box] for box in on_text), *name_covers],
            )
        return replace(rendition, verified=self._uncovered(verdict, rendition, doubtful=True) == ((), ()))

    def _uncovered(
        self, verdict: Verdict, rendition: Rendition, *, doubtful: bool = False
    ) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
        with self.clock.step("verify"):
            return self.verifier.uncovered(verdict, rendition, doubtful=doubtful)


def may_be_read(findings: Findings, answers: Answers) -> tuple[tuple[str, Box], ...]:
    """The texts, folded, that the teacher said are no names, and where they stand in the picture."""
    hits = (hit for hit in findings.names if hit.id in answers.not_names)
    return tuple((folded(hit.text or ""), hit.box) for hit in hits if hit.box)


def _enlarged(box: Box) -> Box:
    dx, dy = ENLARGED * box.w, ENLARGED * box.h
    return Box(box.x - dx, box.y - dy, box.w + 2 * dx, box.h + 2 * dy)


def preview(photo: Photo, covers: Sequence[Box], side: int) -> bytes:
    """A small JPEG, of `side` pixels at most, for whoever looks through many photos.

    Args:
        covers: see `covers_of_preview`.
    """
    reduction = max(1, max(photo.pixels.shape[:2]) // side)  # the cost of covering grows with the pixels
    return encode(photo.reduced(reduction), covers, side).jpeg


def covers_of_preview(
    findings: Findings,
    answers: Answers,
    verdicts: Mapping[ChannelId, Verdict],
    renditions: Mapping[ChannelId, Rendition],
    policy: Policy,
) -> tuple[Box, ...] | None:
    """What a photo's preview covers: all that any channel covers and, where one rejects the photo or gets a part of it,
    every face, everybody in whom none was found or who was drawn, and every name.

    Returns:
        Boxes in pixels of the upright full-size photo. None: the photo may have no preview.
    """
    rules = {reason.rule for verdict in verdicts.values() for reason in verdict.reasons}
    if findings.failure is not None or rules & NO_PREVIEW:
        return None
    covers: list[Box] = []
    for channel, verdict in verdicts.items():
        rendition = renditions.get(channel)
        covers += rendition.covered if rendition else verdict.covered
    if any(verdict.outcome is Outcome.REJECT or verdict.part is not None for verdict in verdicts.values()):
        covers += [face_cover(face, findings.width, findings.height, policy) for face in findings.faces]
        covers += [figure.box for figure in findings.figures if figure.face is None]
        covers += [hit.box.clipped(findings.width, findings.height) for hit in findings.names if hit.box]
        shapes = [*answers.drawn, *(DrawnFace(place.box, place.person) for place in answers.elsewhere.places)]
        covers += [box for shape in shapes for box in drawn_covers(shape, findings, policy, shown=False)]
        said = [said.box for said in answers.faces.values() if said.box and said.label in NOT_SHOWN]
        covers += [box.clipped(findings.width, findings.height) for box in said]
    return tuple(dict.fromkeys(covers))
