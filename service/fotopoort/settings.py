"""Settings: read from the environment, each as FOTOPOORT_<NAME IN CAPITALS>, with a default that fits one school.

Thresholds of the policy are not here: they are the school's rules, and live in `policy/policy.toml`.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Annotated, Any, Final, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from fotopoort.errors import BadSetting
from fotopoort.vocabulary import Text

PREFIX: Final = "FOTOPOORT_"
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")  # names of this machine that reach it alone

# What a setting takes, where that is no number; part of the field's metadata.
FOLDER: Final = Text(nl="een map", en="a folder")
SCHOOL_FILE: Final = Text(nl="een bestand van de school", en="a school file")
POLICY_FILE: Final = Text(nl="een bestand met regels", en="a policy file")
KEY_FILE: Final = Text(
    nl="een bestand met een sleutel van 32 tekens of meer", en="a file with a key of 32 characters or more"
)
DATABASE: Final = Text(
    nl="sqlite:///BESTAND of postgresql://GEBRUIKER@HOST/DATABASE",
    en="sqlite:///FILE or postgresql://USER@HOST/DATABASE",
)
IDENTIFIER: Final = Text(nl="kleine letters, cijfers, - en _", en="small letters, digits, - and _")
LOG_FORMAT: Final = Text(nl="text of json", en="text or json")
PRECISION: Final = Text(nl="auto, f32, bf16 of int8", en="auto, f32, bf16 or int8")
ADDRESS: Final = Text(nl="een adres om op te luisteren", en="an address to listen on")
PUBLIC_URL: Final = Text(
    nl="https:// en een naam, eventueel met een poort, zonder iets erachter",
    en="https:// and a host name, with a port or without, and nothing behind it",
)


# How long a photo may take on the clock, as a multiple of what it may take of the processor's time: on a machine that
# is four times too busy it still gets all of that.
CLOCK_PER_PROCESSOR_SECOND: Final = 4

# Of the machine: a process holds 0.9 GB, at most 1.2, and there are others.
MEMORY_PER_SCREENER: Final = 3 * 10**9
OWN_CGROUP, CGROUPS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")  # of control groups, version 2


def processors() -> int:
    """How many processor threads this program may use: those that it may run on, or less where a control group of it
    has a limit."""
    limits = [len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1]
    for content in _of_control_groups("cpu.max"):
        quota, _, period = content.partition(" ")
        with suppress(ValueError):  # it is "max"
            limits.append(math.ceil(int(quota) / int(period)))
    return max(1, min(limits))


def memory() -> int:
    """Bytes of memory that this program may use: the machine's, or less where a control group of it has a limit."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for content in _of_control_groups("memory.max"):
        with suppress(ValueError):  # it is "max"
            limits.append(int(content))
    return min(limits)


def _of_control_groups(name: str) -> Iterator[str]:
    """What a file of this program's control group says, and of those above it."""
    group = PurePath()
    with suppress(OSError):
        group = PurePath(OWN_CGROUP.read_text().rpartition("::/")[2].strip())
    for folder in (group, *group.parents):
        with suppress(OSError):  # there is none
            yield (CGROUPS / folder / name).read_text()


def default_screeners() -> int:
    """A process for each processor thread, at most four, and no more than there is memory for."""
    return max(1, min(4, processors(), memory() // MEMORY_PER_SCREENER))


def _number(default: float, low: float, high: float, description: str) -> Any:  # noqa: ANN401 - as pydantic's Field
    return Field(default=default, ge=low, le=high, description=description)


class Settings(BaseSettings):
    """All settings. Folders are made by who first writes in them, never by reading settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    data_folder: Annotated[Path, FOLDER] = Field(
        default_factory=lambda: user_data_path("fotopoort"),
        description="Where everything is kept that has no folder of its own: registry, keys, signed checkpoints.",
    )
    models_folder: Annotated[Path, FOLDER] = Field(
        default_factory=lambda: user_cache_path("fotopoort") / "models",
        description="Where the models are kept that look at photos.",
    )
    registry_url: Annotated[str | None, DATABASE] = Field(
        default=None, repr=False, description="The database of the registry. Left out: SQLite in the data folder."
    )
    keys_folder: Annotated[Path | None, FOLDER] = Field(
        default=None,
        description="Where the registry's key files are kept; never in its database, and better on another disk. "
        "Left out: `keys` in the data folder.",
    )
    tenant: Annotated[str, IDENTIFIER] = Field(
        default="school", pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$", description="The id of this school in the registry."
    )
    hours_held: float = _number(
        24.0, 0, 24 * 30, "Hours for which originals are held, encrypted, for answers that come later. 0: not at all."
    )
    post_hours: float = _number(
        24.0 * 7, 1, 24 * 60, "Hours after which a post that nobody finished is erased, with its photos."
    )
    policy_file: Annotated[Path | None, POLICY_FILE] = Field(
        default=None, description="The school's own rules. Left out: the rules that come with the program."
    )
    school_file: Annotated[Path | None, SCHOOL_FILE] = Field(
        default=None,
        description="What the school says of itself: its name and contact for the parents' page, its own rules, and "
        "the questions that parents were asked; see `docs/channels.md`. Left out: nothing of it.",
    )
    max_megabytes: int = _number(60, 1, 1000, "Largest photo file, in megabytes (1,000,000 bytes).")
    max_megapixels: int = _number(100, 1, 1000, "Largest photo, in megapixels, counted over its frames.")
    precision: Annotated[Literal["auto", "f32", "bf16", "int8"], PRECISION] = Field(
        default="auto",
        description="What models calculate in. auto, bf16: bf16 where the processor has it, which is faster. int8: "
        "large layers in integers besides where it has VNNI, which is faster; how well faces are found so was not "
        "measured.",
    )
    seconds_per_photo: float = _number(
        30.0,
        1,
        600,
        "Seconds of the processor's time, of all threads together, that one photo may take; on the clock it may take "
        f"{CLOCK_PER_PROCESSOR_SECOND} times as long. After that it counts as a photo that cannot be judged. "
        "One full of text gets more, by how much there is: at most 10 times that.",
    )
    screeners: int = Field(
        default_factory=default_screeners,
        ge=1,
        le=64,
        description="Processes that look at photos; each gets an equal share of the processor threads, and two at "
        "least: while one photo is read or written, another is looked at.",
    )
    batch_niceness: int = _number(
        10,
        0,
        19,
        "How far the processes of `batch`, `watch` and `worker` stand behind other programs, as of `nice`, so that "
        "whoever waits for a photo goes first. 0: not at all.",
    )
    waiting: int = _number(
        32,
        0,
        10_000,
        'Requests with photos that may wait for a process; as many with texts. The next one is answered "busy", or '
        "else one of the key that has the most waiting.",
    )
    seconds_waiting: float = _number(
        20.0, 0, 600, 'Seconds that a request may wait for its first turn. After that it is answered "overloaded".'
    )
    max_photos_per_request: int = _number(50, 1, 1000, "Most photos in one request over HTTP.")
    host: Annotated[str, ADDRESS] = Field(default="127.0.0.1", description="The address that the service listens on.")
    port: int = _number(8470, 0, 65_535, "The port that the service listens on. 0: any free one.")
    public_url: Annotated[str | None, PUBLIC_URL] = Field(
        default=None,
        pattern=r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$",
        description="The address by which people reach the service through a proxy with HTTPS. Set: the pages to log "
        "in on are there whatever the service listens on, only requests for this name, a loopback name or "
        "`FOTOPOORT_HOST` are answered, and the proxy is believed about whose request it is (last entry of "
        "`X-Forwarded-For`). Left out: pages on a loopback address, or with `--tls-cert`.",
    )
    session_idle_minutes: int = _number(120, 5, 24 * 60, "Minutes without use after which somebody is logged out.")
    session_hours: int = _number(12, 1, 24 * 7, "Hours after which somebody has to log in again in any case.")
    renditions_kept_seconds: int = _number(
        3600, 1, 86_400, "Seconds for which the service keeps renditions in memory, to be fetched."
    )
    log_format: Annotated[Literal["text", "json"], LOG_FORMAT] = Field(
        default="text",
        description="What the lines look like that the service logs: for people, or one JSON object each.",
    )
    metrics_key_file: Annotated[Path | None, KEY_FILE] = Field(
        default=None,
        description="Who has this key may read `/metrics`, from any machine; see `docs/administrator.md`. Left out: "
        "only programs on this machine, and nobody where `FOTOPOORT_PUBLIC_URL` is set.",
    )

    @property
    def sqlite_file(self) -> Path:
        """Of the registry, where it is no other database."""
        return self.data_folder / "registry.db"

    @property
    def has_registry(self) -> bool:
        """Whether a registry was ever created here, without opening it."""
        return self.registry_url is not None or self.sqlite_file.exists()

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
        takes = _takes(Settings.model_fields[name])
        raise BadSetting(
            Text(
                nl=f"{_variable(name)} moet dit zijn: {takes.nl}.",
                en=f"{_variable(name)} takes {takes.en}.",
            ),
            hint=Text(nl="Verbeter de waarde, of laat de instelling weg.", en="Correct it, or leave it out."),
        ) from None


# --- docs/settings.md ------------------------------------------------------------------------------------

# Defaults that depend on the machine.
COMPUTED_DEFAULTS: Final = {
    "data_folder": "the user's data folder, such as `~/.local/share/fotopoort`",
    "models_folder": "`models` in the user's cache folder, such as `~/.cache/fotopoort`",
    "screeners": "one for each processor thread and 3 GB of memory, from 1 to 4",
}


def reference() -> str:
    """Every setting as a row of a Markdown table: variable, default, what it takes, what it means."""
    rows = ["| Variable | Default | Takes | Meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{_variable(name)}` | {_default(name, field)} | {_takes(field).en} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default(name: str, field: FieldInfo) -> str:
    if name in COMPUTED_DEFAULTS:
        return COMPUTED_DEFAULTS[name]
    return "–" if field.default is None else f"`{field.default}`"


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _takes(field: FieldInfo) -> Text:
    """What a setting takes, with its limits."""
    for metadata in field.metadata:
        if isinstance(metadata, Text):
            return metadata
    low, high = (next(getattr(limit, key) for limit in field.metadata if hasattr(limit, key)) for key in ("ge", "le"))
    whole = field.annotation is int
    number = Text(nl="een heel getal", en="a whole number") if whole else Text(nl="een getal", en="a number")
    return Text(nl=f"{number.nl} van {low:g} tot en met {high:g}", en=f"{number.en} from {low:g} to {high:g}")
