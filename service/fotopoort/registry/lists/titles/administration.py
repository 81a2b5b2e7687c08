"""What pupil administrations export besides (ParnasSys, ESIS, Magister, Somtoday): nothing of it is needed or kept.

A column with remarks is not here: a no may be written in it.
"""

from __future__ import annotations

from typing import Final

NOT_NEEDED: Final = frozenset(
    line.strip()
    for line in """
    geslacht
    man vrouw
    voorletters
    voorletter
    initialen
    bsn
    burgerservicenummer
    onderwijsnummer
    pgn
    adres
    straat
    straatnaam
    huisnummer
    huisnr
    toevoeging
    huisnummertoevoeging
    postcode
    woonplaats
    plaats
    gemeente
    land
    nationaliteit
    geboorteland
    geboorteplaats
    telefoon
    telefoonnummer
    tel
    mobiel
    e mail
    email
    e mailadres
    emailadres
    leerjaar
    jaargroep
    vestiging
    locatie
    brin
    brincode
    brin nummer
    inschrijfdatum
    datum inschrijving
    instroomdatum
    datum instroom
    eerste schooldag
    mentor
    groepsleerkracht
    studie
    profiel
    leeftijd
    gezinspositie
    thuistaal
    """.splitlines()
    if line.strip()
)
