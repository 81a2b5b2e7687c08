"""What a CMS is told: one sentence of a few, whoever is in the photo, and where somebody at school answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from fotopoort.application.contract import gate as contract
from fotopoort.application.contract.documents import Json
from fotopoort.application.gate.notices import PATH, href_of
from fotopoort.application.gate.states import REMOVED, GateState
from fotopoort.application.posts.kept import failure_of
from fotopoort.registry.posts.photo_records import BLOCKED
from fotopoort.vocabulary import Outcome, Text

PENDING: Final = Text(nl="Deze foto wordt nog bekeken.", en="This photo is still being looked at.")
PHOTO_MESSAGES: Final = {
    Outcome.PUBLISH: Text(nl="Deze foto mag worden geplaatst.", en="This photo may be published."),
    Outcome.BLUR: Text(
        nl="Deze foto mag worden geplaatst, met een deel bedekt.",
        en="This photo may be published, with a part covered.",
    ),
    Outcome.REJECT: Text(nl="Deze foto mag hier niet worden geplaatst.", en="This photo may not be published here."),
}
WAITS: Final = Text(
    nl="Deze foto wacht op een antwoord van iemand op school.",
    en="This photo waits for an answer of somebody at school.",
)
TAKEN_OUT: Final = Text(
    nl="Iemand op school heeft deze foto weggehaald.", en="Somebody at school took this photo away."
)
TEXT_MESSAGES: Final = {
    Outcome.PUBLISH: Text(nl="De tekst mag worden geplaatst.", en="The text may be published."),
    Outcome.REJECT: Text(
        nl="In de tekst staat een naam van een kind, of misschien een naam. Haal die weg.",
        en="The text holds a child's name, or a word that may be one. Take it out.",
    ),
}
NAME_BESIDE: Final = Text(
    nl="In de tekst of de bestandsnaam staat een naam van een kind, of misschien een naam. Haal die weg.",
    en="The text or the file's name holds a child's name, or a word that may be one. Take it out.",
)
TEXT_UNKNOWN: Final = Text(nl="Stuur de tekst opnieuw om het te weten.", en="Send the text again to know.")


def document(state: GateState, registry: int, policy: str, page: str, *, holds: bool) -> Json:
    """What is told of what was sent, see `contract/gate.py`.

    Args:
        registry: the revision of who may be shown.
        policy: the version of the rules.
        page: the address of the pages.
        holds: see `GateDocument`.
    """
    gate, given = state.gate, state.out
    rendition = None
    if state.ready is not None and (given is None or given.sha256 != state.ready.sha256):
        state = replace(state, is_pending=True, outcome=None)  # it is not on record yet that it may be published
    elif state.ready is not None and given is not None:
        rendition = contract.GateRendition(
            href=f"{PATH}/{gate.id}/rendition",
            sha256=given.sha256,
            width=given.width,
            height=given.height,
            bytes=given.bytes,
            media_type="image/jpeg",
        )
    text = None
    if state.text_outcome is not None:
        is_beside = gate.photo is not None and state.text_outcome is Outcome.REJECT
        said = NAME_BESIDE if is_beside else TEXT_MESSAGES[state.text_outcome]
        text = contract.GateText(outcome=state.text_outcome, message=_sentence(said))
    return contract.GateDocument(
        id=gate.id,
        status="pending" if state.is_pending else "done",
        sha256=gate.sha256,
        channel=gate.channel,
        outcome=state.outcome,
        review=contract.GateReview(href=f"{page}/#post={gate.post}") if state.waits else None,
        message=_sentence(_message(state)),
        text=text,
        rendition=rendition,
        href=href_of(gate.sha256, gate.channel),
        policy=policy,
        registry=registry,
        holds=holds,
    ).as_json()


def _message(state: GateState) -> Text:
    if state.is_pending:
        return PENDING
    if state.outcome is None:
        return TEXT_MESSAGES[state.text_outcome] if state.text_outcome else TEXT_UNKNOWN
    if state.error == REMOVED:
        return TAKEN_OUT
    if state.error and state.error != BLOCKED:  # that somebody reported it is for the school alone
        return failure_of(state.error)[0]
    if state.outcome is Outcome.REJECT and state.waits and state.verdict and state.verdict.not_yet:
        return WAITS
    return PHOTO_MESSAGES[state.outcome]


def _sentence(text: Text) -> contract.Sentence:
    return contract.Sentence(nl=text.nl, en=text.en)
