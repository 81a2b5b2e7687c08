"""Durable work in the registry's database: what must happen later, once, whoever is stopped meanwhile.

Begin with `registry/outbox.py` (a job is written in the transaction of what it tells; what tells stands in that room),
then `queue` (who does it: leases with tokens) and `handlers` (what a kind of job does). `runner` works them off,
`execution` does one of them, `retry` says when one that failed is tried again, `job` is one, `overview` lists them and
has dead ones tried again, `superseding` finishes those that another one did, `worker_id` tells which program has one,
and `maintenance` is the daily maintenance as jobs.
"""
