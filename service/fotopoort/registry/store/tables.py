"""Every table of the registry, in one file. A change takes a migration in `migrations/versions`; a test compares them.

Each table has the tenant (the school) in its key, because one database may serve a board with many schools. Inside the
database a person is a `ref`, a random text that means nothing elsewhere. The audit log refers to people by it alone, so
that an erased person is gone from the log too.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from fotopoort.registry.store.column_types import FreeText, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _tenant() -> Column[str]:
    return Column("tenant", ForeignKey("tenant.id"), primary_key=True)


def _of_person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", "person"], ["person.tenant", "person.ref"], ondelete="CASCADE")


tenant = Table(
    "tenant",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", FreeText, nullable=False),
    Column("time_zone", String(60), nullable=False),  # consents begin and end at midnight there
    Column("revision", Integer, nullable=False),  # goes up with every change that a verdict could depend on
)

# --- people and consents ---------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    _tenant(),
    Column("ref", String(32), primary_key=True),
    Column("id", String(80), nullable=False),  # the school's own, such as a pupil number
    Column("name", FreeText, nullable=False),  # as it is used, such as "Noor van den Berg"
    Column("call_name", FreeText, nullable=False),
    Column("given_names", FreeText, nullable=False),
    Column("prefix", FreeText, nullable=False),  # "van den"
    Column("surname", FreeText, nullable=False),
    Column("nicknames", JSON, nullable=False),
    Column("role", String(10), nullable=False),
    Column("own_from", Date),  # the 16th birthday, from which their own statements count
    Column("leaves", Date),  # the last day at school
    Column("leaves_recorded", Moment),  # when that was written down; null: not kept yet
    Column("had_left", JSON(none_as_null=True)),  # of who came back: from when they had left, which ended consents
    Column("never_locatable", Boolean, nullable=False),
    Column("informed", Date),  # the day on which a pupil was told that they decide from their 16th birthday on
    Column("added", Moment, nullable=False),
    Column("salt", String(32)),  # new with every change: of the digest of `never_locatable` in the audit log
    UniqueConstraint("tenant", "id"),
)

membership = Table(  # rows end and are not deleted: who was in a group at any time of a year can be in its photos
    "membership",
    metadata,
    _tenant(),
    Column("person", String(32), primary_key=True),
    Column("school_year", Integer, primary_key=True),  # the year it begins in
    Column("group", String(80), primary_key=True),
    Column("since", Date),  # the day it was recorded; null: not known
    Column("until", Date),  # the day it ended; null: it has not
    _of_person(),
    Index(None, "tenant", "school_year", "group"),
)

former = Table(  # how many people of a group were erased: somebody whom no row tells of may still be in its photos
    "former",
    metadata,
    _tenant(),
    Column("school_year", Integer, primary_key=True),  # of `group` "": the last one in which they were at school
    Column("group", String(80), primary_key=True),  # "": the school as a whole
    Column("persons", Integer, nullable=False),
    Column("never_locatable", Integer, nullable=False),
)

former_consent = Table(  # and what held for them when they were erased
    "former_consent",
    metadata,
    _tenant(),
    Column("school_year", Integer, primary_key=True),
    Column("group", String(80), primary_key=True),
    Column("purpose", String(40), primary_key=True),  # a channel, or what consent is asked for
    Column("refused", Integer, nullable=False),
    Column("silent", Integer, nullable=False),
    Column("granted", Integer, nullable=False),
    ForeignKeyConstraint(
        ["tenant", "school_year", "group"], ["former.tenant", "former.school_year", "former.group"], ondelete="CASCADE"
    ),
)

consent = Table(  # rows are only added; erasing a person takes theirs away
    "consent",
    metadata,
    _tenant(),
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("purpose", String(40), nullable=False),  # a channel or a purpose; "biometric_matching" is no longer used
    Column("word", String(10), nullable=False),
    Column("speaker", FreeText, nullable=False),
    Column("capacity", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Column("verified", FreeText, nullable=False),
    Column("wording", FreeText, nullable=False),
    Column("evidence", FreeText, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("recorded", Moment, nullable=False),
    Column("to_confirm", Boolean, nullable=False),  # by a teacher: it holds at once, and the office looks at it
    Column("undoes", String(32)),  # the no that the same guardian takes back with this
    Column("asked_for", String(40)),  # the purpose that the channel had then; null: called as the channel, or not kept
    Column("wording_sha256", String(64)),  # the question that was answered, word for word: a row of `wording`
    Column("purposes_then", JSON(none_as_null=True)),  # of every channel, when it was recorded; null: not kept yet
    _of_person(),
    Index(None, "tenant", "person", "purpose"),
)

wording = Table(  # the questions that were answered, word for word; rows are only added
    "wording",
    metadata,
    _tenant(),
    Column("sha256", String(64), primary_key=True),  # of all that follows but the last, see school_file.py
    Column("purpose", String(40), nullable=False),
    Column("version", FreeText, nullable=False),
    Column("channels", JSON, nullable=False),
    Column("nl", FreeText, nullable=False),
    Column("en", FreeText, nullable=False),
    Column("since", Moment, nullable=False),  # when the first answer to it was recorded
)

confirmation = Table(
    "confirmation",
    metadata,
    _tenant(),
    Column("consent", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    ForeignKeyConstraint(["tenant", "consent"], ["consent.tenant", "consent.id"], ondelete="CASCADE"),
)

noes_seen = Table(  # who could not be shown when it was last looked, see consent/new_noes.py
    "noes_seen",
    metadata,
    _tenant(),
    Column("at", Moment, nullable=False),
    Column("noes", JSON, nullable=False),  # refs and channels
)

setting = Table(  # rows are only added; the newest row of a key is in force
    "setting",
    metadata,
    _tenant(),
    Column("key", String(60), primary_key=True),  # "basis.website", "retention.verdict"
    Column("since", Moment, primary_key=True),
    Column("value", FreeText, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("reason", FreeText, nullable=False),
)

key = Table(
    "key",
    metadata,
    _tenant(),
    Column("id", String(16), primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of 256 random bits
    Column("role", String(20), nullable=False),
    Column("groups", JSON, nullable=False),  # a teacher's own
    Column("label", FreeText, nullable=False),
    Column("made", Moment, nullable=False),
    Column("revoked", Moment),
)

# --- photos: hashes and findings, never pixels -----------------------------------------------------------

screening = Table(
    "screening",
    metadata,
    _tenant(),
    Column("id", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("likeness", Text, nullable=False),  # perceptual hash, see photo/perceptual_hash.py
    Column("at", Moment, nullable=False),
    Column("taken", Date),  # the day of the photo, where it is known
    Column("years", JSON),  # the school years it can be of; []: any; null: it was recorded before these were
    Column("actor", String(40), nullable=False),
    Column("findings", JSON, nullable=False),
    Column("request", JSON, nullable=False),
    # Digest of the names that were searched for; "": there was nothing to search in; null: it was not kept yet.
    Column("names_searched", String(64)),
    Column("held_until", Moment),  # the encrypted original is kept until then; null: it is not kept
    Index(None, "tenant", "sha256"),
    Index(None, "tenant", "at"),
)

answer = Table(
    "answer",
    metadata,
    _tenant(),
    Column("screening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),  # 0: the answers that came with the photo
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("sha256", String(64), nullable=False, server_default=""),  # of the photo
    Column("kind", String(10), nullable=False, server_default="answer"),  # or "retraction", of the answer `retracts`
    Column("retracts", Integer),
    ForeignKeyConstraint(["tenant", "screening"], ["screening.tenant", "screening.id"], ondelete="CASCADE"),
    Index(None, "tenant", "sha256"),
)

override = Table(
    "override",
    metadata,
    _tenant(),
    Column("screening", String(32), primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("rule", String(10), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("reason", FreeText, nullable=False),
    ForeignKeyConstraint(["tenant", "screening"], ["screening.tenant", "screening.id"], ondelete="CASCADE"),
)

verdict = Table(
    "verdict",
    metadata,
    _tenant(),
    Column("screening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),  # of the last answer that was taken into account
    Column("channel", String(40), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("basis", String(10), nullable=False),
    Column("policy", Text, nullable=False),
    Column("registry", Text),
    Column("rules", JSON, nullable=False),
    Column("rendition", String(64)),  # SHA-256 of the file that may go out
    Column("place", FreeText, nullable=False),  # where the caller said that it would appear
    Column("groups", JSON, nullable=False),  # whose members the faces that nobody identified could be
    Column("by_group", Boolean, nullable=False),  # a face is shown because everyone in the groups may be
    ForeignKeyConstraint(["tenant", "screening"], ["screening.tenant", "screening.id"], ondelete="CASCADE"),
)

shown = Table(  # who can be seen, according to the teacher, in a rendition that may be published
    "shown",
    metadata,
    _tenant(),
    Column("screening", String(32), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("certain", Boolean, nullable=False, server_default=true()),  # False: only a part went out; they may be in it
    ForeignKeyConstraint(
        ["tenant", "screening", "number", "channel"],
        ["verdict.tenant", "verdict.screening", "verdict.number", "verdict.channel"],
        ondelete="CASCADE",
    ),
    _of_person(),
    Index(None, "tenant", "person"),
)

takedown = Table(
    "takedown",
    metadata,
    _tenant(),
    Column("id", String(32), primary_key=True),
    Column("person", String(32), nullable=False),  # no foreign key: the task outlives the person; "": nobody's
    Column("consent", String(32), nullable=False),  # the statement that requires it; "": another cause
    Column("cause", String(20), nullable=False, server_default="consent"),  # or "erasure", "block"
    Column("channel", String(40), nullable=False),
    Column("photo", String(64), nullable=False),  # SHA-256
    Column("rendition", String(64)),
    Column("place", FreeText, nullable=False),
    Column("certain", Boolean, nullable=False),  # False: they may be in the group that is shown
    Column("at", Moment, nullable=False),
    Column("due", Date, nullable=False),
    Column("done", Moment),
    Column("done_by", String(40)),
    Index(None, "tenant", "due"),
)

block = Table(
    "block",
    metadata,
    _tenant(),
    Column("id", String(32), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("likenesses", JSON, nullable=False),  # empty: only this very file is recognised
    Column("reason", FreeText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("lifted", Moment),
    Column("lifted_by", String(40)),
    Column("lift_reason", FreeText),
    Index(None, "tenant", "sha256"),
)

# --- the audit log ---------------------------------------------------------------------------------------

audit = Table(  # rows are only added; see audit/chain.py
    "audit",
    metadata,
    _tenant(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3, … for each tenant
    Column("at", String(27), nullable=False),  # as text, because that is what is hashed
    Column("kind", String(40), nullable=False),
    Column("actor", String(40), nullable=False),
    Column("photo", String(64)),  # SHA-256
    Column("person", String(32)),  # a ref; no foreign key, because rows outlive the people they are about
    Column("detail", Text, nullable=False),  # canonical JSON; ids and hashes only
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "tenant", "photo"),
    Index(None, "tenant", "person"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("tenant", ForeignKey("tenant.id"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
