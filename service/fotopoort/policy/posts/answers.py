"""Several answers as one: all that was said of a photo, and what was said of its post beside what was said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.policy.candidates import SAME_FACE
from fotopoort.vocabulary import Answers, Box, FaceAnswer, FaceId, FaceLabel, PersonId

COVERED_BY_ID: Final = (FaceLabel.COVER, FaceLabel.OTHER_CHILD)  # where they are said without a place
ELSEWHERE: Final = "@"  # in the id of an answer about a place where that face is not any more


def merge(base: Answers, more: Answers) -> Answers:
    """Both together. An answer about a face in `more` replaces the one in `base`, unless that was about another place,
    and "weet ik niet" in `base` ends where `more` says more; everything else adds up. Where `more` says "weet ik niet"
    of the face of somebody, that person is in the photo all the same, and of another child's, somebody else is: only
    where is not known any more.

    Who was listed counts only of answers that say that nobody else is in the photo.
    """
    listed = [answers.listed for answers in (base, more) if answers.only_present and answers.listed is not None]
    bound = (base.present - base.unbound) | (more.present - more.unbound)
    mentioned = more.present | more.absent | more.pointed_out
    faces, forgotten = _faces(base.faces, more.faces)
    lost = frozenset(answer.person for answer in forgotten if answer.person)
    child_lost = any(answer.label is FaceLabel.OTHER_CHILD for answer in forgotten)
    lost -= mentioned | Answers(faces=faces, drawn=base.drawn).pointed_out
    return Answers(
        groups=base.groups | more.groups,
        present=base.present | more.present | lost,
        only_present=base.only_present or more.only_present,
        absent=base.absent | more.absent,
        faces=faces,
        drawn=base.drawn + more.drawn,
        not_names=base.not_names | more.not_names,
        not_a_private_list=base.not_a_private_list or more.not_a_private_list,
        overridden=base.overridden | more.overridden,
        listed=frozenset[PersonId]().union(*listed) if listed else None,
        no_unseen_people=base.no_unseen_people or more.no_unseen_people,
        others=base.others or more.others or child_lost,
        crop=base.crop or more.crop,
        unsure=(base.unsure - mentioned) | more.unsure | lost,
        left_open=base.left_open | more.left_open,
        unbound=(base.unbound | more.unbound | lost) - bound,
        harmful=_harmful(base, more),
        may_face_camera=base.may_face_camera or more.may_face_camera,
        elsewhere=base.elsewhere.with_more(more.elsewhere),
    )


def _faces(
    earlier: Mapping[FaceId, FaceAnswer], later: Mapping[FaceId, FaceAnswer]
) -> tuple[dict[FaceId, FaceAnswer], list[FaceAnswer]]:
    """All answers about faces, and those in place of which it is "weet ik niet" now. An id can have been that of a
    face that lay elsewhere: what was said of that place goes on holding there, by an id that no face has, until
    something else is said of it under the same number. "Weet ik niet" takes back no wish to cover.
    """
    kept, forgotten, passed_over = {}, [], set[FaceId]()
    for id, answer in earlier.items():
        newer = {other: it for other, it in later.items() if _number(other) == _number(id)}
        replacing = {other: it.label for other, it in newer.items() if _replaces(it, answer.box)}
        if not newer:
            kept[id] = answer
        elif not replacing and answer.box is None and answer.label in COVERED_BY_ID:
            kept[id] = answer  # the same once more
            passed_over.add(id)
        elif not replacing:
            kept[_id_of_place(id, answer.box)] = answer
        elif answer.label is FaceLabel.COVER and {*replacing.values()} == {FaceLabel.UNKNOWN}:
            kept[id] = answer
            passed_over |= replacing.keys()
        elif FaceLabel.UNKNOWN in replacing.values():
            forgotten.append(answer)
    return kept | {id: answer for id, answer in later.items() if id not in passed_over}, forgotten


def _id_of_place(id: FaceId, box: Box | None) -> FaceId:
    """One that no face has, for what was said of a place by an id that another face has now."""
    return f"{_number(id)}{ELSEWHERE}{f'{box.x},{box.y},{box.w},{box.h}' if box else ''}"


def _number(id: FaceId) -> FaceId:
    """The id that the face had when it was spoken of."""
    return id.partition(ELSEWHERE)[0]


def _replaces(answer: FaceAnswer, box: Box | None) -> bool:
    """Whether it is said in place of what was said of that place; None: of a face without its place. A wish to cover
    that is about no place is said beside it."""
    if answer.box is None:
        return answer.label is not FaceLabel.COVER
    return box is None or answer.box.iou(box) >= SAME_FACE


def own_word_wins(whole: Answers, own: Answers) -> Answers:
    """What holds for one photo of a post.

    Args:
        whole: what was said of all photos of the post; what it says of faces is of no photo in particular, and is
            passed over.
        own: what was said of this photo. Where it says something else of the same person, of who else is in the photo
            or of the groups, that holds: "absent, except here".
    """
    is_own = own.only_present or own.others  # it was said of this photo whether there are others
    mentioned = own.present | own.absent | own.pointed_out
    present = own.present | (whole.present - own.absent)
    of_post = present - own.present  # where this photo has nobody but its own, these account for no face in it
    return Answers(
        groups=own.groups or whole.groups,
        present=present,
        only_present=own.only_present if is_own else whole.only_present,
        absent=own.absent | (whole.absent - own.present - own.unsure),
        faces=own.faces,
        drawn=own.drawn,
        not_names=own.not_names | whole.not_names,
        not_a_private_list=own.not_a_private_list or whole.not_a_private_list,
        overridden=own.overridden | whole.overridden,
        listed=own.listed if is_own else whole.listed,
        no_unseen_people=own.no_unseen_people or whole.no_unseen_people,
        others=own.others if is_own else whole.others,
        crop=own.crop or whole.crop,
        unsure=own.unsure | (whole.unsure - mentioned),
        left_open=own.left_open | whole.left_open,
        unbound=(own.unbound & own.present) | (of_post if own.only_present else whole.unbound & of_post),
        harmful=_harmful(whole, own),
        may_face_camera=own.may_face_camera or whole.may_face_camera,
        elsewhere=whole.elsewhere.with_more(own.elsewhere),
    )


def _harmful(base: Answers, more: Answers) -> bool | None:
    """A yes stays, whoever says no besides."""
    return True if True in (base.harmful, more.harmful) else base.harmful if more.harmful is None else more.harmful
