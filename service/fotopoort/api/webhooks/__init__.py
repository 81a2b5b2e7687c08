"""Webhooks over HTTP: `/v1/hooks/in/…`, where sources tell of photos, and `/v1/webhooks`, who is told of what happens.

Begin with `incoming`; `endpoints` is for the privacy officer. What is done with a message is the room `webhooks`.
"""
