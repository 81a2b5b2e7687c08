"""Who said something: two spellings of one speaker, and speakers of whom nobody knows who they are."""

from __future__ import annotations

import re
from typing import Final

from fotopoort.vocabulary import group_key

GUARDIANS: Final = "guardians"  # the speaker where it is not said who it was
# Words that say of somebody no more than that they are a guardian: two who are called so need not be the same.
UNNAMED: Final = frozenset(
    """
    ouder ouders verzorger verzorgers verzorgster verzorgsters voogd voogden opvoeder opvoeders pleegouder pleegouders
    stiefouder stiefouders moeder moeders vader vaders mama mamas papa papas mam pap mamma pappa gezin gezinnen familie
    thuis beide beiden allebei samen een van de het der den en of door namens dhr mevr mw heer mevrouw
    wettelijk wettelijke vertegenwoordiger vertegenwoordigers gezaghebbende gezaghebbenden
    leerkracht leerkrachten leraar lerares juf meester school onbekend niet bekend ingevuld anoniem nvt geen
    guardian guardians parent parents mother mothers father fathers mum mums mom moms dad dads carer carers caregiver
    caregivers family families home both legal representative representatives one a the of and or by
    teacher teachers unknown anonymous none not known na
    """.split()
)
ENDINGS: Final = re.compile(r"\([a-z]{1,2}\)|[.'’]")  # "ouder(s)", "voogd(en)", "mama's", "n.v.t."
# On its own, with an article or without, one of two: such a word names somebody.
ARTICLES: Final = frozenset({"de", "the"})
ONE_OF_TWO: Final = frozenset("moeder vader mama papa mamma pappa mam pap mother father mum mom dad".split())


def speaker_key(speaker: str) -> str:
    """Equal for two spellings of one speaker, and for all who are not named."""
    key = group_key(speaker)
    words = re.findall(r"[^\W\d_]+", ENDINGS.sub("", key))
    says_nothing = not any(map(str.isalnum, key))  # a number is somebody's
    is_general = UNNAMED.issuperset(words) and any(len(word) > 1 for word in words)
    is_one_of_two = len(set(words) - ARTICLES) == 1 and not ONE_OF_TWO.isdisjoint(words)
    return GUARDIANS if says_nothing or (is_general and not is_one_of_two) else key
