"""Every table of the registry. A change takes a migration in `migrations/versions`; a test compares them.

Begin with `persons` and `consents`; `photos` has what was decided, `gates` what a CMS sent, `webhooks` who is told, who
tells and from which websites photos are fetched, `audit_log` what is kept of it all, `jobs` what waits, `schools`
settings and keys, `accounts` who logs in, `base` what all share. Other rooms import tables from here.

Each table has the tenant (the school) in its key: one database may serve a board with many schools. Inside it a person
is a `ref`, a random text. The audit log refers to people by it alone: an erased person is gone from the log too.
"""

from fotopoort.registry.store.tables.accounts import account, invitation, login_session, recovery_code
from fotopoort.registry.store.tables.audit_log import audit, audit_head
from fotopoort.registry.store.tables.base import metadata
from fotopoort.registry.store.tables.consents import confirmation, consent, noes_seen, wording
from fotopoort.registry.store.tables.gates import gate, gate_key, gate_rendition
from fotopoort.registry.store.tables.jobs import job
from fotopoort.registry.store.tables.persons import former, former_consent, membership, person
from fotopoort.registry.store.tables.photos import answer, block, override, screening, shown, takedown, verdict
from fotopoort.registry.store.tables.posts import post, post_answer, post_photo
from fotopoort.registry.store.tables.schools import key, setting, tenant
from fotopoort.registry.store.tables.webhooks import (
    pull_pairing,
    pull_photo,
    webhook_delivery,
    webhook_endpoint,
    webhook_incoming,
    webhook_source,
)

__all__ = [
    "account",
    "answer",
    "audit",
    "audit_head",
    "block",
    "confirmation",
    "consent",
    "former",
    "former_consent",
    "gate",
    "gate_key",
    "gate_rendition",
    "invitation",
    "job",
    "key",
    "login_session",
    "membership",
    "metadata",
    "noes_seen",
    "override",
    "person",
    "post",
    "post_answer",
    "post_photo",
    "pull_pairing",
    "pull_photo",
    "recovery_code",
    "screening",
    "setting",
    "shown",
    "takedown",
    "tenant",
    "verdict",
    "webhook_delivery",
    "webhook_endpoint",
    "webhook_incoming",
    "webhook_source",
    "wording",
]
