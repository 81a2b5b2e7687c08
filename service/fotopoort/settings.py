"""Settings: read from the environment, each as FOTOPOORT_<NAME IN CAPITALS>, with a default that fits one school.

Thresholds of the policy are not here: they are the school's rules, and live in `policy/policy.toml`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from fotopoort.errors import BadSetting

PREFIX = "FOTOPOORT_"


def processors() -> int:
    """How many processor threads this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _number(default: float, low: float, high: float) -> Any:  # noqa: ANN401 - pydantic's Field is typed so
    kind = "a whole number" if isinstance(default, int) else "a number"
    return Field(default=default, ge=low, le=high, description=f"{kind} from {low:g} to {high:g}")


class Settings(BaseSettings):
    """All settings. Folders are made by who first writes in them, never by reading settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    data_folder: Path = Field(default_factory=lambda: user_data_path("fotopoort"), description="a folder")
    models_folder: Path = Field(default_factory=lambda: user_cache_path("fotopoort") / "models", description="a folder")
    # The registry: SQLite in the data folder unless a URL names another database. Its key files are never in the
    # database, and may be kept on another disk.
    registry_url: str | None = Field(
        default=None, description="sqlite:///FILE or postgresql://USER@HOST/DATABASE", repr=False
    )
    keys_folder: Path | None = Field(default=None, description="a folder")  # None: `keys` in the data folder
    tenant: str = Field(
        default="school", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="small letters, digits, - and _"
    )
    hours_held: float = _number(24.0, 0, 24 * 30)  # originals, encrypted, for answers that come later; 0: not at all
    policy_file: Path | None = Field(default=None, description="a policy file")  # None: the packaged one
    max_megabytes: int = _number(60, 1, 1000)  # of one photo; a megabyte is 1,000,000 bytes
    max_megapixels: int = _number(100, 1, 1000)  # of one photo, counted over its frames
    # What models calculate in: "auto" is bf16 where the processor has it (faster), else f32.
    precision: Literal["auto", "f32"] = Field(default="auto", description="auto or f32")
    seconds_per_photo: float = _number(30.0, 1, 600)  # then the photo counts as one that cannot be judged
    # Processes that look at photos, with an equal share of the processor threads each. Two threads that share a core
    # are faster at one photo together than at two photos apart.
    screeners: int = _number(max(1, min(4, processors() // 2)), 1, 64)
    waiting: int = _number(32, 0, 10_000)  # screenings that may wait for one; the next caller is told "busy"
    seconds_waiting: float = _number(20.0, 0, 600)  # then a waiting caller is told "overloaded"
    max_photos_per_request: int = _number(50, 1, 1000)
    host: str = Field(default="127.0.0.1", description="an address to listen on")
    port: int = _number(8470, 0, 65_535)  # 0: any free one
    renditions_kept_seconds: int = _number(3600, 1, 86_400)

    @property
    def max_bytes(self) -> int:
        """Of one photo."""
        return self.max_megabytes * 1_000_000

    @property
    def max_pixels(self) -> int:
        """Of one photo."""
        return self.max_megapixels * 1_000_000


def load_settings() -> Settings:
    """The settings in force, from the environment.

    Raises:
        BadSetting: naming the variable and what it takes, never the value.
    """
    try:
        return Settings()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        takes = Settings.model_fields[name].description
        raise BadSetting(f"{PREFIX}{name.upper()} takes {takes}.", hint="Correct it, or leave it out.") from None
