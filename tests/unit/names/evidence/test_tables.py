"""Every row of every table decides somewhere: one text a row, in the order of the rows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fotopoort.names.evidence.given_names import DISTINCTIVE_NAMES, EXCLUSIONS, PARTS, judge_given_name
from fotopoort.names.evidence.occurrence import Occurrence, TokenizedText
from fotopoort.names.evidence.surnames import SURNAMES, judge_surname
from fotopoort.names.evidence.table import Certainty, Evidence, Table, always, judge
from fotopoort.names.evidence.word_names import ANYWHERE, CAPITALISED, LOWER_CASE, SENTENCE_OPENING, SHOUTED
from fotopoort.names.forms import FormKind
from fotopoort.names.tokens import tokenize
from fotopoort.resources import dutch_words

NONE, ASK, NAME = Certainty


@dataclass(frozen=True)
class Case:
    """A text, and the form of a name in it."""

    text: str
    name: str
    kind: FormKind = FormKind.GIVEN
    surname: str = "bakker"
    possessive: bool = False
    maybe_plural: bool = False
    label: bool = False

    def occurrence(self, *, in_group: bool, is_word: bool) -> Occurrence:
        tokens = tokenize(self.text)
        folds, form = [token.fold for token in tokens], [token.fold for token in tokenize(self.name)]
        first = next(at for at in range(len(folds)) if folds[at : at + len(form)] == form)
        return Occurrence(
            TokenizedText.of(tokens, label=self.label),
            first,
            first + len(form),
            self.kind,
            in_group,
            is_word,
            self.possessive,
            self.maybe_plural,
            [self.surname],
            dutch_words(),
            {"emma", "sem", "roos"},
        )


SURNAME = FormKind.SURNAME
EXCLUDED = [
    Case("Daar is juf Emma", "Emma"),
    Case("Kom op 20 jan naar school", "jan"),
    Case("Jan en alleman kwam", "Jan"),
    Case("Dit is directeur Emma Watson", "Emma"),
    Case("Koning Sem opent de spelen", "Sem"),
    Case("in hotel Der Max", "Max"),
    Case("dat is een anna", "anna", FormKind.PART),
    Case("Kom op 20 Jan naar school", "Jan"),
    Case("Daar komt Sem Baker", "Sem"),
    Case("Emma Watson speelt mee", "Emma"),
]
DISTINCTIVE = [
    Case("de max is vier", "max"),
    Case("daar is een emma", "emma"),
    Case("Daar is Sem", "Sem"),
    Case("daar is sem", "sem"),
]
WORD_ANYWHERE = [Case("Roos", "Roos"), Case("Kijk: Mees, 6 jaar", "Mees")]
WORD_LOWER_CASE = [*WORD_ANYWHERE, Case("we horen van storm", "storm")]
WORD_SHOUTED = [*WORD_ANYWHERE, Case("DE ROOS IS ROOD", "ROOS"), Case("ROOS LEEST VOOR", "ROOS")]
WORD_OPENING = [
    *WORD_ANYWHERE,
    Case("Storms. Wind.", "Storms", maybe_plural=True),
    Case("Storms opa komt", "Storms", maybe_plural=True),
    Case("Storms fiets is weg", "Storms", maybe_plural=True),
    Case("Storms komen en gaan", "Storms", maybe_plural=True),
    Case("Roos en tulp bloeien", "Roos"),
    Case('Roos: "Ik vond het leuk."', "Roos"),
    Case("Roos' tas is weg", "Roos", possessive=True),
    Case("Roos leest voor", "Roos"),
    Case("Roos, mama en ik", "Roos"),
    Case("Roos in de klas", "Roos"),
    Case("Roos straalt op het podium", "Roos"),
]
WORD_CAPITALISED = [
    *WORD_ANYWHERE,
    Case("Daar is de Roos", "Roos"),
    Case("Ons project Lente begint", "Lente"),
    Case("Dit is van Lente 2025", "Lente"),
    Case("Daar is onze Roos", "Roos"),
    Case("Gedichten van Roos en tulp", "Roos"),
    Case("Gisteren kwam Karin Storm", "Storm"),
    Case("Samen Spelen Op Het Grote Plein met Roos", "Roos"),
    Case("Samen Wandelen Door Bos tijdens Storm", "Storm"),
    Case("We spelen met Roos", "Roos"),
    Case("Vandaag was Roos jarig", "Roos"),
]
LAST_NAMES = [
    Case("Daar is familie De Groot", "De Groot", SURNAME),
    Case("Daar is meneer De Groot", "De Groot", SURNAME),
    Case("in restaurant Dekker", "Dekker", SURNAME),
    Case("Van Dekker Schilders", "Dekker", SURNAME),
    Case("hoekstra", "hoekstra", SURNAME, label=True),
    Case("daar is hoekstra", "hoekstra", SURNAME),
    Case("Vandaag: De Gouden Leeuw", "Leeuw", SURNAME),
    Case("Daar is Karin Hoekstra", "Hoekstra", SURNAME),
    Case("We gaan naar Hoekstra", "Hoekstra", SURNAME),
    Case("Storm op zee", "Storm", SURNAME),
    Case("Toen kwam ook Storm", "Storm", SURNAME),
    Case("Hoekstra was er", "Hoekstra", SURNAME),
    Case("Ook was Hoekstra er", "Hoekstra", SURNAME),
]
WORDS_AS_SURNAMES = {"Leeuw", "Storm"}
TABLES: dict[str, tuple[Table, list[Case], bool]] = {  # its rows, a case for each, and whether the names are words
    "exclusions": (EXCLUSIONS, EXCLUDED, False),
    "parts": (PARTS, [Case("Daar is Anna", "Anna", FormKind.PART)], False),
    "distinctive": (DISTINCTIVE_NAMES, DISTINCTIVE, False),
    "anywhere": (ANYWHERE, WORD_ANYWHERE, True),
    "lower case": (LOWER_CASE, WORD_LOWER_CASE, True),
    "shouted": (SHOUTED, WORD_SHOUTED, True),
    "opening": (SENTENCE_OPENING, WORD_OPENING, True),
    "capitalised": (CAPITALISED, WORD_CAPITALISED, True),
    "surnames": (SURNAMES, LAST_NAMES, False),
}
ROWS = [
    pytest.param(table, row, case, is_word or (case.kind is SURNAME and case.name in WORDS_AS_SURNAMES), id=row.what)
    for table, cases, is_word in TABLES.values()
    for row, case in zip(table, cases, strict=True)
]


@pytest.mark.parametrize(("table", "row", "case", "is_word"), ROWS)
def test_a_row_decides_where_it_says(table: Table, row: Evidence, case: Case, is_word: bool) -> None:
    here = case.occurrence(in_group=True, is_word=is_word)
    assert next(other for other in table if other.holds(here)).what == row.what
    assert judge(here, table) is row.in_group
    assert judge(case.occurrence(in_group=False, is_word=is_word), table) is row.elsewhere


@pytest.mark.parametrize("row", [param.values[1] for param in ROWS], ids=lambda row: row.what)
def test_a_name_of_another_group_is_never_more_certain(row: Evidence) -> None:
    assert row.elsewhere <= row.in_group


def test_where_no_row_holds_it_is_no_name() -> None:
    here = WORD_ANYWHERE[0].occurrence(in_group=True, is_word=True)
    never = Evidence("never", lambda _: False, NAME, NAME)
    assert judge(here) is NONE
    assert judge(here, (never,)) is NONE
    assert judge(here, (never,), (Evidence("whatever is left", always, ASK),)) is ASK


@pytest.mark.parametrize(
    ("case", "is_word", "certainty"),
    [
        (Case("Daar is Sem", "Sem"), False, NAME),
        (Case("Daar is juf Emma", "Emma"), False, NONE),
        (Case("Daar is Anna", "Anna", FormKind.PART), False, ASK),
        (Case("Vandaag was Roos jarig", "Roos", FormKind.PART), True, ASK),
        (Case("Vandaag was Roos jarig", "Roos"), True, NAME),
        (Case("Daar is de Roos", "Roos", FormKind.PART), True, NONE),
    ],
    ids=lambda value: value.text if isinstance(value, Case) else None,
)
def test_a_part_of_a_double_name_is_never_certain(case: Case, is_word: bool, certainty: Certainty) -> None:
    assert judge_given_name(case.occurrence(in_group=True, is_word=is_word)) is certainty


def test_a_surname_is_judged_by_its_table() -> None:
    assert judge_surname(LAST_NAMES[0].occurrence(in_group=False, is_word=False)) is NAME
    assert judge_surname(LAST_NAMES[-1].occurrence(in_group=False, is_word=False)) is NONE
