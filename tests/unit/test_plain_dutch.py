"""What people read in Dutch has no word that is too hard: errors, the report of a folder, the registry's help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.plain_dutch import Reader, hard_words_in

from fotopoort.batch.report.texts import TEXTS
from fotopoort.cli.registry.dutch import HELP
from fotopoort.cli.registry.headings import HEADINGS, VALUES
from fotopoort.errors import FotopoortError, RegistryError


def errors(kind: type[FotopoortError] = FotopoortError) -> Iterator[type[FotopoortError]]:
    """The kinds of errors, and theirs."""
    yield kind
    for inner in kind.__subclasses__():
        yield from errors(inner)


def test_the_list_finds_hard_words_in_all_their_forms() -> None:
    found = hard_words_in("Indien de publicaties echter zijn geverifieerd, is er iets gedetecteerd. Zeg het dan.")
    assert found == ["Indien", "publicaties", "echter", "gedetecteerd"]
    assert hard_words_in("Zeg eerst wie erop staat. Kies dan een andere foto.") == []


def test_the_office_may_read_more_than_teachers_and_they_more_than_parents() -> None:
    told = "De grondslag staat in de metadata, indien een gezicht 28 pixels groot is."
    assert hard_words_in(told, Reader.OFFICE) == ["indien"]
    assert hard_words_in(told) == ["grondslag", "metadata", "indien"]
    assert hard_words_in(told, Reader.PARENTS) == ["grondslag", "metadata", "indien", "pixels"]


@pytest.mark.parametrize("kind", dict.fromkeys(errors()), ids=lambda kind: kind.__name__)
def test_errors_are_plain_dutch(kind: type[FotopoortError]) -> None:
    reader = Reader.OFFICE if issubclass(kind, RegistryError) else Reader.TEACHERS
    assert not hard_words_in(f"{kind.text.nl} {kind.advice.nl}", reader)


@pytest.mark.parametrize("key", TEXTS)
def test_the_report_is_plain_dutch(key: str) -> None:
    assert not hard_words_in(TEXTS[key].nl)


def test_the_registrys_help_and_tables_are_plain_dutch() -> None:
    told = [*HELP.values(), *HEADINGS.values(), *(word for words in VALUES.values() for word in words.values())]
    assert not hard_words_in(" ".join(told), Reader.OFFICE)
