"""What the policy decides, as a table: one photo, what the school knows, what the teacher said, and the verdict.

One file, however long, so that the table can be read from beginning to end.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from fotopoort.policy.decide import decide
from fotopoort.policy.policy import Covering, Policy, PublicCloseUp, UncheckedNames
from fotopoort.policy.rules import RULES
from fotopoort.vocabulary import (
    Answers,
    Box,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Failure,
    Figure,
    Findings,
    Hint,
    HintKind,
    NamePlace,
    Outcome,
    Pattern,
    People,
    Question,
    Region,
    Role,
)

from .scenes import (
    AWAY,
    CLOSED,
    COVERED_MEANWHILE,
    NO,
    NOT_ASKED,
    OBJECTED,
    POLICY,
    WEBSITE,
    WITHDRAWN,
    board,
    bound,
    called,
    consenting,
    drawn,
    face,
    faces,
    figure,
    name,
    photo,
    pupil,
    said,
    school,
    tapped,
)

PUBLISH, BLUR, REJECT = Outcome.PUBLISH, Outcome.BLUR, Outcome.REJECT

CLASS = consenting(24)
REFUSER = pupil("refuser", NO, closed=OBJECTED)
HIDDEN = pupil("hidden", never_locatable=True)
TEACHER = pupil("teacher", role=Role.STAFF)
SHY_TEACHER = pupil("shy", NO, role=Role.STAFF)
HELPER = pupil("helper", role=Role.OTHER, group="parents")
FORMER = replace(pupil("former", NO, closed=NO), name="", nameless=True, count=3)
ALL_AGREE = school(*CLASS)
ONE_REFUSES = school(*CLASS, REFUSER)
ONE_HIDDEN = school(*CLASS, HIDDEN)
NO_GROUP = said(None)
WHOLE = replace(POLICY, settings=replace(POLICY.settings, cover=Covering.FIGURE))
KEEN = replace(POLICY, figure=replace(POLICY.figure, min_score=0.6))
CLOSE = 320  # pixels high in a photo of 1200: a close-up


@dataclass(frozen=True)
class Case:
    """`faces` is "<action> <basis>" for each face in order; `rules` are the reasons' ids, strictest first."""

    id: str
    photo: Findings
    people: People | None
    said: Answers
    outcome: Outcome
    rules: str
    faces: str | None = None
    questions: str = ""
    channel: str = WEBSITE
    policy: Policy = field(default=POLICY, repr=False)
    neutral_name: bool = False


def with_settings(**settings: UncheckedNames | PublicCloseUp) -> Policy:
    return replace(POLICY, settings=replace(POLICY.settings, **settings))  # type: ignore[arg-type]


SCENES = [
    # --- class overviews ---
    Case("overview, everyone agreed", photo(*faces(12)), ALL_AGREE, said(), PUBLISH, "R50", "keep group, " * 12),
    Case(
        "overview, one refused, nobody tapped: all are covered and one question settles it",
        photo(*faces(12)), ONE_REFUSES, said(), BLUR, "R22 R42", "cover none, " * 12, "q-is-present-refuser",
        policy=COVERED_MEANWHILE,
    ),
    Case(
        "overview, one refused, nobody tapped: first say who is in it",
        photo(*faces(12)), ONE_REFUSES, said(), REJECT, "R24 R22", "cover none, " * 12, "any-of-refuser",
    ),
    Case(
        "overview, one refused and tapped: only that face",
        photo(*faces(12)), ONE_REFUSES, said(faces=tapped(f3="refuser")),
        BLUR, "R20", "keep group, keep group, cover tapped, " + "keep group, " * 9,
    ),
    Case("overview, one refused and absent", photo(*faces(12)), ONE_REFUSES, said(absent={"refuser"}), PUBLISH, "R50"),
    Case(
        "present beats absent", photo(*faces(2, **AWAY)), ONE_REFUSES, said(absent={"refuser"}, present={"refuser"}),
        REJECT, "R23 R22", "cover none, cover none", "q-point-out-refuser",
    ),
    Case(
        "overview, one refused, on the closed channel with no objection",
        photo(*faces(12)), school(*CLASS, pupil("quiet", NO, closed=NOT_ASKED)), said(), PUBLISH, "R50", channel=CLOSED,
    ),
    Case(
        "an objection on the closed channel", photo(*faces(2)), ONE_REFUSES, said(),
        REJECT, "R24 R22", "cover none, cover none", "any-of-refuser", CLOSED,
    ),
    Case(
        "an objection on the closed channel, covered meanwhile", photo(*faces(2)), ONE_REFUSES, said(),
        BLUR, "R22", "cover none, cover none", "q-is-present-refuser", CLOSED, COVERED_MEANWHILE,
    ),
    Case(
        "not asked is no where consent is the ground",
        photo(face(**AWAY)), school(*CLASS, pupil("new", NOT_ASKED)), said(), REJECT, "R24 R22", "cover none",
        "any-of-new",
    ),
    Case(
        "withdrawn is no on the closed channel too",
        photo(face()), school(pupil("gone", closed=WITHDRAWN)), said(), REJECT, "R24 R22", "cover none",
        "any-of-gone", CLOSED,
    ),
    Case(
        "more people to ask about than faces: ask about the faces",
        photo(*faces(2, **AWAY)), school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(3))), said(),
        BLUR, "R22", "cover none, cover none", "q-who-is-this-f1 q-who-is-this-f2", policy=COVERED_MEANWHILE,
    ),
    Case(
        "more people who may not be shown than faces: one question about all of them",
        photo(*faces(2, **AWAY)), school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(3))), said(),
        REJECT, "R24 R22", "cover none, cover none", "any-of-no-0-no-1-no-2",
    ),
    Case(
        "more faces than people: some are somebody else's", photo(*faces(3, **AWAY)), school(*consenting(2)), said(),
        BLUR, "R22", "cover none, " * 3, "q-who-is-this-f1 q-who-is-this-f2 q-who-is-this-f3",
    ),
    Case(
        "more faces than people, one of whom refused: first that one", photo(*faces(3, **AWAY)),
        school(*consenting(1), REFUSER), said(), REJECT, "R24 R22", "cover none, " * 3, "any-of-refuser",
    ),
    Case(
        "more faces than people, and one to cover: it can be one of the people's", photo(*faces(3, **AWAY)),
        school(*consenting(2)), said(faces=called(FaceLabel.COVER, "f2")), BLUR, "R21 R22",
        "cover none, cover vouched, cover none", "q-who-is-this-f1 q-who-is-this-f3",
    ),
    Case(
        "as many faces as people, and one drawn of which nobody said whose it is", photo(*faces(2, **AWAY)),
        school(*consenting(2)), said(drawn=(DrawnFace(Box(700, 700, 60, 70)),)), BLUR, "R21 R22",
        "cover none, cover none", "q-who-is-this-f1 q-who-is-this-f2",
    ),
    Case(
        "half of a face is drawn as somebody who may not be shown: all of it is covered", photo(face(**AWAY)),
        ONE_REFUSES, said(drawn=(DrawnFace(Box(40, 60, 48, 36), "refuser"),)), BLUR, "R21", "cover vouched",
    ),
    Case(
        "forty faces of which thirty-nine would be covered",
        photo(*faces(40, 50)), school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(39))),
        said(faces=tapped(f1="5-1") | tapped(**{f"f{n + 2}": f"no-{n}" for n in range(39)})),
        BLUR, "R20 R42", "keep tapped, " + "cover tapped, " * 39,
    ),
    # --- groups of faces that are not an overview ---
    Case(
        "a few faces full in view get advice",
        photo(*faces(3, 150)), ALL_AGREE, said(), PUBLISH, "R33 R50", "keep group, " * 3,
    ),
    Case("a few faces from the side", photo(*faces(3, 150, **AWAY)), ALL_AGREE, said(), PUBLISH, "R50"),
    Case("no advice on the closed channel", photo(*faces(3, 150)), ALL_AGREE, said(), PUBLISH, "R50", channel=CLOSED),
    Case("children from behind: no faces", photo(), ONE_REFUSES, said(), PUBLISH, "R50", ""),
    # --- close-ups ---
    Case("close-up with consent", photo(face(1, CLOSE)), ALL_AGREE, said(faces=tapped(f1="5-1")),
         REJECT, "R30", "keep tapped"),
    Case("close-up with consent, by the group", photo(face(1, CLOSE)), ALL_AGREE, said(), REJECT, "R30", "keep group"),
    Case("close-up with consent on the closed channel", photo(face(1, CLOSE)), ALL_AGREE, said(faces=tapped(f1="5-1")),
         PUBLISH, "R50", "keep tapped", channel=CLOSED),
    Case("close-up turned away", photo(face(1, CLOSE, **AWAY)), ALL_AGREE, said(), PUBLISH, "R50"),
    Case("close-up where a setting only advises", photo(face(1, CLOSE)), ALL_AGREE, said(), PUBLISH, "R30 R50",
         policy=with_settings(public_close_up=PublicCloseUp.ADVISE)),
    Case("close-up where a setting covers: the only one, so another photo may be better",
         photo(face(1, CLOSE)), ALL_AGREE, said(), BLUR, "R30 R42", "cover group",
         policy=with_settings(public_close_up=PublicCloseUp.COVER)),
    Case("two close-ups where a setting covers, one of them turned away",
         photo(face(1, CLOSE), face(4, CLOSE, **AWAY)), ALL_AGREE, said(), BLUR, "R30", "cover group, keep group",
         policy=with_settings(public_close_up=PublicCloseUp.COVER)),
    Case("a hand before the face: an unreliable direction counts as frontal",
         photo(face(1, CLOSE, reliable=False, **AWAY)), ALL_AGREE, said(), REJECT, "R30", "keep group"),
    Case("one step short of a close-up", photo(face(1, 299)), ALL_AGREE, said(), PUBLISH, "R33 R50"),
    Case("exactly a close-up", photo(face(1, 300)), ALL_AGREE, said(), REJECT, "R30"),
    Case("exactly frontal", photo(face(1, 300, yaw=25, pitch=-30)), ALL_AGREE, said(), REJECT, "R30"),
    Case("just turned", photo(face(1, 300, yaw=-25.1)), ALL_AGREE, said(), PUBLISH, "R50"),
    Case("just looking up", photo(face(1, 300, pitch=30.1)), ALL_AGREE, said(), PUBLISH, "R50"),
    # --- adults, posters ---
    Case("a teacher's portrait, tapped", photo(face(1, CLOSE)), school(*CLASS, TEACHER),
         said(faces=tapped(f1="teacher")), PUBLISH, "R50", "keep tapped"),
    Case("a teacher's portrait, not tapped: it may be a pupil", photo(face(1, CLOSE)), school(*CLASS, TEACHER), said(),
         REJECT, "R30", "keep group"),
    Case("a teacher's portrait, nobody else in it", photo(face(1, CLOSE)), school(*CLASS, TEACHER),
         said(present={"teacher"}, only_present=True), PUBLISH, "R50", "keep group"),
    Case("a teacher who refused", photo(face(1, CLOSE)), school(*CLASS, SHY_TEACHER),
         said(faces=tapped(f1="shy")), BLUR, "R20 R42", "cover tapped"),
    Case("a staff room where one refused: nobody is known to be an adult", photo(face(1, CLOSE)),
         school(TEACHER, SHY_TEACHER), said(), REJECT, "R24 R30 R22", "cover none", "any-of-shy"),
    Case("a parent who helps, vouched for", photo(face(1, CLOSE), face(7)), ONE_REFUSES,
         said(faces=called(FaceLabel.NO_PUPIL, "f1"), absent={"refuser"}), PUBLISH, "R33 R50",
         "keep vouched, keep group"),
    Case("a parent who helps, in the list", photo(face()), school(*CLASS, HELPER), said(faces=tapped(f1="helper")),
         PUBLISH, "R50", "keep tapped"),
    Case("a poster", photo(face(1, CLOSE)), ONE_REFUSES, said(faces=called(FaceLabel.NOT_A_PERSON, "f1")),
         PUBLISH, "R50", "keep not_a_person"),
    Case("a poster in a photo nobody was asked about", photo(face(1, CLOSE)), None, NO_GROUP,
         REJECT, "R30 R22", "cover none", "q-who-is-this-f1"),
    # --- who could it be ---
    Case("two groups in one photo", photo(*faces(9)), school(*CLASS, *consenting(20, "groep 6")),
         Answers(groups=frozenset({"groep 5", "groep 6"})), PUBLISH, "R50"),
    Case("two groups in one photo, one child of the other group refused",
         photo(*faces(3, **AWAY)), school(*CLASS, pupil("six", NO, group="groep 6")),
         Answers(groups=frozenset({"groep 5", "groep 6"})), REJECT, "R24 R22", questions="any-of-six"),
    Case("a child of another group does not matter", photo(*faces(3, **AWAY)),
         school(*CLASS, pupil("six", NO, group="groep 6")), said(), PUBLISH, "R50"),
    Case("a child of another group who is present does", photo(*faces(3, **AWAY)),
         school(*CLASS, pupil("six", NO, group="groep 6")), said(present={"six"}),
         REJECT, "R23 R22", questions="q-point-out-six"),
    Case("no group named: the whole school", photo(*faces(3, **AWAY)),
         school(*CLASS, pupil("six", NO, group="groep 6")), NO_GROUP, REJECT, "R24 R22", questions="any-of-six"),
    Case("no group named: the whole school, covered meanwhile", photo(*faces(3, **AWAY)),
         school(*CLASS, pupil("six", NO, group="groep 6")), NO_GROUP, BLUR, "R22", questions="q-is-present-six",
         policy=COVERED_MEANWHILE),
    Case("no group named, the whole school agreed", photo(*faces(3, **AWAY)), ALL_AGREE, NO_GROUP, PUBLISH, "R50",
         "keep group, " * 3),
    Case("no class list: anyone", photo(*faces(2, **AWAY)), None, said(), BLUR, "R22",
         "cover none, cover none", "q-who-is-this-f1 q-who-is-this-f2"),
    Case("no class list: a tapped person is not known either", photo(face(**AWAY)), None,
         said(faces=tapped(f1="5-1")), BLUR, "R20", "cover tapped"),
    Case("a group nobody is in", photo(face(**AWAY)), ALL_AGREE, said("groep 9"), BLUR, "R22", "cover none",
         "q-who-is-this-f1"),
    Case("a group of which everybody is absent", photo(face(**AWAY)), school(*consenting(2)),
         said(absent={"5-1", "5-2"}), BLUR, "R22", "cover none", "q-who-is-this-f1"),
    Case("a group of which everybody is tapped elsewhere or absent", photo(*faces(2, **AWAY)),
         school(*consenting(2)), said(faces=tapped(f2="5-1"), absent={"5-2"}), BLUR, "R22", "cover none, keep tapped",
         "q-who-is-this-f1"),
    Case("nobody else is in it: the others of them", photo(*faces(2, **AWAY)), ONE_REFUSES,
         said(present={"5-1", "5-2"}, only_present=True), PUBLISH, "R50", "keep group, keep group"),
    Case("nobody else is in it, all tapped", photo(face(**AWAY)), ONE_REFUSES,
         said(faces=tapped(f1="5-1"), only_present=True), PUBLISH, "R50", "keep tapped"),
    Case("nobody else is in it, yet there are more faces", photo(*faces(2, **AWAY)), ALL_AGREE,
         said(present={"5-1"}, only_present=True), REJECT, "R23 R22", "cover none, cover none",
         "q-who-is-this-f1 q-who-is-this-f2"),
    Case("nobody else is in it, and the only one is tapped on another face", photo(*faces(2, **AWAY)), ALL_AGREE,
         said(faces=tapped(f1="5-1"), present={"5-1"}, only_present=True), REJECT, "R23 R22",
         "keep tapped, cover none", "q-who-is-this-f2"),
    Case("nobody else is in it, and somebody who refused is", photo(*faces(2, **AWAY)), ONE_REFUSES,
         said(present={"5-1", "refuser"}, only_present=True), REJECT, "R23 R22", "cover none, cover none",
         "q-point-out-refuser"),
    Case("nobody else is in it, and a child from behind who refused was drawn", photo(face(**AWAY)), ONE_REFUSES,
         said(present={"5-1", "refuser"}, only_present=True, drawn=drawn("refuser")), BLUR, "R21", "keep group"),
    # --- somebody present who may not be shown ---
    Case("present, refused, no face found", photo(), ONE_REFUSES, said(present={"refuser"}), REJECT, "R23", "",
         "q-point-out-refuser"),
    Case("present, refused, drawn", photo(), ONE_REFUSES, said(present={"refuser"}, drawn=drawn("refuser")), BLUR,
         "R21"),
    Case("present, refused, drawn outside the photo", photo(), ONE_REFUSES, said(drawn=drawn("refuser", x=1700)),
         REJECT, "R23", "", "q-point-out-refuser"),
    Case("present, agreed, no face found", photo(), ONE_REFUSES, said(present={"5-1"}), PUBLISH, "R50"),
    Case("present and not in the list", photo(), ONE_REFUSES, said(present={"who"}), REJECT, "R23", "",
         "q-point-out-who"),
    Case("a drawn box hides nobody in particular", photo(face(**AWAY)), ONE_REFUSES, said(drawn=drawn()), REJECT,
         "R24 R21 R22", "cover none", "any-of-refuser"),
    # --- answers about a face ---
    Case("cover it after all", photo(face(**AWAY)), ALL_AGREE, said(faces=called(FaceLabel.COVER, "f1")), BLUR, "R21",
         "cover vouched"),
    Case("cover it after all, close by and full in view: then the photo is about nobody",
         photo(face(1, CLOSE)), ALL_AGREE, said(faces=called(FaceLabel.COVER, "f1")), BLUR, "R21 R42",
         "cover vouched"),
    Case("tapped as somebody the list does not know", photo(face(**AWAY)), ALL_AGREE, said(faces=tapped(f1="who")),
         BLUR, "R20", "cover tapped"),
    Case("tapped without saying who", photo(face(**AWAY)), ALL_AGREE, said(faces=called(FaceLabel.PERSON, "f1")), BLUR,
         "R20", "cover tapped"),
    Case("an answer for a face that was elsewhere is not taken", photo(face(**AWAY)), ONE_REFUSES,
         said(faces={"f1": FaceAnswer(FaceLabel.NO_PUPIL, box=Box(900, 900, 48, 60))}), REJECT, "R24 R22",
         "cover none", "any-of-refuser"),
    Case("an answer for this very face is", photo(face(**AWAY)), ONE_REFUSES,
         said(faces={"f1": FaceAnswer(FaceLabel.NO_PUPIL, box=Box(45, 62, 48, 60))}), PUBLISH, "R50", "keep vouched"),
    Case("tapped where no face is now: still in the photo", photo(face(**AWAY)), ONE_REFUSES,
         said(faces=tapped(f9="refuser")), REJECT, "R23 R22", "cover none", "q-point-out-refuser"),
    Case("tapped where no face is now clears nobody by elimination", photo(face(**AWAY)), ONE_REFUSES,
         said(faces=tapped(f9="5-1"), only_present=True), REJECT, "R23 R22", "cover none", "q-who-is-this-f1"),
    Case("a word about a face that is not there changes nothing", photo(face(**AWAY)), ALL_AGREE,
         said(faces=called(FaceLabel.NO_PUPIL, "f9")), PUBLISH, "R50", "keep group"),
    # --- where people are pointed out ---
    Case("an answer without its box clears nothing", photo(face(**AWAY)), ONE_REFUSES,
         said(faces={"f9": FaceAnswer(FaceLabel.NO_PUPIL)}), REJECT, "R24 R22", "cover none", "any-of-refuser"),
    Case("one person on two faces is on neither", photo(*faces(2, **AWAY)), ONE_REFUSES,
         said(faces=tapped(f1="5-1", f2="5-1")), REJECT, "R24 R22", "cover none, cover none", "any-of-refuser"),
    Case("one who refused on two faces is in it, nobody knows where", photo(*faces(3, **AWAY)), ONE_REFUSES,
         said(faces=tapped(f1="refuser", f2="refuser")), REJECT, "R23 R22", "cover none, " * 3, "q-point-out-refuser"),
    Case("tapped on one face and drawn elsewhere: on neither", photo(face(**AWAY)), ONE_REFUSES,
         said(faces=tapped(f1="refuser"), drawn=drawn("refuser")), REJECT, "R23 R21 R22", "cover none",
         "q-point-out-refuser"),
    Case("drawn around the face that was tapped: the same face", photo(*faces(2, **AWAY)), ONE_REFUSES,
         said(faces=tapped(f1="refuser"), drawn=(DrawnFace(Box(40, 60, 50, 60), "refuser"),)), BLUR, "R20 R21",
         "cover tapped, keep group"),
    Case("drawn twice around the same face", photo(face(**AWAY)), ONE_REFUSES,
         said(drawn=drawn("refuser") * 2), BLUR, "R21", "keep group"),
    Case("two persons on one face are on none", photo(*faces(2, **AWAY)), ONE_REFUSES,
         said(faces=tapped(f1="5-1"), drawn=(DrawnFace(Box(40, 60, 50, 60), "refuser"),)), REJECT, "R23 R21 R22",
         "cover vouched, cover none", "q-point-out-refuser"),
    Case("drawn smaller than a face that can be recognised: covered, and nobody is there", photo(face(**AWAY)),
         ONE_REFUSES, said(drawn=(DrawnFace(Box(700, 700, 20, 27), "refuser"),)), REJECT, "R23 R21 R22", "cover none",
         "q-point-out-refuser"),
    Case("drawn smaller than a face that can be recognised: who is there is no other face", photo(*faces(2, **AWAY)),
         school(*consenting(2)), said(drawn=(DrawnFace(Box(700, 700, 20, 27), "5-1"),)), BLUR, "R21 R22",
         "cover none, cover none", "q-who-is-this-f1 q-who-is-this-f2"),
    Case("the same where nobody else is in it", photo(face(**AWAY)), school(*consenting(1)),
         said(present={"5-1"}, only_present=True, drawn=(DrawnFace(Box(700, 700, 20, 27), "5-1"),)), REJECT,
         "R23 R21 R22", "cover none", "q-who-is-this-f1"),
    Case("drawn as a sliver", photo(face(**AWAY)), ONE_REFUSES,
         said(drawn=(DrawnFace(Box(700, 700, 13, 60), "refuser"),)), REJECT, "R23 R21 R22", "cover none",
         "q-point-out-refuser"),
    Case("a wish to cover without its box covers, and is no answer to who it is", photo(*faces(1, **AWAY)),
         ONE_REFUSES, said(faces={"f1": FaceAnswer(FaceLabel.COVER, box=Box(900, 900, 48, 60))}), REJECT,
         "R24 R21 R22", "cover vouched", "any-of-refuser"),
    # --- people without a name ---
    Case("three who were erased, one of them pointed out", photo(*faces(3, **AWAY)), school(*CLASS, FORMER),
         said(faces=tapped(f1="former")), REJECT, "R24 R20 R22", "cover tapped, cover none, cover none",
         "any-of-former"),
    Case("three who were erased, all pointed out", photo(*faces(4, **AWAY)), school(*CLASS, FORMER),
         said(faces=tapped(f1="former", f2="former", f3="former")), BLUR, "R20 R42",
         "cover tapped, cover tapped, cover tapped, keep group"),
    Case("three who were erased on four faces", photo(*faces(4, **AWAY)), school(*CLASS, FORMER),
         said(faces=tapped(f1="former", f2="former", f3="former", f4="former")), REJECT, "R23 R22",
         "cover none, " * 4, "q-point-out-former"),
    Case("three who were erased and are not in it", photo(*faces(4, **AWAY)), school(*CLASS, FORMER),
         said(absent={"former"}), PUBLISH, "R50"),
    Case("listed only after it was said that nobody else is in it", photo(face(**AWAY)), ONE_REFUSES,
         said(present={"5-1"}, only_present=True, listed={"5-1", "5-2"}), REJECT, "R24 R22", "cover none",
         "any-of-refuser"),
    Case("listed when it was said that nobody else is in it", photo(face(**AWAY)), ONE_REFUSES,
         said(present={"5-1"}, only_present=True, listed=set(ONE_REFUSES.persons)), PUBLISH, "R50", "keep group"),
    # --- too small ---
    Case("too small at the published size", photo(face(1, 27.9)), ONE_REFUSES, said(), PUBLISH, "R34 R50",
         "keep too_small", policy=COVERED_MEANWHILE),
    Case("just large enough", photo(face(1, 28)), ONE_REFUSES, said(), BLUR, "R22", "cover none",
         "q-is-present-refuser", policy=COVERED_MEANWHILE),
    Case("too small on the website", photo(face(1, 70), width=4800, height=3600), ONE_REFUSES, said(), PUBLISH,
         "R34 R50", "keep too_small", policy=COVERED_MEANWHILE),
    Case("and not on the closed channel, which publishes larger", photo(face(1, 70), width=4800, height=3600),
         ONE_REFUSES, said(), BLUR, "R22", "cover none", "q-is-present-refuser", CLOSED, COVERED_MEANWHILE),
    Case("a photo is never enlarged", photo(face(1, 27), width=400, height=300), ONE_REFUSES, said(), PUBLISH,
         "R34 R50", "keep too_small", policy=COVERED_MEANWHILE),
    Case("too small to recognise, and somebody's face all the same: first say who is in it", photo(face(1, 20)),
         ONE_REFUSES, said(), REJECT, "R24 R34", "keep too_small", "any-of-refuser"),
    Case("too small, and nobody of those who may not be shown is in it", photo(face(1, 20)), ONE_REFUSES,
         said(absent={"refuser"}), PUBLISH, "R34 R50", "keep too_small"),
    Case("small, tapped and refused follows the answer", photo(face(1, 20)), ONE_REFUSES,
         said(faces=tapped(f1="refuser")), BLUR, "R20", "cover tapped"),
    Case("small, and asked to be covered", photo(face(1, 20)), ALL_AGREE, said(faces=called(FaceLabel.COVER, "f1")),
         BLUR, "R21", "cover vouched"),
    Case("small, and somebody never locatable in the group", photo(face(1, 20)), ONE_HIDDEN, said(),
         REJECT, "R24 R34", "keep too_small", "any-of-hidden"),
    Case("small faces need nobody to be theirs", photo(face(1, 20)), ALL_AGREE, said(only_present=True), PUBLISH,
         "R34 R50"),
    Case("small and lying on its side: the longer side is its height",
         photo(replace(face(), box=Box(100, 100, 40, 26))), ONE_REFUSES, said(), REJECT, "R24 R22", "cover none",
         "any-of-refuser"),
    # --- too little left ---
    Case("three of four", photo(*faces(4, **AWAY)), school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(3))),
         said(faces=tapped(f1="no-0", f2="no-1", f3="no-2")), BLUR, "R20 R42"),
    Case("half of four", photo(*faces(4, **AWAY)), school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(2))),
         said(faces=tapped(f1="no-0", f2="no-1")), BLUR, "R20"),
    Case("all of three", photo(*faces(3, **AWAY)), school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(3))),
         said(faces=tapped(f1="no-0", f2="no-1", f3="no-2")), BLUR, "R20"),
    Case("too small faces are not counted", photo(*faces(3, **AWAY), *(face(n, 20) for n in range(4, 9))),
         school(*CLASS, *(pupil(f"no-{n}", NO) for n in range(3))),
         said(faces=tapped(f1="no-0", f2="no-1", f3="no-2")), BLUR, "R20 R34"),
    Case("a third of the photo", photo(), ALL_AGREE, said(drawn=(DrawnFace(Box(0, 0, 1600, 420)),)), REJECT, "R40 R21"),
    Case("just under a third of the photo", photo(), ALL_AGREE, said(drawn=(DrawnFace(Box(0, 0, 1600, 419)),)), BLUR,
         "R21"),
    Case("covers that overlap count once", photo(), ALL_AGREE,
         said(drawn=(DrawnFace(Box(0, 0, 1600, 300)), DrawnFace(Box(0, 100, 1600, 300)))), BLUR, "R21"),
    # --- somebody never locatable ---
    Case("never locatable and not ruled out", photo(face(**AWAY)), ONE_HIDDEN, said(), REJECT, "R24 R22",
         "cover none", "any-of-hidden"),
    Case("never locatable and not ruled out, on the closed channel", photo(face(**AWAY)), ONE_HIDDEN, said(), REJECT,
         "R24 R22", "cover none", "any-of-hidden", CLOSED),
    Case("never locatable, where a setting that may not be off is off", photo(face(**AWAY)), ONE_HIDDEN, said(),
         REJECT, "R24 R22", "cover none", "any-of-hidden", policy=COVERED_MEANWHILE),
    Case("never locatable and not believed where tapped", photo(*faces(2, **AWAY)), ONE_HIDDEN,
         said(faces=tapped(f1="hidden", f2="hidden")), REJECT, "R23 R22", "cover none, cover none"),
    Case("never locatable and tapped", photo(*faces(2, **AWAY)), ONE_HIDDEN, said(faces=tapped(f1="hidden")), REJECT,
         "R23 R20", "cover tapped, keep group"),
    Case("never locatable and drawn", photo(), ONE_HIDDEN, said(drawn=drawn("hidden")), REJECT, "R23 R21", ""),
    Case("never locatable and present", photo(), ONE_HIDDEN, said(present={"hidden"}), REJECT, "R23", "",
         "q-point-out-hidden"),
    Case("never locatable and absent", photo(face(**AWAY)), ONE_HIDDEN, said(absent={"hidden"}), PUBLISH, "R50"),
    Case("never locatable, and every face has its answer", photo(face(**AWAY)), ONE_HIDDEN,
         said(faces=tapped(f1="5-1")), PUBLISH, "R50"),
    Case("never locatable, no faces", photo(), ONE_HIDDEN, said(), PUBLISH, "R50"),
    # --- names and text ---
    Case("a name in the caption", photo(names=(name(NamePlace.CAPTION),)), ALL_AGREE, said(), REJECT, "R10"),
    Case("perhaps a name in the caption", photo(names=(name(NamePlace.CAPTION, certain=False),)), ALL_AGREE, said(),
         REJECT, "R10", questions="q-is-name-n1"),
    Case("no name after all", photo(names=(name(NamePlace.CAPTION, certain=False),)), ALL_AGREE,
         said(not_names={"n1"}), PUBLISH, "R50"),
    Case("a name in the caption, closed", photo(names=(name(NamePlace.CAPTION, certain=False),)), ALL_AGREE, said(),
         PUBLISH, "R50", channel=CLOSED),
    Case("a name in the file name", photo(names=(name(NamePlace.FILE_NAME),)), ALL_AGREE, said(), PUBLISH, "R11 R50",
         neutral_name=True),
    Case("a file name that was not checked", photo(names_checked=False), ALL_AGREE, said(), PUBLISH, "R50",
         neutral_name=True),
    Case("a name in the file name, closed", photo(names=(name(NamePlace.FILE_NAME),), names_checked=False), ALL_AGREE,
         said(), PUBLISH, "R50", channel=CLOSED),
    Case("a name on a drawing", photo(names=board(1)), ALL_AGREE, said(), BLUR, "R13"),
    Case("a name on a drawing, closed", photo(names=board(1)), ALL_AGREE, said(), PUBLISH, "R50", channel=CLOSED),
    Case("a name in a QR code", photo(names=(name(NamePlace.CODE, box=Box(0, 0, 99, 99)),)), ALL_AGREE, said(), BLUR,
         "R13"),
    Case("a name somewhere in the picture: all of it would be covered", photo(names=(name(NamePlace.PICTURE),)),
         ALL_AGREE, said(), REJECT, "R40 R13"),
    Case("a name beside the picture is nowhere in particular",
         photo(names=(name(NamePlace.PICTURE, box=Box(1700, 5, 50, 10)),)), ALL_AGREE, said(), REJECT, "R40 R13"),
    Case("nobody, but a board full of names, closed", photo(names=board(5)), ALL_AGREE, said(), REJECT, "R15",
         questions="q-is-private-list", channel=CLOSED),
    Case("four names, closed", photo(names=board(4)), ALL_AGREE, said(), PUBLISH, "R50", channel=CLOSED),
    Case("a board full of names that all parents may see", photo(names=board(9)), ALL_AGREE,
         said(not_a_private_list=True), PUBLISH, "R50", channel=CLOSED),
    Case("a board full of names, public", photo(names=board(9)), ALL_AGREE, said(), BLUR, "R13"),
    Case("text that was not checked", photo(has_text=True, names_checked=False), ALL_AGREE, said(), PUBLISH, "R14 R50",
         neutral_name=True),
    Case("text in the file that was not checked",
         photo(hints=(Hint(HintKind.CAPTION, "XMP", "hello"),), names_checked=False), ALL_AGREE, said(), PUBLISH,
         "R12 R14 R50", neutral_name=True),
    Case("text that was not checked, where a setting rejects", photo(has_text=True, names_checked=False), ALL_AGREE,
         said(), REJECT, "R14", policy=with_settings(unchecked_names=UncheckedNames.REJECT), neutral_name=True),
    Case("text that was not checked, closed", photo(has_text=True, names_checked=False), ALL_AGREE, said(), PUBLISH,
         "R50", channel=CLOSED),
    Case("text that was checked", photo(has_text=True), ALL_AGREE, said(), PUBLISH, "R50"),
    # --- a pattern that hides faces ---
    Case("a print in which nobody was found", photo(pattern=Pattern.SCREEN), ALL_AGREE, said(), REJECT, "R16",
         questions="q-unseen-people"),
    Case("a print in which nobody was found, closed", photo(pattern=Pattern.SCREEN), ALL_AGREE, said(), REJECT, "R16",
         questions="q-unseen-people", channel=CLOSED),
    Case("a scan of one bit with nobody in it", photo(pattern=Pattern.DITHER), ALL_AGREE, said(no_unseen_people=True),
         PUBLISH, "R50"),
    Case("without a class list it is asked too", photo(pattern=Pattern.NET), None, NO_GROUP, REJECT, "R16",
         questions="q-unseen-people"),
    Case("behind a net, some were found: it is asked whether there are more", photo(*faces(2), pattern=Pattern.NET),
         ALL_AGREE, said(), REJECT, "R16", "keep group, keep group", "q-unseen-people"),
    Case("too small to recognise says nothing of the others", photo(face(height=20), pattern=Pattern.NET), ALL_AGREE,
         said(), REJECT, "R16 R34", "keep too_small", "q-unseen-people"),
    Case("behind a net, some were found and there are no more", photo(*faces(2), pattern=Pattern.NET), ALL_AGREE,
         said(no_unseen_people=True), PUBLISH, "R50", "keep group, keep group"),
    Case("there are people, and they are not all drawn yet", photo(pattern=Pattern.SCREEN), ALL_AGREE,
         said(drawn=drawn()), REJECT, "R16 R21", questions="q-unseen-people"),
    Case("there are people, and all are drawn", photo(pattern=Pattern.SCREEN), ALL_AGREE,
         said(drawn=drawn(), no_unseen_people=True), BLUR, "R21"),
    Case("a print with somebody who refused perhaps in it: both are asked", photo(*faces(2), pattern=Pattern.SCREEN),
         ONE_REFUSES, said(), REJECT, "R16 R24 R22", "cover none, cover none", "q-unseen-people any-of-refuser"),
    Case("a print that nothing can help", photo(pattern=Pattern.SCREEN, blocked=True), ALL_AGREE, said(), REJECT,
         "R02 R16"),
    # --- somebody in whom no face was found ---
    Case("somebody large and no face", photo(figures=(figure(),)), ALL_AGREE, said(), REJECT, "R17",
         questions="q-unseen-person"),
    Case("somebody large and no face, without a class list", photo(figures=(figure(),)), None, NO_GROUP, REJECT, "R17",
         questions="q-unseen-person"),
    Case("somebody large and no face, closed", photo(figures=(figure(),)), ALL_AGREE, said(), PUBLISH, "R50",
         channel=CLOSED),
    Case("somebody whose face was found", photo(face(), figures=(figure(face="f1"),)), ALL_AGREE, said(), PUBLISH,
         "R50", "keep group"),
    Case("another's face does not make up for the one not found", photo(*faces(2), figures=(figure(),)), ALL_AGREE,
         said(), REJECT, "R17", "keep group, keep group", "q-unseen-person"),
    Case("somebody seen doubtfully, beside others", photo(*faces(2), figures=(replace(figure(), score=0.3),)),
         ALL_AGREE, said(), REJECT, "R17", "keep group, keep group", "q-unseen-person"),
    Case("somebody seen too doubtfully for this school", photo(figures=(replace(figure(), score=0.5),)), ALL_AGREE,
         said(), PUBLISH, "R50", policy=KEEN),
    Case("a tiny face drawn in somebody large", photo(figures=(figure(300, width=800, height=500),)), ALL_AGREE,
         said(drawn=drawn()), REJECT, "R17 R21", questions="q-unseen-person"),
    Case("there is nobody there", photo(figures=(figure(),)), ALL_AGREE, said(no_unseen_people=True), PUBLISH, "R50"),
    Case("the face is drawn", photo(figures=(figure(),)), ALL_AGREE, said(drawn=drawn()), BLUR, "R21"),
    Case("somebody else's face is drawn", photo(figures=(figure(100),)), ALL_AGREE, said(drawn=drawn()), REJECT,
         "R17 R21", questions="q-unseen-person"),
    Case("of two, one is drawn", photo(figures=(figure(), figure(690))), ALL_AGREE, said(drawn=drawn()), REJECT,
         "R17 R21", questions="q-unseen-person"),
    Case("of two, both are drawn", photo(figures=(figure(), figure(690))), ALL_AGREE,
         said(drawn=(*drawn(), *drawn(x=720))), BLUR, "R21"),
    Case("what is drawn is too small for a face", photo(figures=(figure(),)), ALL_AGREE,
         said(drawn=(DrawnFace(Box(700, 700, 9, 9)),)), REJECT, "R17 R21", questions="q-unseen-person"),
    Case("drawn at the feet", photo(figures=(figure(),)), ALL_AGREE, said(drawn=(DrawnFace(Box(700, 980, 50, 60)),)),
         REJECT, "R17 R21", questions="q-unseen-person"),
    Case("drawn over a face that was found, of somebody before them",
         photo(replace(face(), box=Box(700, 700, 50, 60)), figures=(figure(face="f1"), figure(670))), ALL_AGREE,
         said(drawn=drawn()), REJECT, "R17 R21 R22", "cover vouched", "q-unseen-person"),
    Case("somebody so far away that the face would not be recognisable",
         photo(figures=(figure(width=50, height=150),)), ALL_AGREE, said(), PUBLISH, "R50"),
    Case("somebody who refused perhaps in it too: both are asked", photo(*faces(2), figures=(figure(),)), ONE_REFUSES,
         said(), REJECT, "R17 R24 R22", "cover none, cover none", "q-unseen-person any-of-refuser"),
    Case("behind a pattern it is one question", photo(figures=(figure(),), pattern=Pattern.NET), ALL_AGREE, said(),
         REJECT, "R16 R17", questions="q-unseen-people"),
    Case("somebody not seen in a photo that nothing can help", photo(figures=(figure(),), blocked=True), ALL_AGREE,
         said(), REJECT, "R02 R17"),
    Case("a photo without a pattern: the answer changes nothing", photo(*faces(2)), ONE_REFUSES,
         said(no_unseen_people=True), REJECT, "R24 R22", "cover none, cover none", "any-of-refuser"),
    # --- metadata ---
    Case("where it was taken", photo(hints=(Hint(HintKind.GPS, "GPS"),)), ALL_AGREE, said(), PUBLISH, "R12 R50"),
    Case("a name in the metadata", photo(names=(name(NamePlace.METADATA),)), ALL_AGREE, said(), PUBLISH, "R12 R50"),
    Case("the name of somebody who may not be shown, as one who is in it",
         photo(regions=(Region(None, None, "…", ("refuser",), certain=True),)), ONE_REFUSES, said(), REJECT, "R25",
         questions="q-is-present-refuser"),
    Case("plain metadata", photo(hints=(Hint(HintKind.EXIF, "EXIF"), Hint(HintKind.THUMBNAIL, "EXIF"))), ALL_AGREE,
         said(), PUBLISH, "R50"),
    Case("a neighbour disappears behind the cover of a whole person",
         photo(*faces(3), figures=(Figure(Box(20, 50, 200, 300), 0.9, "f1"),)), ONE_REFUSES,
         said(faces=tapped(f1="refuser")), BLUR, "R20 R43", "cover tapped, keep group, keep group", policy=WHOLE),

    # --- the photo as a whole ---
    Case("reported before", photo(*faces(12), blocked=True), ALL_AGREE, said(), REJECT, "R02", "keep group, " * 12),
    Case("reported before, closed", photo(blocked=True), ALL_AGREE, said(), REJECT, "R02", channel=CLOSED),
    Case("could not be judged: whatever else was seen or said does not count",
         photo(*faces(3), failure=Failure("damaged", "", ""), blocked=True, names=board(7)), ONE_HIDDEN,
         said(present={"hidden"}, drawn=drawn()), REJECT, "R01", ""),
]  # fmt: skip


def asked(question: Question) -> str:
    """The question's id; of one about several persons, who they are."""
    return f"any-of-{'-'.join(question.persons)}" if question.persons else question.id


@pytest.mark.parametrize("case", SCENES, ids=[case.id for case in SCENES])
def test_scene(case: Case) -> None:
    verdict = decide(case.photo, bound(case.said, case.photo), case.people, case.policy, case.channel)
    assert verdict.outcome is case.outcome
    assert " ".join(reason.rule for reason in verdict.reasons) == case.rules
    assert " ".join(map(asked, verdict.questions)) == case.questions
    assert verdict.not_yet is (verdict.outcome is REJECT and bool(verdict.questions))
    assert verdict.neutral_name is case.neutral_name
    if case.faces is not None:
        judged = ", ".join(f"{face.action} {face.basis}" for face in verdict.faces.values())
        assert judged == case.faces.rstrip(", ")


def test_every_rule_that_decide_judges_has_a_scene() -> None:
    shown = {rule for case in SCENES for rule in case.rules.split()}
    assert {row.speaks_as or row.id for row in RULES if row.applies} == shown
