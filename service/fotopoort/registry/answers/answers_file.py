"""A file with answers about photos, each bound to its photo by the SHA-256 of the bytes.

```json
{"photos": {"IMG_2031.jpg": {"sha256": "5e884898da28…", "group": ["groep 5"], "absent": ["p7"]}},
 "posts": [{"photos": ["5e884898da28…", "2c26b46b68ff…"], "group": ["groep 5"], "absent": ["p9"]}]}
```

The key of a photo is the SHA-256 of its bytes; or its name, with the SHA-256 inside. What stands under a name alone
only makes verdicts stricter, see `binding.tightening`: another file can have that name tomorrow. What is said of a post
holds for the photos that it names by their SHA-256. A photo's own word wins of that, and of what is said of all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import Final

from fotopoort.errors import BadAnswers, FileMissing
from fotopoort.policy.posts.answers import merge
from fotopoort.policy.posts.post import SharedAnswers
from fotopoort.registry.answers.answers import check_answers, list_of, object_of, parse_answers, read_json, refuse_faces
from fotopoort.registry.answers.binding import (
    STRANGER,
    tightened,
    tightening,
    with_listed,
    with_own_word,
    with_strangers,
)
from fotopoort.registry.photos.serialisation import Json, answers_from_json, answers_to_json
from fotopoort.vocabulary import Answers, People, Text

# What can be said of all photos of a post. What is said of a face or a place is of one photo. The id of a name tells of
# which photo it is, so that those of several can be said together.
POST_KEYS: Final = tuple(
    "photos group present only_present others absent unsure not_a_private_list listed no_unseen_people harmful"
    " not_names may_face_camera left_open crop".split()
)
SHA256: Final = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """Answers about photos.

    Attributes:
        by_sha256: what was said of exactly that photo.
        by_name: what was said of a photo by its name or path alone: it only makes verdicts stricter.
        numbers: the place in the file by key: a name is not for messages, it may hold a child's name.
        cut: the names of which something was left out, because it does not only make stricter.
        strangers: the places in the file of photos of which somebody is named who is not listed.
        posts: what was said of all photos of a post.
    """

    by_sha256: Mapping[str, Answers] = field(default_factory=dict, repr=False)
    by_name: Mapping[str, Answers] = field(default_factory=dict, repr=False)
    numbers: Mapping[str, int] = field(default_factory=dict, repr=False)
    cut: frozenset[str] = field(default=frozenset(), repr=False)
    strangers: frozenset[str] = frozenset()
    posts: tuple[SharedAnswers, ...] = field(default=(), repr=False)

    def about(self, base: Answers, people: People | None, sha256: str, *names: str) -> Answers:
        """`base` with what is said of a photo, whose own word wins.

        Args:
            base: what is said of every photo.
            people: who are listed on the day of the photo.
            names: under which it can stand in the file.
        """
        own = self.by_sha256.get(sha256, Answers())
        whole = [shared.answers for shared in self.posts if sha256 in shared.photos]
        answers = with_own_word(base, own, reduce(merge, whole, Answers()))
        for name in dict.fromkeys(names):
            answers = tightened(answers, self.by_name.get(name, Answers()))
        return with_listed(answers, people)

    def keys_of(self, sha256: str, *names: str) -> set[str]:
        """The keys under which something is said of a photo."""
        return {sha256, *names} & self.keys()

    def keys(self) -> set[str]:
        """Every key, and every photo of a post."""
        return {*self.by_sha256, *self.by_name}.union(*(shared.photos for shared in self.posts))

    def check_names(self, names: Iterable[str]) -> None:
        """Refuse a name in the file that several photos have: nobody knows of which one it was said.

        Args:
            names: one for each photo, without the folders.

        Raises:
            BadAnswers: there is one; the message numbers it.
        """
        counts = Counter(name for name in names if name in self.by_name)
        several = sorted(self.numbers.get(name, 0) for name, count in counts.items() if count > 1)
        if several:
            raise BadAnswers(
                Text(
                    nl=f"In de antwoorden: photos[{several[0]}] is de naam van meer dan één foto.",
                    en=f"In the answers, photos[{several[0]}] has a name that more than one photo has.",
                ),
                hint=BIND,
            )

    def check(self, base: Answers, people: People | None) -> None:
        """Refuse what does not go with what is said of every photo, and is not a photo's own word that wins of it.

        Raises:
            BadAnswers, UnknownPerson, UnknownGroup: the message numbers it.
        """
        photos, places = "photos[{}]", self.numbers
        checked = [(photos.format(places.get(key, 0)), with_own_word(base, one)) for key, one in self.by_sha256.items()]
        for name, one in self.by_name.items():
            own = replace(base, absent=base.absent - one.present)  # "absent, except here"
            checked.append((photos.format(places.get(name, 0)), tightened(own, one)))
        checked += [(f"posts[{number}]", merge(base, post.answers)) for number, post in enumerate(self.posts)]
        for place, answers in checked:
            check_answers(answers, people, place)

    def warning(self) -> Text | None:
        """What somebody must know of whose answers not all counts as it was said; None: all of it does."""
        warnings = [*self._about_cut(), *self._about_strangers()]
        joined = Text(" ".join(text.nl for text in warnings), " ".join(text.en for text in warnings))
        return joined if warnings else None

    def _about_cut(self) -> Iterator[Text]:
        if cut := len(self.cut):
            yield Text(
                nl=f"Bij {cut} {'foto' if cut == 1 else 'foto’s'} in de antwoorden telt alleen wat het oordeel strenger"
                f" maakt: er staat wel een naam, maar geen SHA-256. {BIND.nl}",
                en=f"Of {cut} photo{'' if cut == 1 else 's'} in the answers only what tightens counts: there is a"
                f" name and no SHA-256. {BIND.en}",
            )

    def _about_strangers(self) -> Iterator[Text]:
        if count := len(self.strangers):
            photos, one = min(self.strangers), count == 1
            yield Text(
                nl=f"Bij {count} {'foto' if one else 'foto’s'} in de antwoorden (de eerste is {photos}) staat een"
                " id dat niet op de klassenlijst staat. Misschien is het van iemand die is gewist. Wie er zo op zou"
                " staan, telt als iemand die niemand kent, en de foto wordt niet geplaatst. Haal het id uit de"
                " antwoorden, of verbeter het.",
                en=f"Of {count} photo{'' if one else 's'} in the answers (the first is {photos}) an id is not in"
                " the class list, perhaps of somebody who was erased. Who is said to be in it so counts as somebody"
                " whom nobody knows, and the photo is not published. Take the id out of the answers, or correct it.",
            )

    def to_json(self) -> Json:
        """For `from_json`, on another machine."""
        photos = {key: answers_to_json(answers) for key, answers in {**self.by_name, **self.by_sha256}.items()}
        posts = [{"photos": sorted(shared.photos), "answers": answers_to_json(shared.answers)} for shared in self.posts]
        return {"photos": photos, "posts": posts} if posts else photos

    @classmethod
    def from_json(cls, content: Json) -> AnswersFile:
        """The answers that `to_json` wrote; raises RegistryError where it did not."""
        posts = content["posts"] if isinstance(content.get("posts"), list) else []
        photos = content["photos"] if posts else content
        parsed = {key: answers_from_json(answers) for key, answers in photos.items()}
        return cls(
            by_sha256={key: answers for key, answers in parsed.items() if SHA256.fullmatch(key)},
            by_name={key: tightening(answers) for key, answers in parsed.items() if not SHA256.fullmatch(key)},
            posts=tuple(SharedAnswers(answers_from_json(post["answers"]), frozenset(post["photos"])) for post in posts),
        )


BIND: Final = Text(
    nl='Zet bij de foto ook "sha256", zoals het in de uitkomst van screen --json of in results.jsonl staat.',
    en='Put "sha256" with the photo as well, as it stands in what screen --json prints or in results.jsonl.',
)


def read_answers(path: Path, people: People | None, *, strangers: bool = False) -> AnswersFile:
    """The answers in a file.

    Args:
        strangers: whoever is not listed counts as somebody unknown, see `binding.with_strangers`. So one person who was
            erased does not end every later run over a folder.

    Raises:
        FileMissing: there is no such file.
        BadAnswers, UnknownPerson, UnknownGroup: it cannot be used; the message names the place, never a photo.
    """
    return parse_answers_file(read_json_file(path), people, strangers=strangers)


def read_json_file(path: Path) -> object:
    """What `read_json` makes of a file; raises FileMissing or BadAnswers where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileMissing(
            Text(nl="Op dat pad staat geen bestand met antwoorden.", en="There is no file with answers at that path.")
        ) from None
    except OSError:
        raise BadAnswers(
            Text(nl="De antwoorden kunnen niet worden gelezen.", en="The answers cannot be read."),
            hint=Text(nl="Noem een JSON-bestand dat je mag lezen.", en="Name a JSON file that you may read."),
        ) from None
    except UnicodeDecodeError:
        raise BadAnswers(
            Text(nl="De antwoorden zijn geen JSON in UTF-8.", en="The answers are not JSON in UTF-8."),
            hint=Text(nl="Sla het bestand op als UTF-8.", en="Save the file as UTF-8."),
        ) from None
    return read_json(text)


def parse_answers_file(content: object, people: People | None, *, strangers: bool = False) -> AnswersFile:
    """The answers in JSON that `read_json` read. Arguments as for `read_answers`.

    Raises:
        BadAnswers, UnknownPerson, UnknownGroup: they cannot be used.
    """
    file = object_of(content, Text(nl="het bestand", en="the file"), ("photos", "posts"))
    photos = object_of(file.get("photos", {} if "posts" in file else None), "photos")
    by_sha256: dict[str, Answers] = {}
    by_name: dict[str, Answers] = {}
    numbers: dict[str, int] = {}
    cut: set[str] = set()
    of_strangers: set[str] = set()
    for number, (key, about) in enumerate(photos.items()):
        place = f"photos[{number}]"  # numbered, not named: a file name may hold a child's name
        fields = dict(object_of(about, place))
        sha256 = _sha256(key, fields, place)
        answers, has_strangers = _parsed(fields, people, place, strangers=strangers)
        of_strangers |= {place} if has_strangers else set()
        numbers[sha256 or key] = number
        if sha256 is None:
            by_name[key] = tightening(answers)
            cut |= {key} if replace(by_name[key], unbound=frozenset()) != answers else set()
        elif sha256 in by_sha256:
            raise BadAnswers(
                Text(
                    nl=f"In de antwoorden: {place} gaat over een foto die er al in staat.",
                    en=f"In the answers, {place} is about a photo that is there already.",
                ),
                hint=Text(nl="Voeg de twee samen.", en="Make one of the two."),
            )
        else:
            by_sha256[sha256] = answers
    posts: list[SharedAnswers] = []
    for number, about in enumerate(list_of(file, "posts", "posts")):
        place = f"posts[{number}]"
        fields = dict(object_of(about, place, POST_KEYS))
        of = frozenset(_post_photo(photo, f"{place}.photos") for photo in list_of(fields, "photos", place))
        fields.pop("photos", None)
        answers, has_strangers = _parsed(fields, people, place, strangers=strangers)
        of_strangers |= {place} if has_strangers else set()
        posts.append(SharedAnswers(refuse_faces(answers, place), of))
    return AnswersFile(by_sha256, by_name, numbers, frozenset(cut), frozenset(of_strangers), tuple(posts))


def _parsed(fields: dict[str, object], people: People | None, place: str, *, strangers: bool) -> tuple[Answers, bool]:
    """The answers in an object, and whether somebody is named in it who is not listed, see `read_answers`."""
    if not strangers:
        return parse_answers(fields, people, place), False
    parsed = parse_answers(fields, None, place)
    answers = with_strangers(parsed, people)
    unknown = frozenset(person for person in answers.present if person.startswith(STRANGER))
    checked = check_answers(replace(answers, present=answers.present - unknown), people, place)
    return replace(checked, present=checked.present | unknown), answers != parsed


def _post_photo(content: object, place: str) -> str:
    if not isinstance(content, str) or not SHA256.fullmatch(content):
        raise _no_sha256(place)
    return content.lower()


def _sha256(key: str, fields: dict[str, object], place: str) -> str | None:
    """The photo that something was said of, by its key or by what stands inside, which is taken out."""
    inside = fields.pop("sha256", None)
    if inside is not None and not (isinstance(inside, str) and SHA256.fullmatch(inside)):
        raise _no_sha256(f"{place}.sha256")
    outside = key.lower() if SHA256.fullmatch(key) else None
    given = inside.lower() if isinstance(inside, str) else None
    if outside and given and outside != given:
        raise BadAnswers(
            Text(
                nl=f"In de antwoorden: {place}.sha256 is anders dan de sleutel.",
                en=f"In the answers, {place}.sha256 is another than the key.",
            ),
            hint=Text(nl="Laat een van de twee weg.", en="Leave one of the two out."),
        )
    return outside or given


def _no_sha256(place: str) -> BadAnswers:
    return BadAnswers(
        Text(
            nl=f"In de antwoorden: {place} moet 64 tekens van 0 tot en met f zijn.",
            en=f"In the answers, {place} must be 64 characters of 0 to f.",
        ),
        hint=BIND,
    )
