"""Ways to spell one first name: Sofie and Sophie, Thijs and Tijs, Mohamed and Muhammed.

`RULES` say which letters sound alike in first names in the Netherlands. `SETS` holds names that are taken for one
another and that no rule brings together. Both were made for this project, by hand, and are under its licence: of the
public lists that were looked at, those of nicknames are English, and those with Dutch variants come from registers of
the 19th century. Names that are merely alike (Sem and Siem, Fien and Finn, Thijs and Ties) are different names here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MIN_KEY: Final = 3  # letters; a shorter key fits too many names
MAX_NAME: Final = 30  # letters

_VOWEL: Final = "[aeiouy]"
_CONSONANT: Final = "[bcdfghjklmnpqrstvwxz]"
RULES: Final = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("ph", "f"),  # Sophie
        (r"\Athy(?=[lms])", "tY"),  # Thys
        (r"(?<=...)ae\Z", "a"),  # Chaimae
        (rf"\Ad(?:z?j)(?={_VOWEL})", "j"),  # Djamila
        (r"sch(?=[aeiouy])|sh|sj", "S"),  # Natascha, Sjors
        ("ck|q(?!u)", "k"),  # Rick, Tariq
        ("qu", "kw"),
        ("x", "ks"),  # Alexander
        ("c(?=[eiy])", "s"),  # Lucie
        ("c", "k"),  # Lucas, Chris
        (r"(?<=[bcdfgjklmnpqrstvwxz])h|h\Z|(?<=.)h(?![aeiouy])", ""),  # Thijs, Sarah, Ahmed
        (r"(?<!\A)z", "s"),  # Liza; and Sofia is not Zofia
        (rf"ou|(?<!\A)oe(?={_CONSONANT})(?!l\Z)|\Aoe", "u"),  # Youssef, Joesoef; and not Zoe, Roel
        (r"(?<=..)(?:ine|iene|ien)\Z|(?<=...)ijn\Z", "in"),  # Jasmine, Jasmijn; and not Stijn
        (rf"ij(?={_VOWEL})", "j"),
        ("ij", "Y"),
        (rf"(?<={_CONSONANT})(?:ie|ey)\Z", "i"),  # Evie, Romy
        (rf"y(?={_VOWEL})|i(?=[aou])", "j"),  # Yara, Maria
        ("y", "i"),  # Tygo, Jayden
        (rf"ij(?={_VOWEL})", "j"),  # Julija
        (rf"({_CONSONANT})\1+", r"\1"),  # Emma, Finn
        (r"ee\Z", "e"),  # Renee
        (r"d\Z", "t"),  # Noud
    )
)
SETS: Final = """
aaron aron aaran
abdullah abdallah
abdulrahman abdelrahman abderrahman abdurrahman abdirahman
ahmed ahmad achmed achmad
aiden aidan eiden
aisha aicha aische aiesha ayse
amelie emelie
amina amiena
ayman aymen eymen
ayoub ejub eyup
bastiaan bastian sebastiaan sebastian
bilal bilel belal
brian brayan
camiel camille
chaima shaima chayma
chiara ciara
chloe chloey
danielle danyelle
david daoud dawud davud
eleonora elenora eleonore
emilia emelia
evelien ewelien
fatima fatma fadma
fatimazahra fatimazohra fatimaezzahra fatimzahra
fay fae faye fey
filip filippe
giovanni jovanni
hasan hassane
hayley hayleigh haley heyli
hussein hussain hossein huseyin
ibrahim ebrahim brahim ibraheem
ilyas elias ilyes
iman imane imaan iemane
imran emran imraan
isabel isabelle isabella
ismail ismael ismaeel smail
jay jaj
jayden jaden jaydon jeyden
jesse jessey
jip jippe
job jop
joel joell
jolijn jolein
joshua josua
justin justen
kai kaj
kayleigh kaylee kayley kaley keyli keylee
keano kiano keanu kianu
kerim karim
khadija khadidja hatice hadija
kylian kiliaan
layla leila
leah leia
lieselot liselot liselotte lieselotte
lisanne liesanne
lois lowis
luuk luc
malak malek
marijn marein
mariska marieska
maryam meryem meriem
matteo matheus
matthijs matthys
maud maude
merijn merein
michael maikel
michelle mischelle
mike maik maike
miriam mirjem
mitchell mitchel mitsjel
mohamed mohamad muhamed muhammad mohamud mohand
naomi noemi
nathan nathaan
nienke nynke
nora noura
noud naud
omar umar omer
osman ousmane othman uthman osmane
phileine filijn
quinten quentin kwintin
rachid rashid
rayan rayane rayaan
reinier reinjer rijnier
rosalie rosalee
rowan rowen rohan
ruben rueben reuben
said saeed saied sayed
samira sameera samiera
sanae sanaa
shane shayne sheen
shanna chana
skye sky
sofian soufian soufiane sofiane
stefan stefaan stefen
suleiman sulaiman souleymane suleman
susanna zuzanna
sven swen
tijl tyl
tijmen tymen tiemen
tijn tyn
tyler tayler
veerle verle feerle
vera wera
vincent finsent winsent
walid waleed oualid
wassim wassiem ouassim
yahya jahja
yasmin yasemin yasmina
younes younis yunus
yusuf yousef yosuf
zainab zeinab zeynep zineb zeineb
zakaria zekeriya
zoe zoey zooey
"""


@lru_cache(maxsize=100_000)
def spelling_key(fold: str) -> str:
    """A key that all ways to spell one first name share; "" for a word that is too short or too long for one.

    Args:
        fold: a word, as `tokens.folded` gives it.
    """
    if len(fold) > MAX_NAME:
        return ""
    key = _sound(fold)
    return _SET_OF.get(key, key if len(key) >= MIN_KEY else "")


def _sound(fold: str) -> str:
    for pattern, letters in RULES:
        fold = pattern.sub(letters, fold)
    return fold


_SET_OF: Final = {_sound(name): f"={names.split()[0]}" for names in SETS.splitlines() for name in names.split()}
