"""Webhooks over HTTP: `/v1/hooks/in/…`, where sources tell of photos by signed messages.

Begin with `incoming`. What is done with a message is the room `webhooks`.
"""
