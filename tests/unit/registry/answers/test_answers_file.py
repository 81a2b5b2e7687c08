"""A file with answers: what loosens holds for the photo whose SHA-256 it names; a name alone only makes stricter."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fotopoort.errors import BadAnswers, UnknownPerson
from fotopoort.policy.decide import decide_all
from fotopoort.policy.posts.post import SharedAnswers
from fotopoort.policy_file import load_policy
from fotopoort.registry.answers.answers_file import AnswersFile, parse_answers_file, read_answers
from fotopoort.registry.answers.binding import tightened, with_own_word
from fotopoort.registry.people.people import RESERVED
from fotopoort.vocabulary import (
    Answers,
    Box,
    ConsentState,
    DrawnFace,
    FaceAnswer,
    FaceLabel,
    Findings,
    Outcome,
    People,
    Person,
)

from ..screened_photos import findings

SHA256, OTHER = "5e" * 32, "a1" * 32
POLICY = load_policy()
PUBLIC = {"website": ConsentState.GRANTED, "social_schools": ConsentState.GRANTED}
PEOPLE = People(
    {
        "yes": Person("yes", "Ja", groups=frozenset({"groep 5"}), consents=PUBLIC),
        "no": Person("no", "Nee", groups=frozenset({"groep 5"}), consents={"website": ConsentState.REFUSED}),
        "also": Person("also", "Ook", groups=frozenset({"groep 6"}), consents=PUBLIC),
    },
    "r",
)
EVERYTHING: dict[str, Any] = {
    "group": ["groep 5"],
    "present": ["yes"],
    "only_present": True,
    "absent": ["no"],
    "faces": {
        "f1": {"person": "also", "box": [1, 2, 3, 4]},
        "f2": "no_pupil",
        "f3": "not_a_person",
        "f4": "cover",
        "f5": "adult",
        "f6": {"say": "other_child", "box": [11, 12, 13, 14]},
    },
    "drawn": [{"box": [9, 8, 7, 6], "person": "yes"}],
    "not_names": ["n1"],
    "not_a_private_list": True,
    "no_unseen_people": True,
    "harmful": True,
    "may_face_camera": True,
}
BOUND = {"sha256": SHA256, **EVERYTHING}
TIGHTER = Answers(
    present=frozenset({"yes", "also"}),
    unbound=frozenset({"yes", "also"}),
    faces={"f4": FaceAnswer(FaceLabel.COVER), "f6": FaceAnswer(FaceLabel.COVER)},
    drawn=(DrawnFace(Box(9, 8, 7, 6)), DrawnFace(Box(11, 12, 13, 14))),
    harmful=True,
)


def parsed(photos: dict[str, Any]) -> AnswersFile:
    return parse_answers_file({"photos": photos}, PEOPLE)


@pytest.mark.parametrize(
    "photos",
    [{SHA256: EVERYTHING}, {"a.jpg": BOUND}, {SHA256.upper(): BOUND}],
    ids=["as the key", "inside", "both"],
)  # fmt: skip
def test_what_names_its_photo_by_sha256_holds_for_that_photo_alone(photos: dict[str, Any]) -> None:
    file = parsed(photos)
    about = file.about(Answers(), PEOPLE, SHA256, "a.jpg")
    assert about.absent == {"no"}
    assert about.faces.keys() == {"f1", "f2", "f3", "f4", "f5", "f6"}
    assert about.listed == frozenset({"yes", "no"})
    assert file.about(Answers(), PEOPLE, OTHER, "a.jpg") == Answers(), "another photo of the same name"
    assert file.warning() is None


def test_a_name_alone_keeps_what_makes_stricter_and_says_that_the_rest_does_not_count() -> None:
    file = parsed({"a.jpg": EVERYTHING, "b.jpg": {"present": ["no"]}, "c.jpg": {"absent": ["no"]}})
    assert file.by_name["a.jpg"] == TIGHTER
    warning = file.warning()
    assert warning is not None
    assert warning.en.startswith("Of 2 photos in the answers only what tightens counts")
    assert warning.nl.startswith("Bij 2 foto’s in de antwoorden telt alleen wat het oordeel strenger maakt")


def test_a_group_by_name_neither_rules_out_others_nor_adds_people_whom_a_face_could_be() -> None:
    file = parsed({"a.jpg": {"group": ["groep 5"]}})
    assert file.about(Answers(), PEOPLE, SHA256, "a.jpg").groups == frozenset()
    named = Answers(groups=frozenset({"groep 6"}))
    assert file.about(named, PEOPLE, SHA256, "a.jpg") == named
    assert file.warning() is not None


def test_what_is_said_by_sha256_and_by_name_adds_up() -> None:
    file = parsed({SHA256: {"absent": ["yes"]}, "a.jpg": {"present": ["no"]}, "x/a.jpg": {"faces": {"f1": "cover"}}})
    about = file.about(Answers(), PEOPLE, SHA256, "x/a.jpg", "a.jpg")
    assert (set(about.absent), set(about.present), set(about.faces)) == ({"yes"}, {"no"}, {"f1"})
    assert file.keys_of(SHA256, "x/a.jpg", "a.jpg") == file.keys()


# --- posts -----------------------------------------------------------------------------------------------


def of_post(post: dict[str, Any], photos: dict[str, Any] | None = None) -> AnswersFile:
    return parse_answers_file({"photos": photos or {}, "posts": [post]}, PEOPLE)


def test_what_is_said_of_a_post_holds_for_the_photos_it_names() -> None:
    file = of_post({"photos": [SHA256, OTHER.upper()], "group": ["groep 5"], "absent": ["no"], "unsure": ["yes"]})
    for sha256 in (SHA256, OTHER):
        about = file.about(Answers(present=frozenset({"also"})), PEOPLE, sha256, "a.jpg")
        assert about.groups == {"groep 5"}
        assert (set(about.absent), set(about.unsure)) == ({"no"}, {"yes"})
        assert about.present == {"also"}
    assert file.about(Answers(), PEOPLE, "c" * 64, "a.jpg") == Answers()
    assert file.warning() is None


def test_a_post_of_which_nothing_is_said_changes_nothing() -> None:
    base, own = Answers(frozenset({"groep 5"})), {SHA256: {"group": ["groep 6"]}}
    about = [
        parse_answers_file({"photos": own, "posts": posts}, PEOPLE).about(base, PEOPLE, SHA256, "a.jpg")
        for posts in ([], [{"photos": [SHA256]}])
    ]
    assert about[0] == about[1]
    assert about[0].groups == {"groep 6"}


def test_a_photo_of_a_post_has_its_own_word() -> None:
    """Absent, except here."""
    file = of_post({"photos": [SHA256, OTHER], "absent": ["no"], "others": True}, {SHA256: {"present": ["no"]}})
    here, there = (file.about(Answers(), PEOPLE, sha256) for sha256 in (SHA256, OTHER))
    assert (set(here.present), set(here.absent), here.others) == ({"no"}, set(), True)
    assert (set(there.present), set(there.absent), there.others) == (set(), {"no"}, True)


OWN_WORDS: dict[str, tuple[Answers, dict[str, Any], dict[str, Any]]] = {
    "absent, except here": (
        Answers(absent=frozenset({"no", "yes"})), {"present": ["no"]}, {"absent": {"yes"}, "present": {"no"}},
    ),
    "absent, and pointed out here": (
        Answers(absent=frozenset({"no"})), {"faces": {"f1": {"person": "no"}}}, {"absent": set()},
    ),
    "absent, and drawn here": (
        Answers(absent=frozenset({"no"})), {"drawn": [{"box": [1, 2, 3, 4], "person": "no"}]}, {"absent": set()},
    ),
    "absent, and nobody knows it here": (
        Answers(absent=frozenset({"no"})), {"unsure": ["no"]}, {"absent": set(), "unsure": {"no"}},
    ),
    "present, except here": (
        Answers(present=frozenset({"no"})), {"absent": ["no"]}, {"absent": {"no"}, "present": set()},
    ),
    "another group": (Answers(frozenset({"groep 5"})), {"group": ["groep 6"]}, {"groups": {"groep 6"}}),
    "nobody else, except here": (
        Answers(only_present=True, listed=frozenset({"no"})), {"others": True}, {"only_present": False, "listed": None},
    ),
    "others, and here nobody else": (
        Answers(others=True), {"only_present": True, "present": ["yes"]}, {"others": False, "only_present": True},
    ),
    "who is in all of them accounts for no face where it is said that nobody else is": (
        Answers(present=frozenset({"no"})), {"only_present": True, "present": ["yes"]},
        {"present": {"no", "yes"}, "unbound": {"no"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("every", "own", "holds"), OWN_WORDS.values(), ids=OWN_WORDS)
def test_a_photos_own_word_wins_of_what_is_said_of_all(
    every: Answers, own: dict[str, Any], holds: dict[str, Any]
) -> None:
    """As with posts; the other photo has what was said of all."""
    file = parsed({SHA256: own, OTHER: {}})
    file.check(every, PEOPLE)
    about = file.about(every, PEOPLE, SHA256, "a.jpg")
    assert {key: getattr(about, key) for key in holds} == holds
    there = file.about(every, PEOPLE, OTHER, "b.jpg")
    assert replace(there, listed=every.listed) == every


def test_who_is_in_a_file_of_that_name_is_in_it_and_accounts_for_no_face() -> None:
    """Who is absent from all of them and, by a file's name, in this one: not refused, and as strict as can be."""
    file, every = parsed({"a.jpg": {"present": ["no"]}}), Answers(absent=frozenset({"no", "yes"}))
    file.check(every, PEOPLE)
    about = file.about(every, PEOPLE, SHA256, "a.jpg")
    assert about == replace(every, present=frozenset({"no"}), unbound=frozenset({"no"}))
    website = decide_all(findings(1), about, PEOPLE, POLICY, ("website",))["website"]
    assert website.outcome is Outcome.REJECT


def test_what_is_said_of_the_faces_of_the_only_photo_is_not_lost_by_what_is_said_of_it_in_a_file() -> None:
    tapped = FaceAnswer(FaceLabel.PERSON, "no", Box(10, 20, 30, 40))
    every = Answers(faces={"f1": tapped}, drawn=(DrawnFace(Box(900, 700, 50, 60)),))
    assert parsed({}).about(every, PEOPLE, SHA256) == every
    about = parsed({SHA256: {"faces": {"f2": "cover"}}}).about(every, PEOPLE, SHA256)
    assert about.faces == {"f1": tapped, "f2": FaceAnswer(FaceLabel.COVER)}
    assert about.drawn == every.drawn
    nobody_knows = parsed({SHA256: {"faces": {"f1": "unknown"}}}).about(every, PEOPLE, SHA256)
    assert nobody_knows.present == nobody_knows.unsure == {"no"}


def test_what_is_said_of_a_post_without_its_photos_holds_for_none() -> None:
    file = of_post({"absent": ["no"]})
    assert file.about(Answers(), PEOPLE, SHA256, "a.jpg") == Answers()


def test_a_crop_and_what_nobody_knows_can_be_said_of_a_post() -> None:
    about = {"photos": [SHA256], "crop": True, "left_open": ["q-is-harmful"]}
    said = parse_answers_file({"posts": [about]}, PEOPLE).about(Answers(), PEOPLE, SHA256)
    assert (said.crop, [*said.left_open]) == (True, ["q-is-harmful"])


def test_posts_alone_make_a_file() -> None:
    file = parse_answers_file({"posts": [{"photos": [SHA256], "absent": ["no"]}]}, PEOPLE)
    assert file.about(Answers(), PEOPLE, SHA256).absent == {"no"}


def test_posts_reach_another_machine() -> None:
    file = of_post({"photos": [SHA256, OTHER], "absent": ["no"]}, {"a.jpg": {"present": ["yes"]}, OTHER: {}})
    again = AnswersFile.from_json(json.loads(json.dumps(file.to_json())))
    assert (again.posts, again.by_sha256, again.by_name) == (file.posts, file.by_sha256, file.by_name)


@pytest.mark.parametrize(
    ("post", "message"),
    [
        ({"photos": ["5e5e"]}, r"posts\[0\].photos must be 64 characters"),
        ({"photos": [5]}, r"posts\[0\].photos must be 64 characters"),
        ({"photos": SHA256}, r"posts\[0\].photos must be a list"),
        ({"photos": [SHA256], "faces": {"f1": "cover"}}, r"posts\[0\] has an unknown key"),
        ({"photos": [SHA256], "left_open": ["q-is-pupil-f1"]}, r"posts\[0\].left_open has a question about a face"),
    ],
)
def test_a_post_that_cannot_be_is_refused(post: dict[str, Any], message: str) -> None:
    with pytest.raises(BadAnswers, match=message):
        of_post(post)


def test_a_post_that_names_somebody_unknown_is_refused_or_counts_as_somebody_nobody_knows() -> None:
    content = {"posts": [{"photos": [SHA256], "present": ["who"]}]}
    with pytest.raises(UnknownPerson, match=r"posts\[0\].present"):
        parse_answers_file(content, PEOPLE)
    file = parse_answers_file(content, PEOPLE, strangers=True)
    (stranger,) = file.about(Answers(), PEOPLE, SHA256).present
    assert stranger.startswith("erased-unlisted-")
    warning = file.warning()
    assert warning is not None
    assert "posts[0]" in warning.en


def test_what_is_said_of_a_post_must_go_with_what_is_said_of_all_photos() -> None:
    with pytest.raises(BadAnswers, match=r"posts\[0\].absent"):
        of_post({"photos": [SHA256], "absent": ["no"]}).check(Answers(present=frozenset({"no"})), PEOPLE)


@pytest.mark.parametrize(
    ("photos", "message"),
    [
        ({"a": {"sha256": "5e5e"}}, r"photos\[0\].sha256 must be 64 characters"),
        ({"b": {}, "a": {"sha256": 5}}, r"photos\[1\].sha256 must be 64 characters"),
        ({SHA256: {"sha256": OTHER}}, r"photos\[0\].sha256 is another than the key"),
        ({SHA256: {}, "a": {"sha256": SHA256}}, r"photos\[1\] is about a photo that is there already"),
    ],
)
def test_a_sha256_that_is_none_or_is_there_twice_is_refused(photos: dict[str, Any], message: str) -> None:
    with pytest.raises(BadAnswers, match=message):
        parsed(photos)


def test_a_name_that_several_photos_have_is_refused_by_number() -> None:
    file = parsed({SHA256: {}, "Noor.jpg": {"faces": {"f1": "cover"}}})
    file.check_names(["Noor.jpg", "b.jpg", "b.jpg"])
    with pytest.raises(BadAnswers, match=r"photos\[1\] has a name that more than one photo has") as refused:
        file.check_names(["Noor.jpg", "b.jpg", "Noor.jpg"])
    assert "Noor" not in repr((refused.value.message, refused.value.hint))
    parsed({SHA256: {}}).check_names(["a.jpg", "a.jpg"])


def test_what_does_not_go_with_what_is_said_of_every_photo_is_refused() -> None:
    everyone = Answers(faces={"f1": FaceAnswer(FaceLabel.PERSON, "no")})
    parsed({"a.jpg": {"absent": ["no"]}}).check(everyone, PEOPLE)  # of a name alone that does not count
    with pytest.raises(BadAnswers, match=r"photos\[1\]\.absent"):
        parsed({"b.jpg": {}, SHA256: {"absent": ["no"]}}).check(everyone, PEOPLE)
    with pytest.raises(UnknownPerson, match=r"photos\[0\]\.present"):
        parsed({"b.jpg": {"present": ["Noor"]}})


@pytest.mark.parametrize(
    "said",
    [
        {"present": ["gone"]},
        {"present": ["yes", "gone"], "only_present": True},
        {"faces": {"f1": {"person": "gone", "box": [1, 2, 3, 4]}}},
        {"drawn": [{"box": [900, 700, 200, 240], "person": "gone"}]},
        {"faces": {"f1": {"person": "gone", "box": [1, 2, 3, 4]}}, "absent": ["gone too", "no"]},
    ],
)
@pytest.mark.parametrize("key", [SHA256, "a.jpg"])
def test_who_is_not_listed_any_more_counts_as_somebody_unknown(key: str, said: dict[str, Any]) -> None:
    """So that erasing somebody does not end every later run over a folder, with what it published still there."""
    with pytest.raises(UnknownPerson):
        parse_answers_file({"photos": {"b.jpg": {}, key: said}}, PEOPLE)
    file = parse_answers_file({"photos": {"b.jpg": {}, key: said}}, PEOPLE, strangers=True)
    about = file.about(Answers(), PEOPLE, SHA256, "a.jpg")
    assert "gone" not in repr(about), "an id of somebody who was erased"
    assert all(name.startswith(RESERVED) for name in about.present - PEOPLE.persons.keys())
    channels = ("social_schools", "website", "facebook")
    verdicts = decide_all(findings(2), about, PEOPLE, POLICY, channels)
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.REJECT}
    warning = file.warning()
    assert warning is not None
    assert "photos[1]" in warning.nl
    assert "photos[1]" in warning.en
    assert "gone" not in warning.nl + warning.en


def test_somebody_who_is_not_listed_any_more_and_is_absent_is_left_out() -> None:
    file = parse_answers_file({"photos": {SHA256: {"absent": ["gone", "no"]}}}, PEOPLE, strangers=True)
    assert file.about(Answers(), PEOPLE, SHA256) == Answers(absent=frozenset({"no"}))
    assert file.warning() is not None


def test_where_everybody_is_listed_nothing_changes() -> None:
    content = {"photos": {"a.jpg": BOUND, "b.jpg": EVERYTHING}}
    assert parse_answers_file(content, PEOPLE, strangers=True) == parse_answers_file(content, PEOPLE)
    content = {"photos": {SHA256: {"present": ["anybody"]}}}
    assert parse_answers_file(content, None, strangers=True) == parse_answers_file(content, None)


def test_it_travels_to_other_machines(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"photos": {"a.jpg": EVERYTHING, SHA256: EVERYTHING}}))
    file = read_answers(path, PEOPLE)
    again = AnswersFile.from_json(json.loads(json.dumps(file.to_json())))
    assert (again.by_sha256, again.by_name) == (file.by_sha256, file.by_name)


def test_what_an_older_program_sent_to_other_machines_by_name_only_makes_stricter() -> None:
    content = AnswersFile(by_sha256={"a.jpg": Answers(absent=frozenset({"no"}), present=frozenset({"yes"}))}).to_json()
    assert AnswersFile.from_json(content).by_name == {
        "a.jpg": Answers(present=frozenset({"yes"}), unbound=frozenset({"yes"}))
    }


IDS = st.frozensets(st.sampled_from(sorted(PEOPLE.persons)), max_size=2)
BOXES = st.sampled_from([findings(3).faces[0].box, findings(3).faces[1].box, Box(1200, 900, 200, 240)])
FACES = st.dictionaries(
    st.sampled_from(["f1", "f2", "f3", "f9"]),
    st.builds(FaceAnswer, st.sampled_from(FaceLabel), st.none() | st.sampled_from(["yes", "no"]), st.none() | BOXES),
    max_size=3,
)
SAID = st.builds(
    Answers,
    groups=st.frozensets(st.sampled_from(["groep 5", "groep 6"])),
    present=IDS,
    only_present=st.booleans(),
    absent=IDS,
    faces=FACES,
    drawn=st.lists(st.builds(DrawnFace, BOXES, st.none() | st.sampled_from(["yes", "no"])), max_size=1).map(tuple),
    not_names=st.frozensets(st.sampled_from(["n1", "n2"])),
    not_a_private_list=st.booleans(),
    no_unseen_people=st.booleans(),
    others=st.booleans(),
    unsure=IDS,
)
COMMON = st.builds(
    Answers, groups=st.frozensets(st.sampled_from(["groep 5", "groep 6"])), present=IDS, absent=IDS
)  # fmt: skip


@given(every=SAID, own=SAID)
def test_a_file_means_the_same_where_nothing_is_said_of_all_and_all_of_that_where_it_says_nothing(
    every: Answers, own: Answers
) -> None:
    own = replace(own, listed=None)
    assert with_own_word(Answers(), own) == own
    assert with_own_word(every, Answers()) == every


@given(every=SAID, own=SAID)
def test_what_is_said_of_all_is_as_what_is_said_of_a_post(every: Answers, own: Answers) -> None:
    every = replace(every, faces={}, drawn=(), absent=every.absent - own.pointed_out)
    own = replace(own, listed=None)
    of_post = AnswersFile(by_sha256={SHA256: own}, posts=(SharedAnswers(every, frozenset({SHA256})),))
    assert AnswersFile(by_sha256={SHA256: own}).about(every, None, SHA256) == of_post.about(Answers(), None, SHA256)


def test_what_a_name_says_of_a_place_where_a_face_is_no_more_takes_no_wish_to_cover_from_that_face() -> None:
    wish = {"faces": {"f1": "cover", "f2": {"say": "cover", "box": [1, 2, 3, 4]}}}
    gone = {"say": "other_child", "box": [900, 900, 40, 50]}
    file = parsed({SHA256: wish, "a.jpg": {"faces": {"f1@900,900,40,50": gone, "f2@900,900,40,50": gone}}})
    about = file.about(Answers(), PEOPLE, SHA256, "a.jpg")
    assert about.faces == file.about(Answers(), PEOPLE, SHA256).faces
    assert about.drawn == (DrawnFace(Box(900, 900, 40, 50)),)


@settings(max_examples=200)
@given(common=COMMON, said=SAID, faces=st.integers(0, 3))
def test_a_name_alone_never_makes_a_verdict_less_strict(common: Answers, said: Answers, faces: int) -> None:
    seen: Findings = findings(faces)
    channels = ("social_schools", "website", "facebook")
    without = decide_all(seen, common, PEOPLE, POLICY, channels)
    with_name = decide_all(seen, tightened(common, said), PEOPLE, POLICY, channels)
    for channel in channels:
        before, after = without[channel], with_name[channel]
        assert after.outcome.strictness >= before.outcome.strictness
        if after.outcome is before.outcome:
            covered = {face for face, verdict in after.faces.items() if verdict.action == "cover"}
            assert covered >= {face for face, verdict in before.faces.items() if verdict.action == "cover"}
