"""That somebody must never be located: who is may not follow from what a photo is told."""

from __future__ import annotations

from fotopoort.errors import BadRecord
from fotopoort.registry import school_settings
from fotopoort.registry.registry import Session
from fotopoort.vocabulary import Text


def check_hidden(session: Session, *, hidden: bool) -> None:
    """Refuse that somebody becomes never locatable where a photo would show that: see `school_settings.first_say_who`.

    Raises:
        BadRecord: the setting is off.
    """
    if not hidden:
        return
    session.bump_revision()  # first, so that who turns the setting off at the same time waits for this
    if not school_settings.first_say_who(session):
        raise BadRecord(
            Text(
                nl="Zolang “eerst zeggen wie erop staat” uit staat, kun je niemand nooit vindbaar maken: een foto zou"
                " verraden om wie het gaat.",
                en="Nobody can be never locatable while “first say who is in it” is off: a photo would tell who it is.",
            ),
            hint=Text(
                nl="Zet het eerst aan: fotopoort registry first-say-who on.",
                en="Turn it on first: fotopoort registry first-say-who on.",
            ),
        )
