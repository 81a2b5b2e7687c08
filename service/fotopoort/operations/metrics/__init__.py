"""What this program did and what waits, as Prometheus reads it.

Begin with `metrics`: what is counted here as it happens. `snapshot` has what is looked up when somebody reads it: in
the database, in the pool, in memory. `access` says who may read.
"""
