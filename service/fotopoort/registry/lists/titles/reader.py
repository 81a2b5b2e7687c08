"""What the columns of a class list hold: titles are understood, and what would be left out unseen is reported."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from fotopoort.errors import BadClassList
from fotopoort.policy.policy import Channel
from fotopoort.registry.consent.purposes import names
from fotopoort.registry.lists import columns
from fotopoort.registry.lists.class_list import CONSENTS
from fotopoort.registry.lists.parsed_list import ImportOptions, ReadTitle
from fotopoort.registry.lists.row_reader import sheet_suffix
from fotopoort.registry.lists.sheets import Sheet
from fotopoort.registry.lists.titles.administration import NOT_NEEDED
from fotopoort.registry.lists.titles.consents import ConsentTitles
from fotopoort.vocabulary import ConsentState, Text

DATE: Final = " datum"  # after a channel's title: the day of the decision
UNTIL: Final = " tot"  # after a channel's title: the last day it holds
NAMES: Final = frozenset({"call_name", "given_names", "prefix", "surname"})
LOOSE: Final = frozenset({ConsentState.GRANTED, ConsentState.NOT_ASKED})  # a column of these can be left out


class TitleReader:
    """Understands the titles of one list.

    Args:
        channels: of the policy: they and their purposes may have a column of consents.
        report: takes a sentence about what is wrong.

    Attributes:
        read: the columns of consents as they were understood, and those that are left out because they are not needed.
    """

    def __init__(self, channels: Sequence[Channel], options: ImportOptions, report: Callable[[Text], None]) -> None:
        self._purposes = purposes = names(channels)
        self._options, self._report, self._consents = options, report, ConsentTitles(channels)
        self._renamed = {columns.key(title): columns.key(to) for title, to in options.rename.items()}
        self._ignored = {columns.key(title) for title in options.ignore}
        own = {columns.key(purpose): purpose for purpose in purposes}
        dates = {key + suffix: purpose + suffix for key, purpose in own.items() for suffix in (DATE, UNTIL)}
        self._of_people = {**columns.PEOPLE, **columns.YEARS, **own, **dates}
        self._of_statements = {**columns.PEOPLE, **columns.STATEMENTS}
        self._seen: set[str] = set()
        self.read: list[ReadTitle] = []

    def fields(self, sheet: Sheet) -> list[str | None]:
        """What each column of a sheet holds; None: a column that is left out.

        Raises:
            BadClassList: its first row is no row of titles.
        """
        keys = [columns.key(title) for title in sheet.rows[0].cells]
        self._seen |= set(keys)
        mapped = [self._renamed.get(key, key) for key in keys]
        is_of_statements = not {"kanaal", "channel", "doel"}.isdisjoint(mapped)
        titles = self._of_statements if is_of_statements else self._of_people
        # Until this is known to be a row of titles, it may be a row with a person: quote nothing from it.
        if sum(key in titles for key in mapped if key) < 2 and not {"naam", "name"} & set(mapped):
            suffix, example = sheet_suffix(sheet), f"id;naam;rol;groep;{';'.join(self._purposes)}"
            raise BadClassList(
                Text(
                    nl=f"De eerste regel{suffix.nl} moet de namen van de kolommen bevatten.",
                    en=f"The first line{suffix.en} must name the columns.",
                ),
                hint=Text(nl=f"Bijvoorbeeld: {example}", en=f"For example: {example}"),
            )
        fields: list[str | None] = []
        for number, (key, to) in enumerate(zip(keys, mapped, strict=True), 1):
            field = None
            if key and key not in self._ignored:
                field = titles.get(to) or {columns.key(name): name for name in titles.values()}.get(to)
                if field is None and not is_of_statements:
                    field = self._consent(to)
                title = str(sheet.rows[0].cells[number - 1])
                if field is None and key == to and (key in NOT_NEEDED or key in columns.BIOMETRIC):
                    self.read.append(ReadTitle(number, title, None, biometric=key in columns.BIOMETRIC))
                else:
                    self._check_title(sheet, number, key, field, fields, titles)
                    if field in self._purposes:
                        self.read.append(ReadTitle(number, title, field))
            fields.append(field)
            self._check_left_out(sheet, number, key, field)
        self._check_use(sheet, fields)
        return fields

    def _consent(self, key: str) -> str | None:
        """The field of a column of consents that is called in other words."""
        stem, suffix = key, ""
        for end in (DATE, UNTIL):
            if key.endswith(end):
                stem, suffix = key.removesuffix(end), end
        name = self._consents.name(stem)
        return name + suffix if name is not None else None

    def check_options(self, *, has_groups: bool) -> None:
        """Report every option that is there twice, that contradicts another, or that does nothing for this list.

        Args:
            has_groups: the list says in which groups people are.
        """
        options = self._options
        for title, count in Counter(map(columns.key, [*options.rename, *options.ignore])).items():
            if count > 1:
                self._wrong_option(
                    title, Text(nl="twee keer genoemd: haal er een weg.", en="named twice: leave one of them out.")
                )
        for title in sorted((self._renamed.keys() | self._ignored) - (self._seen - {""})):
            near = difflib.get_close_matches(title, self._seen, 1)
            nl = f"bedoelde je {near[0]}?" if near else "haal die optie weg."
            en = f"did you mean {near[0]}?" if near else "leave that option out."
            self._wrong_option(title, Text(nl=f"geen kolom van de lijst: {nl}", en=f"no column of the list: {en}"))
        titles = self._of_people | self._of_statements
        for title, to in sorted(self._renamed.items()):
            if to not in titles and self._consent(to) is None and to not in map(columns.key, titles.values()):
                near = difflib.get_close_matches(to, titles, 1)
                nl, en = (
                    (f"bedoelde je {near[0]}?", f"did you mean {near[0]}?")
                    if near
                    else ("kies een andere.", "choose another.")
                )
                self._wrong_option(title, Text(nl=f"“{to}” is geen kolom: {nl}", en=f"“{to}” is no column: {en}"))
        if not has_groups and (options.year is not None or options.leave_on is not None):
            self._report(
                Text(
                    nl="De lijst heeft geen kolom groep: laat schooljaar en dag van vertrek weg, of voeg die toe.",
                    en="The list has no column groep: leave out the school year and the day of leaving, or add it.",
                )
            )

    def _wrong_option(self, title: str, problem: Text) -> None:
        self._report(Text(nl=f"De optie voor “{title}”: {problem.nl}", en=f"The option for “{title}”: {problem.en}"))

    def _check_title(
        self,
        sheet: Sheet,
        number: int,
        key: str,
        field: str | None,
        before: list[str | None],
        titles: Mapping[str, str],
    ) -> None:
        suffix, title = sheet_suffix(sheet), sheet.rows[0].cells[number - 1]
        if field is None:
            near = difflib.get_close_matches(key, titles, 1)
            nl = f"bedoelde je {near[0]}? Geef de kolom anders" if near else "geef de kolom"
            en = f"did you mean {near[0]}? Else" if near else "then"
            self._report(
                Text(
                    nl=f"Kolom {number}{suffix.nl}, “{title}”, is onbekend: {nl} een andere naam of sla hem over.",
                    en=f"Column {number}{suffix.en}, “{title}”, is unknown: {en} map or ignore that column.",
                )
            )
        elif field in before:
            first = before.index(field) + 1
            self._report(
                Text(
                    nl=f"In kolom {number}{suffix.nl} staat hetzelfde als in kolom {first}: sla er een over.",
                    en=f"Column {number}{suffix.en} holds the same as column {first}: ignore one of them.",
                )
            )

    def _check_left_out(self, sheet: Sheet, number: int, key: str, field: str | None) -> None:
        """Report what would be lost with a column: cells below no title, and a no below a channel's own title."""
        suffix = sheet_suffix(sheet)
        cells = [(row.line, row.cells[number - 1]) for row in sheet.rows[1:] if number <= len(row.cells)]
        if not key and (line := next((line for line, cell in cells if columns.normalised(cell)), None)):
            self._report(
                Text(
                    nl=f"Kolom {number}{suffix.nl} heeft geen titel, en wel iets op regel {line}: geef een titel,"
                    " of haal de kolom weg.",
                    en=f"Column {number}{suffix.en} has no title, and something on line {line}: give it a title, or"
                    " take the column out.",
                )
            )
        is_left_out = key in self._ignored
        purpose = self._of_people.get(key) or (self._consents.name(key) if is_left_out else None)
        if purpose in self._purposes and field != purpose:
            states = ((line, CONSENTS.get(columns.normalised(cell))) for line, cell in cells)
            if line := next((line for line, state in states if state not in LOOSE), None):
                self._report(
                    Text(
                        nl=f"Kolom {number}{suffix.nl} is van {purpose} en kan niet worden overgeslagen of anders"
                        f" gelezen: op regel {line} staat geen ja. Neem de kolom mee, of haal hem uit de lijst.",
                        en=f"Column {number}{suffix.en} is of {purpose}, and cannot be ignored or read as"
                        f" another: line {line} has no yes. Import the column, or take it out of the list.",
                    )
                )

    def _check_use(self, sheet: Sheet, fields: list[str | None]) -> None:
        """Report columns that rows of this kind say nothing with, and days without a decision."""
        suffix, kinds = sheet_suffix(sheet), set(fields) - {None}
        used: Collection[str | None] = {*columns.PEOPLE.values(), *self._of_people.values()} - {"year"}
        if is_of_statements(kinds):
            used = {*columns.STATEMENTS.values(), "id", "name", "role", "groups", *NAMES}
        elif is_of_years(kinds):
            used = {"id", "year", "groups", "role", *NAMES}
        for number, field in enumerate(fields, 1):
            of_purpose = (field or "").removesuffix(DATE).removesuffix(UNTIL)
            is_without_decision = field not in self._purposes and of_purpose in self._purposes
            if field is not None and (field not in used or (is_without_decision and of_purpose not in fields)):
                title = sheet.rows[0].cells[number - 1]
                self._report(
                    Text(
                        nl=f"Kolom {number}{suffix.nl}, “{title}”, betekent niets naast de andere kolommen: sla hem"
                        " over, of voeg toe wat ontbreekt.",
                        en=f"Column {number}{suffix.en}, “{title}”, means nothing beside the other columns: ignore it,"
                        " or add what is missing.",
                    )
                )


def is_of_statements(kinds: Collection[str | None]) -> bool:
    """Whether each row of a sheet with these fields holds one statement."""
    return "channel" in kinds and "word" in kinds


def is_of_years(kinds: Collection[str | None]) -> bool:
    """Whether each row of a sheet with these fields holds somebody's group in a school year."""
    return "year" in kinds and "groups" in kinds and "name" not in kinds
