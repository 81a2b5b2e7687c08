"""When each rule of `rules.py` applies: one function per rule.

Each looks at one photo on one channel and returns what the rule is about, or None. The rule's row says which channels
it holds for and what then happens.
"""

from __future__ import annotations

from dataclasses import dataclass

from fotopoort.policy.case import Case, CaseFace
from fotopoort.policy.measures import (
    figure_cover,
    is_larger_than_in_an_overview,
    scene,
    union_area,
    unrecognisable_side,
)
from fotopoort.policy.policy import Covering, PublicCloseUp, PublicFrontal
from fotopoort.vocabulary import (
    Box,
    ConsentState,
    FaceId,
    FaceLabel,
    HintKind,
    NamePlace,
    Outcome,
    Person,
    Role,
    Scene,
)

WRITTEN_HINTS = frozenset({HintKind.PERSON_NAME, HintKind.CAPTION})  # words that somebody wrote, and not the camera
TELLING_HINTS = WRITTEN_HINTS | {HintKind.GPS}


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule that applies is applied to."""

    faces: tuple[FaceId, ...] = ()  # the faces that its effect is on
    boxes: tuple[Box, ...] = ()  # other places that its effect is on
    about: tuple[FaceId, ...] | None = None  # the faces that its reason is about; None: `faces`
    unsure: frozenset[FaceId] = frozenset()  # those of them whose direction could not be measured
    silent: bool = False  # whether it takes effect without giving a reason
    side: int | None = None  # the number of pixels in its sentence


def _faces(faces: list[CaseFace]) -> Match | None:
    return Match(tuple(face.id for face in faces), unsure=_unsure(faces)) if faces else None


def _unsure(faces: list[CaseFace]) -> frozenset[FaceId]:
    return frozenset(face.id for face in faces if not face.face.pose_reliable)


def _if(applies: bool) -> Match | None:
    return Match() if applies else None


# --- the photo as a whole --------------------------------------------------------------------------------


def could_not_be_judged(case: Case) -> Match | None:
    return _if(case.findings.failure is not None)


def reported_before(case: Case) -> Match | None:
    return _if(case.findings.blocked)


def somebody_never_locatable(case: Case) -> Match | None:
    pointed_out = case.answers.pointed_out & case.persons.keys()
    return _if(case.elsewhere.hides or any(case.persons[person].never_locatable for person in pointed_out))


def said_to_be_harmful(case: Case) -> Match | None:
    return _if(case.answers.harmful is True or case.answers.elsewhere.harmful)


def people_may_be_hidden(case: Case) -> Match | None:
    return _if(case.may_hide_people)


def somebody_unseen(case: Case) -> Match | None:
    return _if(bool(case.unseen))


# --- names and text --------------------------------------------------------------------------------------


def name_in_caption(case: Case) -> Match | None:
    return _if(bool(case.names(NamePlace.CAPTION)))


def name_in_file_name(case: Case) -> Match | None:
    if case.names(NamePlace.FILE_NAME):
        return Match()
    return None if case.findings.names_checked else Match(silent=True)


def telling_metadata(case: Case) -> Match | None:
    telling = any(hint.kind in TELLING_HINTS for hint in case.findings.hints)
    return _if(telling or bool(case.names(NamePlace.METADATA)))


def name_in_picture(case: Case) -> Match | None:
    width, height = case.findings.width, case.findings.height
    whole_photo = Box(0, 0, width, height)  # for a name of which nobody knows where it is

    def place(box: Box | None) -> Box:
        return box if box and box.clipped(width, height).area > 0 else whole_photo

    boxes = tuple(place(hit.box) for hit in case.names(NamePlace.PICTURE, NamePlace.CODE))
    return Match(boxes=boxes) if boxes else None


def unchecked_text(case: Case) -> Match | None:
    written = any(hint.kind in WRITTEN_HINTS for hint in case.findings.hints)
    return _if((case.findings.has_text or written) and not case.findings.names_checked)


def list_of_names(case: Case) -> Match | None:
    enough = len(case.names(NamePlace.PICTURE)) >= case.policy.private_list.min_names
    return _if(enough and not case.answers.not_a_private_list)


# --- who is in it ----------------------------------------------------------------------------------------


def identified_but_not_allowed(case: Case) -> Match | None:
    pointed_out = (FaceLabel.PERSON, FaceLabel.OTHER_CHILD)
    hidden = (face for face in case.faces if not face.may_be_shown and not face.only_elsewhere)
    faces = [face.face for face in hidden if face.label in pointed_out]
    if not faces:
        return None
    ids = tuple(face.id for face in faces)
    if case.policy.settings.cover is Covering.FACE:
        return Match(ids)
    figures = {figure.face: figure for figure in case.findings.figures}
    size = case.findings.width, case.findings.height
    whole = [
        figure_cover(face.box, figures.get(face.id), *size, case.policy, roll=face.roll if face.pose_reliable else 0.0)
        for face in faces
    ]
    return Match(ids, tuple(whole))


def asked_to_cover(case: Case) -> Match | None:
    faces = tuple(face.id for face in case.faces if face.label is FaceLabel.COVER)
    return Match(faces, case.drawn) if faces or case.drawn else None


def covered_by_what_was_said_elsewhere(case: Case) -> Match | None:
    said = case.elsewhere
    return Match(said.faces, said.boxes) if said.faces or said.boxes else None


def could_be_somebody_not_allowed(case: Case) -> Match | None:
    unanswered = (face for face in case.faces if face.unanswered and not face.only_elsewhere)
    return _faces([face for face in unanswered if not face.may_be_shown])


def sayings_do_not_fit(case: Case) -> Match | None:
    return _if(bool(case.missing) or case.candidates.short)


def not_yet_said_who(case: Case) -> Match | None:
    return _if(case.waiting)


def named_in_the_file(case: Case) -> Match | None:
    return _if(bool(case.named))


# --- how they are in it ----------------------------------------------------------------------------------


def pupil_close_and_frontal(case: Case) -> Match | None:
    return _faces([face for face in case.faces if face.close_up and _is_pupil_in_front(face)])


def _is_pupil_in_front(face: CaseFace) -> bool:
    return face.recognisable and face.frontal and face.could_be_pupil


def perhaps_no_pupil(case: Case) -> tuple[FaceId, ...]:
    """The faces close by that nobody said anything of, where it decides whether that is a pupil (rule R30)."""
    advised = case.policy.settings.public_close_up is PublicCloseUp.ADVISE or _set_aside(case)
    match = pupil_close_and_frontal(case) if case.channel.public and not advised else None
    found = [face for face in case.faces if match and face.id in match.faces and not face.left_unknown]
    return tuple(face.id for face in found if face.label is None)


def only_smaller(case: Case) -> Match | None:
    """Where nothing but the size can help a photo that is about a pupil, and a smaller one is still a picture."""
    rejects = case.policy.settings.public_close_up is PublicCloseUp.REJECT and not _set_aside(case)
    side = unrecognisable_side(case.findings, case.policy)
    helps = rejects and side >= case.policy.smaller.min_side
    return Match(side=side) if helps and pupil_close_and_frontal(case) else None


def _set_aside(case: Case) -> bool:
    return (case.channel.id, "R30") in case.answers.overridden


def staff_close_by(case: Case) -> Match | None:
    """A portrait of somebody who works at the school and did not say themselves that it may be shown."""
    return _faces(
        [
            face
            for face in case.faces
            if face.recognisable
            and face.close_up
            and face.may_be_shown
            and (
                _is_staff_unasked(face.person, case)
                if face.label is FaceLabel.PERSON
                else face.unanswered and _could_be_staff_alone(case)
            )
        ]
    )


def _could_be_staff_alone(case: Case) -> bool:
    """Whether a face without an answer can only be that of staff of whom nobody knows that they agreed. Who is said to
    be present besides does not change that."""
    present = frozenset() if case.answers.only_present else case.answers.present
    unasked = {id for id in case.candidates.persons if _is_staff_unasked(case.persons.get(id), case)}
    return bool(unasked) and case.candidates.persons - present <= unasked


def _is_staff_unasked(person: Person | None, case: Case) -> bool:
    """Whether somebody works at the school and did not say themselves that the channel may show them."""
    staff = person if person and person.role is Role.STAFF else None
    return staff is not None and staff.consent(case.channel.id) is not ConsentState.GRANTED


def large_and_frontal(case: Case) -> Match | None:
    return _faces([face for face in case.faces if face.may_be_shown and _is_large(face, case)])


def _is_large(face: CaseFace, case: Case) -> bool:
    """Whether a pupil is seen so by this face that it is covered (rule R37): other faces make it no smaller."""
    setting, width, height = case.policy.settings.public_frontal, case.findings.width, case.findings.height
    if setting is PublicFrontal.ADVISE or (setting is PublicFrontal.ASK and case.answers.may_face_camera):
        return False
    larger = is_larger_than_in_an_overview(face.face, width, height, case.policy)
    return larger and not face.close_up and _is_pupil_in_front(face)


def may_be_seen(case: Case) -> Match | None:
    cleared = [face for face in case.faces if face.may_be_shown and not face.too_small]
    if not cleared:
        return None
    advise = case.channel.public and scene(case.findings, case.policy) is not Scene.OVERVIEW
    rest = [face for face in cleared if not face.close_up and _is_pupil_in_front(face) and not _is_large(face, case)]
    frontal = rest if advise else []
    ids = tuple(face.id for face in frontal)
    return Match(tuple(face.id for face in cleared), about=ids, unsure=_unsure(frontal), silent=not frontal)


def too_small_to_recognise(case: Case) -> Match | None:
    return _faces([face for face in case.faces if face.too_small])


# --- what is left of the photo ---------------------------------------------------------------------------


def too_little_left(case: Case) -> Match | None:
    """By area alone: a count of faces or a share of them would let another face lift it."""
    share = case.policy.too_little_left.min_covered_share
    area = share * case.findings.width * case.findings.height
    return _if(bool(case.so_far.boxes) and union_area(case.so_far.boxes) >= area)


def few_faces_left(case: Case) -> Match | None:
    """Only where the photo goes out covered; it is advice, since it counts faces."""
    limits, covered = case.policy.too_little_left, case.so_far.faces
    close_ups = [face.id for face in case.faces if face.close_up]
    only_close_up = len(close_ups) == 1 and close_ups[0] in covered
    recognisable = [face.id for face in case.faces if face.recognisable]
    hidden = sum(face in covered for face in recognisable)
    most_faces = len(recognisable) >= limits.min_faces and hidden > limits.max_covered_faces * len(recognisable)
    goes_out = case.so_far.outcome is Outcome.BLUR and not too_little_left(case)
    return _if(goes_out and (only_close_up or most_faces))


def others_behind_a_cover(case: Case) -> Match | None:
    """Faces that may be seen behind the cover of a whole figure; only where that is set and the photo goes out."""
    boxes, covered = case.so_far.boxes, case.so_far.faces
    goes_out = case.so_far.outcome is Outcome.BLUR and not too_little_left(case)
    if case.policy.settings.cover is Covering.FACE or not goes_out:
        return None
    left = (face for face in case.faces if face.id not in covered)
    return _faces([face for face in left if any(box.contains(face.face.box.centre) for box in boxes)])


def nothing_limits(case: Case) -> Match | None:
    return _if(case.so_far.outcome is Outcome.PUBLISH)
