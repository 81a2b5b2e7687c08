"""What was passed over in a folder, counted by kind, so that the user learns of it without any file being named."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from os.path import splitext
from typing import Final

from fotopoort.vocabulary import Text

MAX_UNREADABLE: Final = 1000  # folders whose names are kept; a network share that is gone may have many
MAX_ENDINGS: Final = 1000  # endings that are counted separately
PLAIN_ENDING: Final = re.compile(r"\.[a-z0-9_~-]{1,10}")
NO_ENDING: Final = ""
UNKNOWN_KIND: Final = Text("van onbekende soort", "of an unknown kind")


@dataclass(slots=True)
class PassedOver:
    """What a walk has passed over so far.

    Attributes:
        hidden, unsupported, links: how many files.
        endings: how many of the unsupported files have each ending; `NO_ENDING`: none, or an odd one.
        system_folders: how many there were of each kind, see `system_folder`.
        named_system_folders: those that were looked into, because the user named them and nothing else.
        unreadable: folders that could not be listed, by their path below the folder.
    """

    hidden: int = 0
    unsupported: int = 0
    links: int = 0
    endings: Counter[str] = field(default_factory=Counter, compare=False)
    system_folders: Counter[str] = field(default_factory=Counter)
    named_system_folders: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list, repr=False)

    @property
    def files(self) -> int:
        """How many files are no photos. Hidden files do not count."""
        return self.unsupported + self.links

    def note_unsupported(self, name: str) -> None:
        """Count a file that is no photo."""
        self.unsupported += 1
        ending = ending_of(name)
        self.endings[ending if ending in self.endings or len(self.endings) < MAX_ENDINGS else NO_ENDING] += 1

    def hides(self, path: str) -> bool:
        """Whether a photo lies in a folder that could not be listed: nobody knows whether it is still there."""
        if len(self.unreadable) == MAX_UNREADABLE:
            return True  # there may be more of them
        return any(folder == "" or path.startswith(folder + "/") for folder in self.unreadable)


def ending_of(name: str) -> str:
    """The ending of a file name, if it can be shown: not one that is long enough to hold a person's name."""
    ending = splitext(name)[1].lower()
    return ending if PLAIN_ENDING.fullmatch(ending) else NO_ENDING
