"""Whom the service tells of what happens, and who tells it of photos. The room `webhooks` signs, sends and fetches.

Begin with `announcements.announce`: it writes what is to be told in the caller's transaction. `endpoints` are those who
are told, `deliveries` what becomes of each message, `sources` those who tell the service, `incoming` what they told.
`sealed_keys` keeps the keys of both; `holding` holds back what waits for a website that does not answer.
"""
