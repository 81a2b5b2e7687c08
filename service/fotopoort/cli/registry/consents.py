"""`fotopoort registry …`: statements about showing people, what they come to, and what waits for the office."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from fotopoort.cli.registry import gone_purposes
from fotopoort.cli.registry.people import DAYS, Day, Id
from fotopoort.cli.registry.rows import AsJson, day, say, show, spoken
from fotopoort.cli.registry_session import open_registry, reading, writing
from fotopoort.policy import policy
from fotopoort.registry import school_settings
from fotopoort.registry.access.roles import Act
from fotopoort.registry.consent import consent_log, follow_ups, proof
from fotopoort.registry.consent.derivation import Capacity
from fotopoort.registry.consent.proof import Lack
from fotopoort.registry.consent.speakers import GUARDIANS
from fotopoort.registry.consent.statements import Statement, moment_of
from fotopoort.registry.people import people, snapshot
from fotopoort.registry.photos import takedowns
from fotopoort.registry.registry import Session
from fotopoort.settings import load_settings
from fotopoort.vocabulary import ConsentState, Text


class Switch(StrEnum):
    """A setting that is on or off."""

    ON = school_settings.ON
    OFF = school_settings.OFF


NOT_WEIGHED: Final = Text(
    nl="Een kanaal zonder toestemming vraagt om een afweging. Leg vast wie die maakte, wanneer, en waar die staat:"
    " `fotopoort registry basis KANAAL objection --weighed-by … --weighed-on … --filed … --reason …`.",
    en="A channel without consent takes a weighing of interests. Lay down who made it, when, and where it is filed:"
    " `fotopoort registry basis CHANNEL objection --weighed-by … --weighed-on … --filed … --reason …`.",
)
LACKS: Final = {
    Lack.NO_WORDING: Text(nl="welke vraag", en="which question"),
    Lack.WORDING_NOT_KEPT: Text(nl="de woorden van de vraag", en="the words of the question"),
    Lack.NOBODY_NAMED: Text(nl="wie het zei", en="who said it"),
}
AS_POLICY: Final = Text(nl="zoals de regels het hebben", en="as the policy has it")
Channel = Annotated[str, typer.Argument(help="A channel, or what consent is asked for.")]
OnlyChannel = Annotated[str, typer.Argument(help="A channel.")]


def record_consent(
    context: typer.Context,
    person: Id,
    channel: Channel,
    word: Annotated[ConsentState, typer.Argument(help="What was said.")],
    by: Annotated[str | None, typer.Option(help="Who said it; left out: the guardians.")] = None,
    own: Annotated[bool, typer.Option("--own", help="The person said it themselves.")] = False,
    at: Annotated[Day, typer.Option(formats=DAYS, help="The day it was said; left out: now.")] = None,
    valid_from: Annotated[Day, typer.Option("--from", formats=DAYS, help="It holds from this day on.")] = None,
    valid_until: Annotated[Day, typer.Option("--until", formats=DAYS, help="The last day it holds.")] = None,
    verified: Annotated[str, typer.Option(help="How it is known that it was them.")] = "",
    wording: Annotated[str, typer.Option(help="Which version of the question they answered.")] = "",
    evidence: Annotated[str, typer.Option(help="Where the signed form or message is kept.")] = "",
    undoes: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The id of an earlier no that the same guardian takes back with this."),
    ] = None,
) -> None:
    """Write down what was said about showing somebody. It holds at once; earlier words stay known."""
    with writing(Act.RECORD_CONSENT) as session:
        history = consent_log.history(session, people.ref_of(session, person)) if at and undoes else []
        no = next((consent.at for consent in history if consent.id == undoes), None)
        consent_log.record(
            session,
            Statement(
                person=person,
                purpose=channel,
                decision=word,
                speaker=person if own else by or GUARDIANS,
                capacity=Capacity.OWN if own else Capacity.GUARDIAN,
                at=moment_of(at.date(), word, session.now, no) if at else None,
                valid_from=day(valid_from),
                valid_until=day(valid_until),
                verified=verified,
                wording=wording,
                evidence=evidence,
                undoes=undoes,
            ),
        )
        takedown_count = len(takedowns.tasks(session))
    say(context, Text(nl="Opgeschreven.", en="Written down."))
    if takedown_count:
        say(
            context,
            Text(
                nl=f"Foto's die offline moeten: {takedown_count}. Zie `fotopoort registry takedowns`.",
                en=f"Photos to take down: {takedown_count}. See `fotopoort registry takedowns`.",
            ),
        )


def list_consents(context: typer.Context, person: Id, as_json: AsJson = False) -> None:
    """All that was ever said about showing somebody."""
    with reading(Act.SEE_PEOPLE) as session:
        statements = [consent.document() for consent in consent_log.history(session, people.ref_of(session, person))]
    columns = ("at", "purpose", "word", "speaker", "capacity", "valid_until", "id", "undoes")
    show(
        context,
        statements,
        columns,
        as_json=as_json,
        nothing=Text(nl="Er is nooit iets gezegd.", en="Nothing was ever said."),
    )


def state(context: typer.Context, group: str, channel: OnlyChannel, as_json: AsJson = False) -> None:
    """Who of a group may be shown on a channel now."""
    with reading(Act.SEE_GROUP) as session:
        rows = snapshot.group_on_channel(session, group, channel)
    show(
        context,
        rows,
        ("id", "name", "may_be_shown"),
        as_json=as_json,
        nothing=Text(nl="Niemand zit in deze groep.", en="Nobody is in this group."),
    )


def lists(
    context: typer.Context,
    days: Annotated[int, typer.Option(help="How many days ahead.", min=0, max=3660)] = 60,
    as_json: AsJson = False,
) -> None:
    """About whom something must be done: disagreement, consent that ends, coming of age, what waits for the office."""
    with reading(Act.SEE_PEOPLE) as session:
        lists_by_reason = {
            "conflict": follow_ups.conflicts(session),
            "ends": follow_ups.expiring(session, days),
            "ask them": follow_ups.of_age(session, days),
        }
        rows: list[dict[str, Any]] = [
            {
                "what": reason,
                "person": item.person,
                "purpose": item.purpose,
                "state": item.standing.state,
                "due": item.due,
                "consent": None,
            }
            for reason, items in lists_by_reason.items()
            for item in items
        ]
        rows += [
            {
                "what": "confirm",
                "person": consent.person,
                "purpose": consent.purpose,
                "state": consent.decision,
                "due": None,
                "consent": consent.id,
            }
            for consent in follow_ups.to_confirm(session)
        ]
        gone = follow_ups.gone_purposes(session)
        rows += map(gone_purposes.row, gone)
    columns = ("what", "person", "purpose", "state", "due", "consent")
    show(
        context,
        rows,
        columns,
        as_json=as_json,
        nothing=Text(nl="Er hoeft niets te gebeuren.", en="Nothing needs to be done."),
    )
    for item in gone:
        say(context, gone_purposes.told(item))


def list_unproven(context: typer.Context, as_json: AsJson = False) -> None:
    """Whose consent cannot be shown: it is not known which question was answered, or by whom."""
    with reading(Act.SEE_AUDIT) as session:
        rows = proof.unproven(session)
    nothing = Text(nl="Elke toestemming is aantoonbaar.", en="Every consent can be shown.")
    if as_json or not rows:
        show(context, rows, (), as_json=as_json, nothing=nothing)
        return
    table = [
        {
            "person": row.person,
            "channel": row.channel,
            "basis": row.basis,
            "not_known": [spoken(context, LACKS[lack]) for lack in row.lacks],
        }
        for row in rows
    ]
    show(context, table, ("person", "channel", "basis", "not_known"), as_json=False, nothing=nothing)


def confirm(
    context: typer.Context, consent: Annotated[str, typer.Argument(help="The id that `registry lists` shows.")]
) -> None:
    """The office has looked at what a teacher wrote down."""
    with writing(Act.RECORD_CONSENT) as session:
        follow_ups.confirm(session, consent)
    say(context, Text(nl="Bevestigd.", en="Confirmed."))


def basis(
    context: typer.Context,
    channel: Annotated[str | None, typer.Argument(help="The channel to change.")] = None,
    ground: Annotated[policy.Ground | None, typer.Argument(help="consent or objection.")] = None,
    reason: Annotated[str, typer.Option(help="Why it changes.")] = "",
    weighed_by: Annotated[str, typer.Option(help="With objection: who weighed it, by function.")] = "",
    weighed_on: Annotated[Day, typer.Option(formats=DAYS, help="The day it was weighed.")] = None,
    filed: Annotated[str, typer.Option(help="Where that is filed.")] = "",
    as_json: AsJson = False,
) -> None:
    """On what ground people are shown on each channel; with a channel and a ground, change it from now on."""
    weighing = None
    if weighed_by or weighed_on or filed:
        weighing = school_settings.Weighing(weighed_by, day(weighed_on) or date.max, filed)
    with open_registry(load_settings()) as (registry, caller):
        if channel and ground:
            with registry.write(caller, Act.SET) as session:
                school_settings.set_basis(session, channel, ground, reason, weighing)
        with registry.read(caller, Act.SET) as session:
            rows = [
                _basis(context, session, of_policy)
                for of_policy in school_settings.channels(session)
                if channel in (None, of_policy.id)
            ]
    show(
        context,
        rows,
        ("channel", "basis", "since", "reason", "weighed_by", "weighed_on", "filed"),
        as_json=as_json,
        nothing=Text(nl="Dit kanaal bestaat niet.", en="There is no such channel."),
    )
    if any(row["basis"] is policy.Ground.OBJECTION and row["weighed_on"] is None for row in rows):
        say(context, NOT_WEIGHED)


def first_say_who(
    context: typer.Context,
    switch: Annotated[Switch | None, typer.Argument(help="on or off; left out: only tell.")] = None,
    reason: Annotated[str, typer.Option(help="Why it changes.")] = "",
    as_json: AsJson = False,
) -> None:
    """Whether a photo waits until it is said who is in it while somebody could be who may not be shown."""
    with open_registry(load_settings()) as (registry, caller):
        if switch is not None:
            with registry.write(caller, Act.SET) as session:
                school_settings.set_first_say_who(session, switch is Switch.ON, reason)
        with registry.read(caller, Act.SET) as session:
            history = school_settings.history_of(session, school_settings.FIRST_SAY_WHO)
            row = {
                "first_say_who": Switch.ON if school_settings.first_say_who(session) else Switch.OFF,
                "since": history[-1].since if history else None,
                "reason": history[-1].reason if history else spoken(context, AS_POLICY),
            }
    show(context, [row], ("first_say_who", "since", "reason"), as_json=as_json, nothing=Text("", ""))


def _basis(context: typer.Context, session: Session, channel: policy.Channel) -> dict[str, object]:
    history = school_settings.history_of(session, school_settings.BASIS + channel.id)
    weighing = school_settings.weighings(session).get(channel.id)
    return {
        "channel": channel.id,
        "basis": channel.basis,
        "weighed_by": weighing.by if weighing else None,
        "weighed_on": weighing.on if weighing else None,
        "filed": weighing.filed if weighing else None,
        "since": history[-1].since if history else None,
        "reason": history[-1].reason if history else spoken(context, AS_POLICY),
    }
