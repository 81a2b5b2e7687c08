"""Webhooks: whom the service tells, what, and what others told it; see the room `webhooks`."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKeyConstraint, Index, Integer, String, Table

from fotopoort.registry.store.column_types import FreeText, Moment
from fotopoort.registry.store.tables.base import metadata, tenant_key


def _of_job() -> ForeignKeyConstraint:
    """Kept as long as the job, which has the same id."""
    return ForeignKeyConstraint(["tenant", "id"], ["job.tenant", "job.id"], ondelete="CASCADE")


webhook_endpoint = Table(  # an address that is told of what happens
    "webhook_endpoint",
    metadata,
    tenant_key(),
    Column("id", String(16), primary_key=True),
    Column("url", FreeText, nullable=False),
    Column("keys", FreeText, nullable=False),  # it is signed with, a line each; encrypted, in Base64
    Column("public_key", String(60)),  # of the first of them; none where that is a shared secret
    Column("events", JSON, nullable=False),  # the types that it is told of
    Column("networks", JSON, nullable=False),  # that its addresses must lie in; none: any public one
    Column("made", Moment, nullable=False),
    Column("disabled", Moment),
    Column("reason", String(40)),  # a code: why it was disabled
    Column("paused_until", Moment),  # it asked not to be told before, or did not answer
)

webhook_delivery = Table(  # one message to one endpoint; its state is that of the job
    "webhook_delivery",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),  # of the job
    Column("endpoint", String(16), nullable=False),
    Column("message", String(40), nullable=False),  # its id, the same at every attempt and endpoint
    Column("type", String(40), nullable=False),
    Column("body", FreeText, nullable=False),  # ids, hashes and addresses only
    Column("status", Integer),  # with which it was taken
    _of_job(),
    ForeignKeyConstraint(
        ["tenant", "endpoint"], ["webhook_endpoint.tenant", "webhook_endpoint.id"], ondelete="CASCADE"
    ),
    Index(None, "tenant", "endpoint"),
)

webhook_source = Table(  # somebody who tells us of photos
    "webhook_source",
    metadata,
    tenant_key(),
    Column("id", String(16), primary_key=True),
    Column("label", FreeText, nullable=False),
    Column("key", String(16), nullable=False),  # the API key on whose behalf it tells
    Column("keys", FreeText, nullable=False),  # it signs with one of them, a line each; encrypted, in Base64
    Column("hosts", JSON, nullable=False),  # from which its photos may be fetched
    Column("networks", JSON, nullable=False),  # that those must lie in; none: any public one
    Column("made", Moment, nullable=False),
    Column("revoked", Moment),
    ForeignKeyConstraint(["tenant", "key"], ["key.tenant", "key.id"], ondelete="CASCADE"),
)

webhook_incoming = Table(  # a photo that somebody told us of; its state is that of the job
    "webhook_incoming",
    metadata,
    tenant_key(),
    Column("id", String(32), primary_key=True),  # of the job
    Column("source", String(16), nullable=False),
    Column("request", FreeText),  # what was told, encrypted, in Base64; erased when it was done
    Column("result", String(64)),  # the id of what was made of it
    _of_job(),
    ForeignKeyConstraint(["tenant", "source"], ["webhook_source.tenant", "webhook_source.id"], ondelete="CASCADE"),
)

# --- websites whose photos are fetched; see the room `pull` ---

pull_pairing = Table(
    "pull_pairing",
    metadata,
    tenant_key(),
    Column("id", String(16), primary_key=True),  # of our public key's hash
    Column("address", FreeText, nullable=False),  # of the website's routes
    Column("secret", String(200), nullable=False),  # our private keys, encrypted, in Base64
    Column("sequence", BigInteger, nullable=False),  # of the last message to it
    Column("worker", String(80)),  # who polls it; none: nobody
    Column("until", Moment),  # when that ends
    Column("made", Moment, nullable=False),
    Column("reached", Moment),  # when it answered last
    Column("error", String(80)),  # the code of what went wrong since
)

pull_photo = Table(
    "pull_photo",
    metadata,
    tenant_key(),
    Column("pairing", String(16), primary_key=True),
    Column("id", String(64), primary_key=True),  # the website's own
    Column("sealed", String(64), nullable=False),  # SHA-256 of the file as it was fetched
    Column("original", String(64)),  # SHA-256 of the photo; none: it was a text, or could not be opened
    Column("ticket", String(80)),  # by which its verdict is asked for; none: it could not be judged
    Column("refusal", String(80)),  # the code of why
    Column("sent", String(64)),  # SHA-256 of the verdict that the website has; none: it has none yet
    Column("rendition", String(64)),  # SHA-256 of the rendition that the website has and may show
    Column("changed", Integer, nullable=False),  # what the website is to be told of; 0: of nothing
    Column("made", Moment, nullable=False),
    ForeignKeyConstraint(["tenant", "pairing"], ["pull_pairing.tenant", "pull_pairing.id"], ondelete="CASCADE"),
    Index(None, "tenant", "ticket"),
    Index(None, "tenant", "pairing", "changed"),
)
