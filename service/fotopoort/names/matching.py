"""Walks a text: finds at each word the longest name that begins there, and decides whether it is one and whose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import Final

from fotopoort.names.evidence.given_names import judge_given_name
from fotopoort.names.evidence.occurrence import Occurrence, TokenizedText
from fotopoort.names.evidence.surnames import judge_surname
from fotopoort.names.evidence.table import Certainty
from fotopoort.names.evidence.titles import follows_title
from fotopoort.names.forms import PREFIXES, FormKind
from fotopoort.names.found import EntryNumbers, FoundForm, JudgedForm
from fotopoort.names.index import NameIndex, ending
from fotopoort.names.misread import SIGNS_READ, reading_key, readings, similar_names
from fotopoort.names.neighbours import CONJUNCTIONS, judge_by_neighbours
from fotopoort.names.spelling.handles import Span, in_handles
from fotopoort.names.spelling.unusual import UnusualForms
from fotopoort.names.tokens import LONG_DASH, Token, tokenize
from fotopoort.vocabulary import NamePlace

WRITTEN_TOGETHER: Final = frozenset((NamePlace.FILE_NAME, NamePlace.PICTURE, NamePlace.CODE))
RUN_TOGETHER: Final = frozenset((NamePlace.FILE_NAME, NamePlace.CODE))
FIRST_NAMES: Final = (FormKind.GIVEN, FormKind.DIMINUTIVE, FormKind.PART)
MAX_INITIALS: Final = 4
CLOSING: Final = {'"': '"', "“": "”", "„": "”", "\u2018": "’", "'": "'", "(": ")"}
MAX_NICKNAME: Final = 3  # words
MAX_PREFIX: Final = 4  # words: “van der”, “in het”, “van op den”
MAX_MISREAD_LETTERS: Final = 30


def find_forms(
    index: NameIndex, unusual: UnusualForms, text: str, place: NamePlace, handles: Sequence[Span]
) -> tuple[list[Token], list[JudgedForm]]:
    """The tokens of a text, and every form in it that is or may be a name, in order and without overlap.

    Args:
        handles: where handles and addresses stand in the text.
    """
    together = place in WRITTEN_TOGETHER
    tokens = tokenize(text, inner=together)
    tokenized = TokenizedText.of(tokens, label=together, tagged=in_handles(tokens, handles))
    forms: list[JudgedForm] = []
    at = 0
    while at < len(tokens):
        form = _form_at(index, unusual, tokenized, at, place)
        found = [form] if form is not None else []
        if form is None and unusual.may_be_at(tokenized, at):
            found = _runs_at(index, unusual, tokenized, at, place)
            if place is NamePlace.FILE_NAME:  # another file name costs nobody anything, a question does
                found = [replace(run, certainty=Certainty.NAME) for run in found]
        forms += found
        at = found[0].found.after if found else at + 1
    judged = judge_by_neighbours(tokenized, forms)
    return tokens, [form for form in judged if form.certainty is not Certainty.NONE]


def _runs_at(
    index: NameIndex, unusual: UnusualForms, text: TokenizedText, at: int, place: NamePlace
) -> list[JudgedForm]:
    """The names that are run together with something at token `at`."""
    if place in RUN_TOGETHER and index.taken_alike:
        found = unusual.runs_at(text, at, together=True)
        if index.in_group <= index.taken_alike or any(run.entries & index.taken_alike for run in found):
            return found
    return unusual.runs_at(text, at, together=False)


def _form_at(
    index: NameIndex, unusual: UnusualForms, text: TokenizedText, at: int, place: NamePlace
) -> JudgedForm | None:
    """The longest form that begins at token `at`: a certain one where there is one, or else the first doubtful one.

    One with certainty `NONE` is a first name of the photo's own group: the names beside it may make it certain.
    """
    if (name := _with_initials(index, text, at)) is not None:
        return name
    doubtful = _best_of(index, text, index.forms_at(text.tokens, at), place)
    if doubtful is None and place is not NamePlace.METADATA:
        doubtful = _misread_name(index, text, at, in_picture=place is NamePlace.PICTURE)
    if (doubtful is None or FormKind.GIVEN not in doubtful.found.owners) and unusual.may_be_at(text, at):
        other = _best_of(index, text, unusual.forms_at(text, at), place)
        if other is not None and (doubtful is None or other.certainty > doubtful.certainty):
            return other  # “Sophie” of Sofie, where there is an Anne-Sophie as well
    return doubtful


def _best_of(index: NameIndex, text: TokenizedText, forms: Iterable[FoundForm], place: NamePlace) -> JudgedForm | None:
    """The first of these that is certain, or else the first doubtful one."""
    doubtful: JudgedForm | None = None
    for found in forms:
        if (name := _with_surname(index, text, found)) is not None:
            return name
        for kind, numbers in sorted(found.owners.items()):
            entries = _closest(index, numbers)
            in_group = bool(numbers & index.in_group)
            if kind < FormKind.SURNAME:
                found = _with_surname_letter(index, text.tokens, found, entries)
            certainty = _certainty(_occurrence(index, text, found, kind), place, bool(numbers & index.taken_alike))
            if found.doubtful and not follows_title(text.tokens, found.first):
                certainty = max(certainty, Certainty.ASK)
            if certainty is Certainty.NAME:
                return JudgedForm(found, certainty, entries)
            may_be_listed = kind in (FormKind.GIVEN, FormKind.DIMINUTIVE) and in_group
            if doubtful is None and (certainty is Certainty.ASK or may_be_listed):
                doubtful = JudgedForm(found, certainty, entries)
    return doubtful


def _closest(index: NameIndex, numbers: Set[int]) -> EntryNumbers:
    """Those of the photo's own group, or all of them where none is."""
    return frozenset(numbers & index.in_group or numbers)


def _occurrence(index: NameIndex, text: TokenizedText, found: FoundForm, kind: FormKind) -> Occurrence:
    tokens = text.tokens[found.first : found.after]
    apostrophe = found.end != tokens[-1].end  # “Roos' tas”, and not “Merels”, which may be several
    numbers = found.owners[kind]
    return Occurrence(
        text,
        found.first,
        found.after,
        kind,
        in_group=bool(numbers & index.in_group),
        is_word=index.are_words(tokens) if found.is_word is None else found.is_word,
        possessive=found.possessive and apostrophe,
        maybe_plural=found.possessive and not apostrophe,
        surnames=[index.surnames[number] for number in numbers],
        ordinary_words=index.ordinary_words,
        given_names=index.given_names,
    )


def _certainty(here: Occurrence, place: NamePlace, taken_alike: bool) -> Certainty:
    if place is NamePlace.FILE_NAME:  # another file name costs nobody anything
        return Certainty.NAME if taken_alike or not here.is_word else Certainty.NONE
    if here.kind is FormKind.FULL:
        return Certainty.NAME
    return judge_surname(here) if here.kind is FormKind.SURNAME else judge_given_name(here)


# --- first names and surnames together -------------------------------------------------------------------


def _with_surname(index: NameIndex, text: TokenizedText, found: FoundForm) -> JudgedForm | None:
    """First name and surname of one child, either first, further given names and initials between them."""
    tokens = text.tokens
    owners = found.owners
    first_name_of = {number for kind in FIRST_NAMES for number in owners.get(kind, ())}
    surname_of = owners.get(FormKind.SURNAME, frozenset())
    for at in _continuations(index, text, found):
        comma = tokens[at].gap.strip() == ","
        for other in index.forms_at(tokens, at):
            both = set() if comma else first_name_of & other.owners.get(FormKind.SURNAME, frozenset())
            if at == found.after:
                both |= surname_of & other.owners.get(FormKind.GIVEN, frozenset())
            if both:
                name = tokens[found.first : other.after]
                if index.are_words(name) and not (found.first in text.tagged or any(token.capital for token in name)):
                    return None  # “wolf vos”
                whole = FoundForm(found.first, other.after, owners, other.possessive, other.end)
                if not both <= first_name_of:
                    whole = _with_rest(index, tokens, whole, both, prefix=comma)
                return JudgedForm(whole, Certainty.NAME, _closest(index, both))
    return None


def _continuations(index: NameIndex, text: TokenizedText, found: FoundForm) -> Iterator[int]:
    """The tokens at which a name that begins with `found` may go on."""
    if (behind_quoted := _behind_quoted(index, text.tokens, found)) is not None:
        yield behind_quoted
    yield from takewhile(partial(_may_continue, index, text, found), range(found.after, found.after + 3))


def _behind_quoted(index: NameIndex, tokens: Sequence[Token], found: FoundForm) -> int | None:
    """“Noor "de bakker" Bakker”: the token behind small words in quotes or brackets, none of them a first name."""
    gap = tokens[found.after].gap if found.after < len(tokens) and not found.possessive else ""
    closing = CLOSING.get(gap[1:]) if gap[:1] == " " else None
    inside = tokens[found.after : found.after + MAX_NICKNAME + 1]
    after = next((at for at, token in enumerate(inside) if at and token.gap == f"{closing} "), None)
    if closing is None or after is None or any(token.capital for token in inside[:after]):
        return None
    forms = [form for at in range(after) for form in index.forms_at(tokens, found.after + at)]
    return None if any(kind in form.owners for form in forms for kind in FIRST_NAMES) else found.after + after


def _with_rest(
    index: NameIndex, tokens: Sequence[Token], found: FoundForm, entries: Set[int], *, prefix: bool
) -> FoundForm:
    """A name with the surname first, and the surname behind it once more (“Haan, Kees de Haan”) or, with `prefix`, its
    prefix alone (“Groot, Sem de”)."""
    if found.possessive:
        return found
    behind = takewhile(lambda token: token.gap == " ", tokens[found.after : found.after + MAX_PREFIX])
    folds = tuple(token.fold for token in behind)
    for other in index.forms_at(tokens, found.after) if folds else ():
        if not entries.isdisjoint(other.owners.get(FormKind.SURNAME, ())):
            return replace(found, after=other.after, possessive=other.possessive, end=other.end)
    length = max(len(own) if folds[: len(own)] == own else 0 for own in map(index.prefixes.__getitem__, entries))
    if not prefix or not length:
        return found
    return replace(found, after=found.after + length, end=tokens[found.after + length - 1].end)


def _may_continue(index: NameIndex, text: TokenizedText, found: FoundForm, at: int) -> bool:
    """Whether a name that begins with `found` may go on at token `at`."""
    tokens = text.tokens
    if at >= len(tokens) or (tokens[at].opens and tokens[at].gap not in (".", LONG_DASH)):  # “noor.bakker”
        return False
    if found.possessive and found.end != tokens[found.after - 1].end:
        return False
    if at > found.after:  # what was skipped is an initial or another name, which need not be on the list
        skipped = tokens[at - 1]
        is_telling = not (text.titled or text.headline or text.label)  # its capital
        unlisted = skipped.capital and skipped.gap == " " and (is_telling or skipped.fold not in index.ordinary_words)
        return len(skipped.fold) == 1 or (skipped.fold,) in index.forms or unlisted
    surname_first = FormKind.SURNAME in found.owners and tokens[at].gap.strip() == ","
    return surname_first or not tokens[at].gap.strip(" .-'’_\t" + LONG_DASH)


def _with_initials(index: NameIndex, text: TokenizedText, at: int) -> JudgedForm | None:
    """“S. de Groot”, “A.F. van den Berg”, “@s.degroot”."""
    tokens, tagged = text.tokens, at in text.tagged
    if not _is_initial(tokens[at], tagged) or follows_title(tokens, at):
        return None
    after = at + 1
    while after < len(tokens) and after < at + MAX_INITIALS and _is_initial(tokens[after], tagged):
        after += 1
    if after == len(tokens) or tokens[after].gap.strip(" .-_"):
        return None
    initial = tokens[at].fold
    for found in index.forms_at(tokens, after):
        numbers = {number for number in found.owners.get(FormKind.SURNAME, ()) if initial in index.initials[number]}
        if numbers and (tagged or any(token.capital for token in tokens[found.first : found.after])):
            return JudgedForm(replace(found, first=at), Certainty.NAME, _closest(index, numbers))
    return None


def _with_surname_letter(
    index: NameIndex, tokens: Sequence[Token], found: FoundForm, entries: EntryNumbers
) -> FoundForm:
    """“Sem G.”, “Sem de G.”: a first name with the initial of the surname behind it."""
    at = found.after
    while at < len(tokens) and at < found.after + 3 and tokens[at].fold in PREFIXES and tokens[at].gap == " ":
        if _is_initial(tokens[at]):  # “Daan V.”
            break
        at += 1
    if at == len(tokens) or found.possessive or not _is_initial(tokens[at]) or tokens[at].gap != " ":
        return found
    ends = at + 1 == len(tokens) or tokens[at + 1].gap[:1] in ".,;)" or tokens[at + 1].fold in CONJUNCTIONS
    if ends and any(tokens[at].fold in index.surname_letters[number] for number in entries):
        has_point = at + 1 < len(tokens) and tokens[at + 1].gap == ". " and not tokens[at + 1].capital
        return replace(found, after=at + 1, possessive=False, end=tokens[at].end + has_point)
    return found


def _is_initial(token: Token, tagged: bool = False) -> bool:
    """Whether this is an initial; in a handle it may be lower case."""
    return len(token.fold) == 1 and (token.text.isupper() or (tagged and token.text.isalpha()))


# --- misread names ---------------------------------------------------------------------------------------


def _misread_name(index: NameIndex, text: TokenizedText, at: int, *, in_picture: bool) -> JudgedForm | None:
    """A name of the photo's own group in which letters were misread or split: “L0tte”, “Ernma”, “Se m”."""
    tokens, fold = text.tokens, text.tokens[at].fold
    is_number = fold.isdigit() and not (in_picture and _begins_a_word(tokens, at))
    if len(fold) > MAX_MISREAD_LETTERS or is_number or (index.is_word(fold) and not in_picture):
        return None
    for word, after in readings(tokens, at, together=in_picture):
        signed = word.startswith(SIGNS_READ)
        whole_token, is_word = after == at + 1 and not signed, index.is_word(word)
        if whole_token and is_word:
            continue
        names: Sequence[str] = index.by_reading_key.get(reading_key(word), ())
        if not names and in_picture and not (is_word or signed or fold.isdigit()):
            names = similar_names(word, index.taken_alike_by_key)
        if names and fold not in PREFIXES and any(index.forms_at(tokens, later) for later in range(at + 1, after)):
            continue  # “s Mila”: that begins a name by itself
        for name in names:
            if whole_token and name == word:
                continue  # it is no misreading, and was judged as it stands
            owners = index.forms[(name,)]
            found = FoundForm(at, after, owners, *ending(tokens, after), start=tokens[at].start - signed)
            entries = frozenset(number for numbers in owners.values() for number in numbers & index.in_group)
            with_surname = None if in_picture else _with_surname(index, text, found)
            asked = in_picture or fold.isalpha()  # in a caption “Lucia” is not Luda, but “L0tte” is Lotte
            return with_surname or JudgedForm(found, Certainty.ASK if asked else Certainty.NAME, entries)
    return None


def _begins_a_word(tokens: Sequence[Token], at: int) -> bool:
    """“1sa”, “10tte”: digits that may be the first letters of what stands against them; not “15a”, “5e”, “10u”."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return following is not None and not following.gap and len(tokens[at].fold) < len(following.fold)
