"""`/v1/registry`: consents and objections, the state they add up to, and what the office has to look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, Field

from fotopoort.api import schema
from fotopoort.api.auth import AuthenticatedCaller
from fotopoort.api.registry.transactions import DONE, PROBLEMS, REFUSALS, Done, RegistryTransactions
from fotopoort.application.contract.documents import Document
from fotopoort.policy.policy import Ground
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log, follow_ups, proof, wordings
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.speakers import GUARDIANS
from fotopoort.registry.consent.statements import Statement
from fotopoort.registry.people import people
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import ConsentState

Days = Annotated[int, Query(ge=0, le=3660, description="How many days ahead.")]


class NewWord(Document):
    """Something said about showing a person."""

    purpose: Annotated[str, Field(description="A channel, or what consent is asked for.")]
    word: ConsentState
    speaker: Annotated[str, Field(description="Who said it; the person's own id with capacity own.")] = GUARDIANS
    capacity: Capacity = Capacity.GUARDIAN
    at: Annotated[AwareDatetime | None, Field(description="When it was said; left out: now.")] = None
    valid_from: date | None = None
    valid_until: date | None = None
    verified: str = ""
    wording: str = ""
    evidence: str = ""
    undoes: Annotated[
        str | None, Field(description="The id of an earlier no that the same guardian takes back with this.")
    ] = None


class Objection(Document):
    """An objection or withdrawal that a teacher heard of: it holds at once, and the office looks at it later."""

    person: str
    channel: str
    word: Literal["objected", "withdrawn"] = "objected"
    speaker: Annotated[str, Field(description="Who said it; the person's own id: they did themselves.")] = GUARDIANS


class Written(Document):
    id: str


class Word(Document):
    id: str
    person: str
    purpose: str
    word: ConsentState
    speaker: str
    capacity: Capacity
    at: datetime
    valid_from: date | None
    valid_until: date | None
    verified: str
    wording: str
    evidence: str
    actor: str
    undoes: str | None
    asked_for: Annotated[str | None, Field(description="The channel's purpose then, where that is called otherwise.")]
    wording_sha256: Annotated[str | None, Field(description="The question word for word, see /v1/registry/wordings.")]
    channels: Annotated[list[str] | None, Field(description="Those that the question named.")]
    purposes_then: Annotated[dict[str, str] | None, Field(description="Of every channel, when this was recorded.")]


class History(Document):
    words: list[Word]
    holds_now: dict[str, ConsentState]


class WeighingDocument(Document):
    """That the interests of a channel without consent were weighed."""

    by: Annotated[str, Field(description="A function rather than a name.")]
    on: date
    filed: str


class NewBasis(Document):
    basis: Ground
    reason: str
    weighing: Annotated[WeighingDocument | None, Field(description="With objection: who weighed the interests.")] = None


class BasisSet(Done):
    weighed: Annotated[
        bool | None,
        Field(
            description="Of objection: whether it is laid down who weighed the interests, when, and where that is"
            " filed. While it is not, the pages about the policy say so. None: of consent there is nothing to weigh."
        ),
    ] = None


class Basis(Document):
    channel: str
    basis: Ground
    history: list[dict[str, Any]]
    weighing: WeighingDocument | None


class WordingDocument(Document):
    """A question that somebody answered, word for word."""

    sha256: str
    purpose: str
    version: str
    channels: list[str]
    nl: str
    en: str


def router(transactions: RegistryTransactions) -> APIRouter:
    """The routes about consents."""
    routes = APIRouter(prefix="/v1/registry", responses=PROBLEMS)

    @routes.get(
        "/people/{person}/consents",
        summary="All that was said about a person, and what it comes to",
        responses=schema.ok("", History) | REFUSALS,
    )
    async def history(request: Request, caller: AuthenticatedCaller, person: str) -> Response:
        def work(session: Session) -> dict[str, Any]:
            ref = people.ref_of(session, person)
            derived = consent_log.derived_consents(session, [ref])
            return {
                "words": [consent.document() for consent in consent_log.history(session, ref)],
                "holds_now": {purpose: consent.state for (_, purpose), consent in derived.items()},
            }

        return await transactions.run_as_response(request, caller, Act.SEE_PEOPLE, work)

    @routes.post(
        "/people/{person}/consents",
        summary="Write down what was said",
        responses=schema.ok("It holds now.", Written) | REFUSALS,
    )
    async def record(request: Request, caller: AuthenticatedCaller, person: str, new: NewWord) -> Response:
        fields = new.model_dump()
        statement = Statement(person=person, decision=fields.pop("word"), **fields)
        return await transactions.run_as_response(
            request, caller, Act.RECORD_CONSENT, lambda session: {"id": consent_log.record(session, statement)}
        )

    @routes.post(
        "/objections",
        summary="Write down an objection or a withdrawal; the office then looks at it",
        responses=schema.ok("It holds now.", Written) | REFUSALS,
    )
    async def objection(request: Request, caller: AuthenticatedCaller, new: Objection) -> Response:
        capacity = Capacity.OWN if new.speaker == new.person else Capacity.GUARDIAN
        statement = Statement(new.person, new.channel, ConsentState(new.word), new.speaker, capacity)
        return await transactions.run_as_response(
            request, caller, Act.OBJECT, lambda session: {"id": consent_log.record(session, statement)}
        )

    @routes.post(
        "/consents/{consent}/confirm", summary="The office has looked", responses=schema.ok("", Done) | REFUSALS
    )
    async def confirm(request: Request, caller: AuthenticatedCaller, consent: str) -> Response:
        return await transactions.do(
            request, caller, Act.RECORD_CONSENT, lambda session: follow_ups.confirm(session, consent)
        )

    @routes.get(
        "/lists",
        summary="About whom something must be done",
        responses=schema.ok("", dict[str, list[dict[str, Any]]]) | REFUSALS,
    )
    async def lists(request: Request, caller: AuthenticatedCaller, days: Days = 60) -> Response:
        return await transactions.run_as_response(
            request,
            caller,
            Act.SEE_PEOPLE,
            lambda session: {
                "conflicts": follow_ups.conflicts(session),
                "expiring": follow_ups.expiring(session, days),
                "of_age": follow_ups.of_age(session, days),
                "to_confirm": [consent.document() for consent in follow_ups.to_confirm(session)],
                "gone_purposes": follow_ups.gone_purposes(session),
            },
        )

    @routes.get(
        "/unproven",
        summary="Whose consent cannot be shown: without a known question, or said by nobody who is named",
        responses=schema.ok("", list[proof.Unproven]) | REFUSALS,
    )
    async def unproven(request: Request, caller: AuthenticatedCaller) -> Response:
        return await transactions.run_as_response(request, caller, Act.SEE_AUDIT, proof.unproven)

    @routes.get(
        "/wordings",
        summary="The questions that somebody answered, word for word",
        responses=schema.ok("", list[WordingDocument]) | REFUSALS,
    )
    async def list_wordings(request: Request, caller: AuthenticatedCaller) -> Response:
        def work(session: Session) -> list[dict[str, Any]]:
            return [
                {
                    "sha256": sha256,
                    "purpose": question.purpose,
                    "version": question.version,
                    "channels": list(question.channels),
                    "nl": question.text.nl,
                    "en": question.text.en,
                }
                for sha256, question in sorted(wordings.kept(session).items())
            ]

        return await transactions.run_as_response(request, caller, Act.SEE_PEOPLE, work)

    @routes.get(
        "/channels", summary="The ground in force for each channel", responses=schema.ok("", list[Basis]) | REFUSALS
    )
    async def channels(request: Request, caller: AuthenticatedCaller) -> Response:
        def work(session: Session) -> list[dict[str, Any]]:
            history = school_settings.history(session, school_settings.BASIS)
            weighings = school_settings.weighings(session)
            return [
                {
                    "channel": channel.id,
                    "basis": channel.basis,
                    "history": [past for past in history if past.key == school_settings.BASIS + channel.id],
                    "weighing": weighings.get(channel.id),
                }
                for channel in school_settings.channels(session)
            ]

        return await transactions.run_as_response(request, caller, Act.SET, work)

    @routes.put(
        "/channels/{channel}/basis",
        summary="Change the ground from now on",
        responses=schema.ok("", BasisSet) | REFUSALS,
    )
    async def set_basis(request: Request, caller: AuthenticatedCaller, channel: str, new: NewBasis) -> Response:
        def work(session: Session) -> dict[str, bool | None]:
            weighing = school_settings.Weighing(**dict(new.weighing)) if new.weighing else None
            school_settings.set_basis(session, channel, new.basis, new.reason, weighing)
            weighed = channel in school_settings.weighings(session) if new.basis is Ground.OBJECTION else None
            return {**DONE, "weighed": weighed}

        return await transactions.run_as_response(request, caller, Act.SET, work)

    @routes.get("/takedowns", summary="Photos to take down", responses=schema.ok("", list[takedowns.Task]) | REFUSALS)
    async def list_takedowns(request: Request, caller: AuthenticatedCaller, all: bool = False) -> Response:
        return await transactions.run_as_response(
            request, caller, Act.SEE_TAKEDOWNS, lambda session: takedowns.tasks(session, open_only=not all)
        )

    @routes.post("/takedowns/{task}/done", summary="It was taken down", responses=schema.ok("", Done) | REFUSALS)
    async def taken_down(request: Request, caller: AuthenticatedCaller, task: str) -> Response:
        return await transactions.do(
            request, caller, Act.SEE_TAKEDOWNS, lambda session: takedowns.mark_done(session, task)
        )

    return routes
