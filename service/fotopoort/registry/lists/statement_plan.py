"""What an import records of what was said, and whether every no is kept: those of before, and those of the list."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from fotopoort.errors import BadClassList
from fotopoort.registry.consent import consent_log, purposes
from fotopoort.registry.consent.derivation import FORBIDS, STRICTNESS, Capacity, Consent
from fotopoort.registry.consent.speakers import GUARDIANS, speaker_key
from fotopoort.registry.consent.statements import NAME_THE_WORDING, Statement, is_guardians_yes, moment_of
from fotopoort.registry.lists.outcome import outcome
from fotopoort.registry.lists.parsed_list import ListedPerson, ListedStatement
from fotopoort.registry.people import people
from fotopoort.registry.people.people import PersonRecord
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import ConsentState, PersonId, Role, Text

MAX_PROBLEMS: Final = 20  # reported at once


class StatementPlanner:
    """Plans the statements of one import.

    Args:
        warnings: takes what somebody should look at first.
        wording: which version of the question the answers in columns are to; empty: it is not known.
    """

    def __init__(self, session: Session, warnings: list[Text], wording: str = "") -> None:
        self._session, self._warnings, self._wording = session, warnings, wording
        self._consents = consent_log.all_consents(session)
        self._latest = consent_log.latest_statements(self._consents)
        self._by_id = {consent.id: consent for consent in self._consents}
        self._at = {consent.id: consent.at for consent in self._consents}  # of those that are planned too
        yeses = [consent for consent in self._consents if consent.decision is ConsentState.GRANTED]
        last_yes = {self._speaker_on(yes): yes.at for yes in yeses}
        self._undone = {consent.undoes for consent in self._consents} - {None}
        self._recorded = {
            self._key(consent, consent.at): consent.id
            for consent in self._consents
            if consent.decision not in FORBIDS
            or consent.id in self._undone  # by what came after it
            or last_yes.get(self._speaker_on(consent), consent.at) <= consent.at  # the list's may be a later one
        }
        ids = people.ids(session)
        derived = consent_log.derived_consents(session)
        self._states = {(ids[ref], channel): consent.state for (ref, channel), consent in derived.items()}
        self._problems: list[Text] = []  # a yes that is for nothing
        self._unknown: list[int] = []  # lines that take back what nobody said
        self._guardians_yes: list[tuple[int, PersonId]] = []  # lines with one, and about whom
        self.planned: list[Statement] = []

    def of_person(self, listed: ListedPerson, record: PersonRecord) -> tuple[str, ...]:
        """Plan what the columns of channels decide and the same speakers did not say before.

        Args:
            record: what is recorded of the person after the import.

        Returns:
            What is recorded, as purpose and decision.
        """
        words = []
        for purpose, (decision, at, until) in listed.decisions.items():
            forbids = decision in FORBIDS
            # Who is of age may have said this no themselves; a yes of theirs takes more than a list.
            is_of_age = record.own_from is not None and record.own_from <= (at or self._session.today)
            is_own = record.role is not Role.PUPIL or (forbids and is_of_age)
            speaker = listed.id if is_own else GUARDIANS
            state = self._state(listed.id, purpose, min if forbids else max)
            latest = self._latest.get((listed.id, purpose, speaker_key(speaker)))
            is_latest = latest is not None and (latest.decision, latest.valid_until) == (decision, until)
            if not forbids and latest is not None and state is ConsentState.NOT_ASKED and at is not None:
                # It has ended, and this may be a yes of later.
                is_latest = is_latest and self._moment(at, decision) <= latest.at
            says_nothing_new = is_latest or (state is decision and until is None)
            if says_nothing_new and not forbids and self._makes_known(latest, purpose):
                says_nothing_new = False
            if says_nothing_new and (state in FORBIDS or not forbids):
                continue
            if not forbids and state in FORBIDS and at is None:
                # An old list must not undo a later no; whoever does mean it gives the day of the yes.
                self._warnings.append(_looser(listed.line, purpose))
                continue
            capacity = Capacity.OWN if is_own else Capacity.GUARDIAN
            moment = self._moment(at, decision) if at else None
            statement = Statement(
                listed.id, purpose, decision, speaker, capacity, at=moment, valid_until=until, wording=self._wording
            )
            self._check(listed.line, statement)
            if (recorded := self._recorded.get(self._key(statement, moment))) is None:
                self.planned.append(replace(statement, id=uuid.uuid4().hex))
                words.append(f"{purpose} {decision.value}")
            elif recorded in self._undone and state not in FORBIDS:
                self._warnings.append(_taken_back(listed.line, purpose))
        return tuple(words)

    def of_rows(self, rows: Iterable[ListedStatement]) -> list[tuple[int, PersonId, tuple[str, ...]]]:
        """Plan what the list's own statements say, as far as it is not recorded: line, person, and what was said."""
        changes, id_of = [], dict[str, str]()  # the ids here, by those of the list
        rows = list(rows)
        taken_back = {listed.undoes for listed in rows} - {""}  # by the list itself
        for listed in sorted(rows, key=lambda row: (row.at, row.decision not in FORBIDS)):
            undoes = id_of.get(listed.undoes, listed.undoes) or None
            statement = Statement(
                listed.person,
                listed.purpose,
                listed.decision,
                speaker=listed.speaker or GUARDIANS,
                capacity=listed.capacity,
                at=self._moment(listed.at, listed.decision, undoes),
                valid_from=listed.valid_from,
                valid_until=listed.valid_until,
                verified=listed.verified,
                wording=listed.wording,
                evidence=listed.evidence,
                undoes=undoes,
                purposes_then=listed.purposes_then,
                id=uuid.uuid4().hex,
            )
            earlier = self._by_id.get(listed.statement)
            is_known = earlier is not None and (earlier.person, earlier.purpose, earlier.decision) == (
                statement.person,
                statement.purpose,
                statement.decision,
            )
            recorded = listed.statement if is_known else self._recorded.get(self._key(statement, statement.at))
            if statement.undoes not in (None, *id_of.values()) and statement.undoes not in self._by_id:
                self._unknown.append(listed.line)
            if listed.statement:
                id_of[listed.statement] = recorded or statement.id
            if not is_known and listed.statement not in taken_back and recorded in self._undone:
                if self._state(listed.person, listed.purpose, min) not in FORBIDS:
                    self._warnings.append(_taken_back(listed.line, listed.purpose))
            if recorded is None:
                self._check(listed.line, statement)
                self.planned.append(statement)
                self._at[statement.id] = statement.at or self._session.now
                if is_guardians_yes(statement):
                    self._guardians_yes.append((listed.line, listed.person))
                words = (f"{listed.purpose} {listed.decision.value}",)
                changes.append((listed.line, listed.person, words))
        return sorted(changes)

    def check(
        self, before: Mapping[PersonId, PersonRecord], after: Mapping[PersonId, PersonRecord], lines: Mapping[str, int]
    ) -> None:
        """Warn where a yes of the list does not count.

        Args:
            before, after: what is recorded of everyone; `before` has none of the new ones.
            lines: where in the list people are.

        Raises:
            BadClassList: a no would no longer count, or something is taken back that is not there.
        """
        if self._problems:
            problems = self._problems[:MAX_PROBLEMS]
            raise BadClassList(
                Text(nl="\n".join(text.nl for text in problems), en="\n".join(text.en for text in problems)),
                hint=NAME_THE_WORDING,
            )
        if self._unknown:
            unknown = self._unknown[:MAX_PROBLEMS]
            raise BadClassList(
                Text(
                    nl="\n".join(
                        f"Regel {line}: de verklaring die hier wordt teruggenomen, is er niet." for line in unknown
                    ),
                    en="\n".join(f"Line {line}: what this statement takes back is not there." for line in unknown),
                ),
                hint=Text(
                    nl="Zet die verklaring ook op de lijst, met haar id in de kolom verklaring.",
                    en="Put that statement on the list too, with its id in the column verklaring.",
                ),
            )
        grown_up = {person for person, record in after.items() if record.role is not Role.PUPIL}
        self._warnings += [_not_their_own(line) for line, person in sorted(self._guardians_yes) if person in grown_up]
        session = self._session
        recorded = [_as_consent(statement, session) for statement in self.planned]
        came_to = outcome(self._consents, recorded, before, after, session.now, session.channels, session.parents_word)
        self._warnings += [_looser(lines[person], channel) for person, channel in sorted(came_to.unsettled)]
        if came_to.lost:
            lost = sorted((lines[person], purpose) for person, purpose in came_to.lost)[:MAX_PROBLEMS]
            nl = (f"Regel {line}: hierdoor telt een nee voor {purpose} niet meer." for line, purpose in lost)
            en = (f"Line {line}: with this a no for {purpose} no longer counts." for line, purpose in lost)
            raise BadClassList(
                Text(nl="\n".join(nl), en="\n".join(en)),
                hint=Text(
                    nl="Laat rol en geboortedatum op die regels zoals ze waren, of verander die bij de persoon zelf.",
                    en="Leave role and date of birth on those lines as they were, or change them with the person.",
                ),
            )

    def _state(self, person: PersonId, name: str, of: Callable[..., ConsentState]) -> ConsentState:
        """What holds on a channel; of a purpose, the strictest (`max`) or loosest (`min`) on any of its channels."""
        channels = [channel.id for channel in self._session.channels if channel.id == name]
        channels = channels or [channel.id for channel in self._session.channels if channel.purpose == name]
        states = [self._states.get((person, channel), ConsentState.NOT_ASKED) for channel in channels]
        return of(states, key=STRICTNESS.index)

    def _makes_known(self, latest: Consent | None, name: str) -> bool:
        """Whether it was not known which question was answered, and it is now."""
        channels, wordings = self._session.channels, self._session.wordings
        is_known = purposes.wording_of(name, self._wording, channels, wordings) is not None
        return is_known and (latest is None or latest.wording_sha256 is None)

    def _check(self, line: int, statement: Statement) -> None:
        session, said = self._session, (statement.purpose, statement.decision, statement.wording)
        if (problem := purposes.problem(*said, session.channels, session.wordings)) is not None:
            self._problems.append(Text(nl=f"Regel {line}: {problem.nl}.", en=f"Line {line}: {problem.en}."))

    def _moment(self, day: date, decision: ConsentState, undoes: str | None = None) -> datetime:
        return moment_of(day, decision, self._session.now, self._at.get(undoes or ""))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._session.now.tzinfo).date()

    def _speaker_on(self, consent: Consent) -> tuple[object, ...]:
        """Who spoke about what on which day."""
        return consent.person, consent.purpose, speaker_key(consent.speaker), consent.capacity, self._day(consent.at)

    def _key(self, statement: Statement | Consent, at: datetime | None) -> tuple[object, ...]:
        """Equal for two statements that say the same from the same moment on, and for two noes of the same day: a list
        does not say when that day."""
        speaker, days = speaker_key(statement.speaker), (statement.valid_from, statement.valid_until)
        return (
            statement.person,
            statement.purpose,
            statement.decision,
            speaker,
            statement.capacity,
            self._day(at) if at is not None and statement.decision in FORBIDS else at,
            *days,
            statement.wording,
        )


def _as_consent(statement: Statement, session: Session) -> Consent:
    name, then = statement.purpose, statement.purposes_then or purposes.purposes_of(session.channels)
    wording = purposes.wording_of(name, statement.wording, session.channels, session.wordings)
    return Consent(
        statement.id,
        statement.person,
        statement.purpose,
        statement.decision,
        statement.speaker,
        statement.capacity,
        statement.at or session.now,
        statement.valid_from,
        statement.valid_until,
        undoes=statement.undoes,
        asked_for=purposes.asked_for(name, then),
        channels=None if wording is None else wording.channels,
        purposes_then=then,
    )


def _looser(line: int, purpose: str) -> Text:
    return Text(
        nl=f"Regel {line}: de lijst zegt ja voor {purpose}, maar in het register staat een nee, en dat blijft. Neemt"
        " dezelfde ouder dat nee terug? Schrijf dat op met `fotopoort registry consent … --undoes ID`, met het id van"
        " het nee.",
        en=f"Line {line}: the list says yes for {purpose}, and the registry has a no, which stays. If the same guardian"
        " takes that no back, write it down with `fotopoort registry consent … --undoes ID`, with the id of the no.",
    )


def _taken_back(line: int, purpose: str) -> Text:
    return Text(
        nl=f"Regel {line}: het nee voor {purpose} staat er al, en is teruggenomen. Dat blijft zo. Is dit een ander"
        " nee, van daarna? Schrijf dat op met `fotopoort registry consent …`.",
        en=f"Line {line}: the no for {purpose} is there already, and was taken back. That stays so. If this is another"
        " no, of after that, write it down with `fotopoort registry consent …`.",
    )


def _not_their_own(line: int) -> Text:
    return Text(
        nl=f"Regel {line}: een ouder of verzorger zegt ja voor iemand die geen leerling is. Dat wordt opgeschreven en"
        " telt niet. Vraag het die persoon zelf, en zet dan “zelf” in de kolom hoedanigheid.",
        en=f"Line {line}: a guardian says yes for somebody who is no pupil. That is written down and does not count."
        " Ask that person, and then put “zelf” in the column hoedanigheid.",
    )
