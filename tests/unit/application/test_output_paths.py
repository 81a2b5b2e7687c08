"""Where renditions are written, and under which name."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fotopoort.application import output_paths
from fotopoort.application.input_files import PhotoFile
from fotopoort.application.output_paths import OutputPaths, remove_given, write_renditions
from fotopoort.errors import OutputUnwritable, ScreeningTimeout
from fotopoort.files import remove
from fotopoort.policy.policy import Policy
from fotopoort.screening.screen import Request, Screening, unjudged
from fotopoort.vocabulary import Outcome, Rendition, Verdict

SHA256 = "0123456789ab" + "c" * 52


def verdict(channel: str, *, neutral_name: bool) -> Verdict:
    return Verdict(channel, Outcome.PUBLISH, {}, (), (), (), neutral_name, "consent", "1", None)


def rendition_path(relative: str, channel: str = "website", *, neutral_name: bool = True) -> str:
    file = PhotoFile(Path("/photos") / relative, relative, Path(relative))
    path, _ = OutputPaths(Path("/uit")).reserve(file, SHA256, verdict(channel, neutral_name=neutral_name))
    return path.relative_to("/uit").as_posix()


@pytest.mark.parametrize(
    "name",
    ["IMG_2031", "DSC01234", "DSCN0042", "P1010023", "PXL_20260312_101544123", "20260312_101544", "IMG-20260312-WA0001",
     "image 3", "IMG_2031-2", "_DSC1234", "GOPR0012", "IMG_20260312_101544_BURST002"],
)  # fmt: skip
def test_names_that_cameras_give_are_kept(name: str) -> None:
    assert rendition_path(f"{name}.jpg") == f"website/{name}.jpg"


@pytest.mark.parametrize(
    "name",
    ["Fenna op het plein", "Sam 3", "sam-2", "SAM", "Pim2", "IMG_2031 Fenna", "Fenna IMG_2031", "IMG_2031_Fenna",
     "groep 5", "foto", "Jip-en-Janneke 1"],
)  # fmt: skip
def test_names_that_people_give_are_not_kept_on_a_public_channel(name: str) -> None:
    assert rendition_path(f"{name}.jpg") == "website/foto-0123456789ab.jpg"
    assert rendition_path(f"{name}.jpg", "social_schools", neutral_name=False) == f"social_schools/{name}.jpg"


def test_a_folder_may_hold_a_name_as_well() -> None:
    assert rendition_path("Fenna/IMG_2031.jpg") == "website/foto-0123456789ab.jpg"
    assert rendition_path("groep 5/IMG_2031.jpg", neutral_name=False) == "website/groep 5/IMG_2031.jpg"


@pytest.mark.parametrize("name", ["IMG_1.HEIC", "IMG_1.jpeg", "IMG_1.png", "IMG_1"])
def test_a_rendition_is_a_jpeg(name: str) -> None:
    assert rendition_path(name) == "website/IMG_1.jpg"


def test_no_two_photos_of_a_run_share_a_rendition_path() -> None:
    paths = OutputPaths(Path("uit"))
    names = ["IMG_1.jpg", "IMG_1.png", "IMG_1-2.jpg", "IMG_1.HEIC"]
    judged = verdict("website", neutral_name=False)
    reserved = [paths.reserve(PhotoFile(Path(name), name, Path(name)), SHA256, judged)[0] for name in names]
    assert len(set(reserved)) == len(names)
    assert reserved[0] == Path("uit/website/IMG_1.jpg")


@given(st.lists(st.tuples(st.sampled_from(["a.jpg", "a.png", "a-2.jpg", "b.jpg"]), st.booleans(), st.booleans())))
def test_what_an_earlier_run_wrote_is_known_to_the_next_whatever_the_verdicts(
    photos: list[tuple[str, bool, bool]],
) -> None:
    """Also where photos share a name, or have that of another with its number."""
    files = [PhotoFile(Path(name), name, Path(name)) for name, _, _ in photos]
    earlier, later = OutputPaths(Path("uit")), OutputPaths(Path("uit"))
    kept: set[Path] = set()
    for file, (_, _, neutral_name) in zip(files, photos, strict=True):
        kept.add(earlier.reserve(file, SHA256, verdict("website", neutral_name=neutral_name))[0])
    written: set[Path] = set()
    for file, (_, neutral_name, _) in zip(files, photos, strict=True):
        path, others = later.reserve(file, SHA256, verdict("website", neutral_name=neutral_name))
        assert written.isdisjoint([path, *others]), "none of this run"
        written.add(path)
        kept -= {path, *others}
    assert kept == set(), "what stays lies beside what was written since"


def test_without_another_photo_of_its_name_a_photo_has_two_names() -> None:
    file = PhotoFile(Path("groep 5/Fenna.jpg"), "Fenna.jpg", Path("groep 5/Fenna.jpg"))
    own, neutral = Path("uit/website/groep 5/Fenna.jpg"), Path("uit/website/foto-0123456789ab.jpg")
    assert OutputPaths(Path("uit")).reserve(file, SHA256, verdict("website", neutral_name=True)) == (neutral, [own])
    assert OutputPaths(Path("uit")).reserve(file, SHA256, verdict("website", neutral_name=False)) == (own, [neutral])


CHANNELS = ("website", "facebook", "social_schools")
PHOTO = PhotoFile(Path("IMG_1.jpg"), "IMG_1.jpg", Path("IMG_1.jpg"))


@pytest.fixture
def made(policy: Policy) -> Screening:
    """A screening with a rendition for every channel."""
    rendition = Rendition(b"made now", "00" * 32, 1, 1, covered=(), verified=True)
    screening = unjudged(b"a photo", Request(CHANNELS), ScreeningTimeout(), policy=policy)
    return replace(screening, renditions=dict.fromkeys(CHANNELS, rendition))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("failing", range(len(CHANNELS)))
def test_where_a_rendition_cannot_be_written_nothing_of_an_earlier_run_stays(
    failing: int, made: Screening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On that channel and on those after it; what this run wrote stays."""
    for channel in CHANNELS:
        (tmp_path / channel).mkdir()
        (tmp_path / channel / "IMG_1.jpg").write_bytes(b"earlier")

    def full_disk(path: Path, content: bytes) -> None:
        if path.parent.name == CHANNELS[failing]:
            raise OutputUnwritable
        path.write_bytes(content)

    monkeypatch.setattr(output_paths, "write_whole", full_disk)
    with pytest.raises(OutputUnwritable):
        write_renditions(PHOTO, made, OutputPaths(tmp_path))
    assert contents(tmp_path) == {f"{channel}/IMG_1.jpg": b"made now" for channel in CHANNELS[:failing]}


@pytest.mark.parametrize("is_made", [True, False])
def test_where_one_earlier_rendition_cannot_be_taken_away_the_others_are(
    is_made: bool, made: Screening, tmp_path: Path
) -> None:
    """Whether something is to be written in their place or not."""
    (tmp_path / CHANNELS[0] / "IMG_1.jpg").mkdir(parents=True)
    for channel in CHANNELS[1:]:
        (tmp_path / channel).mkdir()
        (tmp_path / channel / "IMG_1.jpg").write_bytes(b"earlier")
    screening = made if is_made else replace(made, renditions={})
    with pytest.raises(OutputUnwritable):
        write_renditions(PHOTO, screening, OutputPaths(tmp_path))
    assert contents(tmp_path) == {}


def test_only_what_was_given_is_removed_whatever_its_name(tmp_path: Path) -> None:
    made, other = b"given", b"another photo"
    files = {
        "website/IMG_1.jpg": made,
        "website/groep 5/x-2.jpg": made,
        "website/IMG_2.jpg": other,
        "website/IMG_1.txt": made,
        "facebook/IMG_1.jpg": made,
        "IMG_1.jpg": made,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    digest = hashlib.sha256(made).hexdigest()
    remove_given(tmp_path, {"website": {digest}, "social_schools": {digest}})
    assert {name for name in files if not (tmp_path / name).exists()} == {
        "website/IMG_1.jpg",
        "website/groep 5/x-2.jpg",
    }


@pytest.mark.parametrize("broken", [(os, "scandir"), (hashlib, "file_digest")], ids=["folder", "file"])
def test_what_cannot_be_read_so_as_to_tell_is_an_error(
    broken: tuple[object, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    (tmp_path / "website").mkdir()
    (tmp_path / "website" / "link.jpg").symlink_to("nowhere")
    remove_given(tmp_path, {"website": {"00" * 32}})
    (tmp_path / "website" / "IMG_1.jpg").write_bytes(b"a photo")
    monkeypatch.setattr(*broken, refused)
    with pytest.raises(OutputUnwritable):
        remove_given(tmp_path, {"website": {"00" * 32}})


def test_what_cannot_be_read_keeps_nothing_else_that_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it comes before or after in the folder."""
    (tmp_path / "website").mkdir()
    files = [tmp_path / "website" / name for name in ("IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg")]
    for path in files:
        path.write_bytes(b"given")
    broken, held = files[1], files[2]
    sha256 = output_paths._sha256

    def read(path: Path) -> str:
        if path == broken:
            raise PermissionError
        return sha256(path)

    def take_away(path: Path) -> None:
        if path == held:
            raise OutputUnwritable
        remove(path)

    monkeypatch.setattr(output_paths, "_sha256", read)
    monkeypatch.setattr(output_paths, "remove", take_away)
    with pytest.raises(OutputUnwritable):
        remove_given(tmp_path, {"website": {hashlib.sha256(b"given").hexdigest()}})
    assert {path for path in files if path.exists()} == {broken, held}
