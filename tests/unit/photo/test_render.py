from __future__ import annotations

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from fotopoort.photo.admission import Limits
from fotopoort.photo.colour import srgb_profile
from fotopoort.photo.decode import Photo, decode
from fotopoort.photo.render import encode
from fotopoort.vocabulary import Box, Rendition

Save = Callable[..., bytes]
Array = np.ndarray

LIMITS = Limits()
FULL = 100_000  # a side that shrinks nothing

# How an upright picture must be turned so that the orientation turns it back.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
SAMPLINGS = {"4:4:4": 0x111111, "4:2:2": 0x211111, "4:4:0": 0x121111, "4:2:0": 0x221111, "4:1:1": 0x411111}


def jpeg(upright: Array, orientation: int, quality: int, sampling: str, progressive: bool) -> bytes:
    """A JPEG file that shows `upright` (H, W, 3) when its EXIF orientation is applied."""
    image = Image.fromarray(upright)
    stored = np.asarray(image.transpose(STORED_AS[orientation]) if orientation in STORED_AS else image)
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[sampling]]
    written, data = cv2.imencode(".jpg", stored, [*options, cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)])
    assert written
    exif = Image.Exif()
    exif[0x0112] = orientation
    segment = exif.tobytes()
    return b"\xff\xd8\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + data.tobytes()[2:]


def shown(rendition: Rendition) -> Array:
    return np.asarray(Image.open(io.BytesIO(rendition.jpeg)))


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Array, list[Box]]:
    """A noisy upright picture and boxes in it, in whole pixels so that changing their inside changes nothing else."""
    width, height = draw(st.integers(40, 300)), draw(st.integers(40, 300))
    noise = np.random.default_rng(draw(st.integers(0, 2**32))).integers(0, 256, (height, width, 3), np.uint8)
    boxes = []
    for _ in range(draw(st.integers(1, 3))):
        x, y = draw(st.integers(0, width - 8)), draw(st.integers(0, height - 8))
        boxes.append(Box(x, y, draw(st.integers(4, max(4, width // 3))), draw(st.integers(4, max(4, height // 3)))))
    return noise, boxes


@settings(max_examples=200)
@given(
    scene=scenes(),
    orientation=st.integers(1, 8),
    quality=st.integers(20, 98),
    sampling=st.sampled_from(sorted(SAMPLINGS)),
    progressive=st.booleans(),
    reduction=st.sampled_from([1, 2, 4, 8]),
    times=st.sampled_from([1, 2, 5, 49]),
    max_side=st.sampled_from([FULL, 90]),
)
def test_nothing_of_what_is_covered_is_in_the_rendition(
    scene: tuple[Array, list[Box]],
    orientation: int,
    quality: int,
    sampling: str,
    progressive: bool,
    reduction: int,
    times: int,
    max_side: int,
) -> None:
    picture, boxes = scene
    other = picture.copy()
    for box in boxes:
        inside = slice(int(box.y), int(box.bottom)), slice(int(box.x), int(box.right))
        other[inside] = 255 - picture[inside]
    photos = [
        decode(jpeg(pixels, orientation, quality, sampling, progressive), LIMITS, max(picture.shape) // reduction)
        for pixels in (picture, other)
    ]
    assert (photos[0].width, photos[0].height) == (picture.shape[1], picture.shape[0])
    assume(not np.array_equal(photos[0].pixels, photos[1].pixels))  # read eight times smaller, small boxes may vanish
    first, second = (encode(photo.reduced(times), boxes, max_side) for photo in photos)
    assert first.jpeg == second.jpeg
    assert first.covered == second.covered


@settings(max_examples=60)
@given(scenes(), st.integers(1, 8), st.sampled_from(sorted(SAMPLINGS)))
def test_a_cover_lies_over_its_box_and_ends_at_the_next_block(
    scene: tuple[Array, list[Box]], orientation: int, sampling: str
) -> None:
    pixels, boxes = scene
    photo = decode(jpeg(pixels, orientation, 90, sampling, False), LIMITS)
    for box, covered in zip(boxes, (encode(photo, [box], FULL).covered[0] for box in boxes), strict=True):
        inside = box.clipped(photo.width, photo.height)
        assert covered.overlap(inside) == inside.area
        assert covered == covered.clipped(photo.width, photo.height)
        block = max(16, *photo.block)
        assert covered.w <= inside.w + 4 * block
        assert covered.h <= inside.h + 4 * block


@pytest.fixture
def photo(save: Save) -> Photo:
    """480 × 320 pixels, a slope from dark to light."""
    slope = np.repeat(np.linspace(20, 235, 480).astype(np.uint8)[None, :, None], 320, 0).repeat(3, 2)
    return decode(save(Image.fromarray(slope), "JPEG", quality=95), LIMITS)


def test_what_is_not_covered_is_shown_as_it_was(photo: Photo) -> None:
    rendition = encode(photo, [Box(200, 100, 60, 80)], FULL)
    (covered,) = rendition.covered
    outside = np.ones(photo.pixels.shape[:2], bool)
    outside[int(covered.y) - 16 : int(covered.bottom) + 16, int(covered.x) - 16 : int(covered.right) + 16] = False
    difference = np.abs(shown(rendition).astype(int) - photo.pixels)
    assert difference[outside].max() <= 3
    assert difference[140, 230].min() > 10, "a viewer sees that something was covered"


def test_a_cover_takes_the_colours_around_it(photo: Photo) -> None:
    pixels = shown(encode(photo, [Box(60, 100, 40, 40), Box(380, 100, 40, 40)], FULL))
    assert pixels[120, 80].mean() < 110 < pixels[120, 400].mean()


def test_everything_can_be_covered(photo: Photo) -> None:
    rendition = encode(photo, [Box(-50, -50, 900, 900)], FULL)
    assert rendition.covered == (Box(0, 0, 480, 320),)
    assert np.ptp(shown(rendition)[100:220, 160:320]) <= 2


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(Box(100, 100, 0, 0), id="a point"),
        pytest.param(Box(479.5, 319.5, 1, 1), id="the last pixel"),
        pytest.param(Box(-40, -40, 50, 50), id="mostly outside"),
    ],
)
def test_a_cover_is_never_left_out(box: Box, photo: Photo) -> None:
    (covered,) = encode(photo, [box], FULL).covered
    assert covered.area >= 16 * 16
    assert covered.overlap(box) == box.clipped(480, 320).area


def test_the_same_box_twice_is_covered_once(photo: Photo) -> None:
    assert len(encode(photo, [Box(100, 100, 20, 20), Box(101, 101, 19, 19)], FULL).covered) == 1


@pytest.mark.parametrize(("side", "size"), [(1600, (480, 320)), (480, (480, 320)), (240, (240, 160)), (100, (100, 67))])
def test_a_rendition_is_at_most_as_large_as_asked_and_never_enlarged(
    side: int, size: tuple[int, int], photo: Photo
) -> None:
    rendition = encode(photo, [], side)
    assert (rendition.width, rendition.height) == size
    assert Image.open(io.BytesIO(rendition.jpeg)).size == size


@pytest.mark.parametrize(("source", "quality"), [(40, 40), (85, 85), (97, 85)])
def test_a_rendition_is_no_better_than_its_source(source: int, quality: int, save: Save) -> None:
    photo = decode(save(Image.linear_gradient("L").convert("RGB"), "JPEG", quality=source), LIMITS)
    again = decode(encode(photo, [], FULL).jpeg, LIMITS)
    assert (again.quality, again.block) == (quality, (16, 16))


def test_a_rendition_holds_a_profile_of_ours_and_nothing_else(photo: Photo) -> None:
    rendition = encode(photo, [], FULL)
    again = decode(rendition.jpeg, LIMITS)
    assert [hint.field for hint in again.hints] == ["ICC"]
    with Image.open(io.BytesIO(rendition.jpeg)) as image:
        assert image.info["icc_profile"] == srgb_profile()
    assert again.sha256 == rendition.sha256
    assert not rendition.verified


def test_the_same_photo_gives_the_same_bytes(photo: Photo) -> None:
    boxes = [Box(50, 50, 90, 90), Box(120, 80, 60, 60)]
    assert encode(photo, boxes, 400) == encode(photo, boxes, 400)
