"""Why each number and setting of the policy file is as it is, as the comments in that file say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fotopoort.vocabulary import Text

REASONS: Final[Mapping[str, Text]] = {
    "recognisable.min_face_height": Text(
        "Pixels. Onder 28 kan een vreemde niet zien wie het is. Gezichtsherkenning wil 40 pixels of meer.",
        "Pixels. Below 28 a stranger cannot tell who it is. Face recognition wants 40 pixels and more.",
    ),
    "frontal.max_yaw": Text(
        "Graden opzij. Verder gedraaid is niet meer recht van voren.",
        "Degrees to the side. Turned further is no longer full in the face.",
    ),
    "frontal.max_pitch": Text(
        "Graden omhoog of omlaag. Is het niet goed te meten, dan geldt het als recht van voren.",
        "Degrees up or down. Where it cannot be measured well, it counts as full in the face.",
    ),
    "close_up.min_share": Text(
        "Deel van de kortste zijde. Vanaf een kwart gaat de foto over deze ene persoon.",
        "Part of the shorter side. From a quarter on, the photo is about this one person.",
    ),
    "overview.max_share": Text(
        "Deel van de kortste zijde. Kleine gezichten geven een indruk van de groep.",
        "Part of the shorter side. Small faces give an impression of the group.",
    ),
    "overview.min_faces": Text(
        "Gezichten. Met zoveel mensen is het ook een indruk van de groep.",
        "Faces. With so many people it is an impression of the group as well.",
    ),
    "cover.sides": Text(
        "Deel van de breedte, links en rechts. Zo gaan de oren mee.",
        "Part of the width, left and right, so that ears go along.",
    ),
    "cover.bottom": Text("Deel van de hoogte, onder het gezicht.", "Part of the height, below the face."),
    "cover.top": Text(
        "Deel van de hoogte, erboven. Aan haar is iemand te herkennen.",
        "Part of the height, above it. Hair tells who somebody is.",
    ),
    "figure.min_score": Text(
        "Van 0,3 tot 1: hoe zeker iemand te zien moet zijn om ernaar te vragen, als er geen gezicht is gevonden. Met"
        " 0,3 wordt naar iedereen gevraagd die wordt gezien.",
        "From 0.3 to 1: how surely somebody in whom no face was found must be seen to be asked about. With 0.3"
        " everybody is who is seen.",
    ),
    "figure.face_of_width": Text(
        "Hoogte van een gezicht als deel van de breedte van een persoon: zo bij de helft van wie is gemeten.",
        "A face's height as a part of a figure's width: so with half of those measured.",
    ),
    "figure.face_of_height": Text(
        "En als deel van de hoogte, zoals bij wie staat. De grootste van de twee telt.",
        "And as a part of its height, as with those who stand. The larger of the two counts.",
    ),
    "figure.margin": Text(
        "Zoveel ruimer dan de persoon is het vlak dat de hele persoon bedekt.",
        "By so much the cover of a whole person is wider than that person.",
    ),
    "figure.faces_wide": Text(
        "Gezichten breed, waar alleen het gezicht is gevonden. Negen van de tien passen daarin.",
        "Faces wide, where only the face was found. Nine in ten fit in it.",
    ),
    "figure.faces_high": Text("Gezichten hoog, om dezelfde reden.", "Faces high, for the same reason."),
    "too_little_left.min_covered_share": Text(
        "Deel van de foto. Vanaf een derde zie je vooral bedekking.",
        "Part of the photo. From a third on, covers are all that one sees.",
    ),
    "too_little_left.min_faces": Text(
        "Gezichten. Vanaf zoveel wordt gemeld dat de meeste bedekt zijn.",
        "Faces. From so many on it is said that most are covered.",
    ),
    "too_little_left.max_covered_faces": Text(
        "Deel van de gezichten. Dit meldt alleen: het mag een foto nooit doorlaten.",
        "Part of the faces. It only tells: it may never let a photo through.",
    ),
    "smaller.min_side": Text(
        "Pixels, langste zijde. Een foto van dichtbij mag zo klein dat niemand te herkennen is. Dat wordt gemeld als"
        " die dan nog zo groot is als een klein plaatje op een website.",
        "Pixels, the longest side. A close-up may be so small that nobody can be recognised. That is told where it is"
        " still as large as a thumbnail on a website.",
    ),
    "private_list.min_names": Text(
        "Namen in één foto op een besloten kanaal. Vijf maken een lijst die misschien niet voor alle ouders is.",
        "Names in one picture on a closed channel. Five make a list that may not be meant for all parents.",
    ),
    "settings.unchecked_names": Text(
        "Er is tekst en geen lijst met namen: melden (tell) of wachten (reject).",
        "There is text and no list of names: say so (tell), or wait (reject).",
    ),
    "settings.public_close_up": Text(
        "Een leerling van dichtbij en recht van voren op een openbaar kanaal: dat wil de richtlijn liever niet.",
        "A pupil close by and full in the face on a public channel: the guideline would rather not.",
    ),
    "settings.public_frontal": Text(
        "Een leerling recht van voren op een openbaar kanaal, groter dan op een overzichtsfoto: het blijft bij een"
        " advies (advise), bedekt tot de leerkracht zegt dat het mag (ask), of altijd bedekt (cover).",
        "A pupil full in the face on a public channel, larger than in an overview photo: no more than advice (advise),"
        " covered until the teacher says that it may be seen (ask), or always covered (cover).",
    ),
    "settings.staff_names": Text(
        "Of de naam van een leerkracht telt als die van een kind.", "Whether a teacher's name counts as a child's."
    ),
    "settings.first_say_who": Text(
        "Een foto wacht tot gezegd is wie erop staat, als er iemand op kan staan die niet te zien mag zijn.",
        "A photo waits until it is said who is in it, while somebody could be who may not be shown.",
    ),
    "settings.cover": Text(
        "Wat van iemand wordt bedekt: het gezicht (face) of de hele persoon (figure).",
        "What is covered of somebody: the face, or the whole figure.",
    ),
    "settings.parents_word_at_16": Text(
        "Tot een leerling van 16 zelf kiest, blijft het woord van de ouders gelden (holds) of eindigt het (ends).",
        "Until a pupil of 16 chooses, the parents' word holds, or it ends.",
    ),
}
