"""Websites whose photos are fetched (pull mode), and what was said of each photo.

Begin with `pairings` (an address, our keys, who polls it now), then `photos` (each with its ticket and what was last
sent of it). What is sent and fetched is in the room `pull`.
"""
