"""Numbers, and places in a photo, as the contract writes them."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from fotopoort import vocabulary

Number = Annotated[int | float, WithJsonSchema({"type": "number"})]  # a whole number is written without ".0"
Rectangle = Annotated[
    list[Number], Field(min_length=4, max_length=4, description="x, y, width, height in pixels of the upright photo")
]
Landmark = Annotated[list[Number], Field(min_length=2, max_length=2)]
Keys: TypeAlias = dict[str, Any]


class Crop(BaseModel):
    """A part of the photo that may go out as it is, instead of all of it with covers."""

    model_config = ConfigDict(extra="forbid")

    box: Rectangle
    applied: Annotated[bool, Field(description="It was asked for: the rendition is this part.")]


def crop_key(crop: vocabulary.Crop | None) -> Keys:
    """The key `crop` of a verdict, where there is one."""
    if crop is None:
        return {}
    box: list[Number] = [int(side) for side in (crop.box.x, crop.box.y, crop.box.w, crop.box.h)]
    return {"crop": Crop.model_construct(box=box, applied=crop.applied)}
