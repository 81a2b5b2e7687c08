"""The gate: a CMS sends a photo or a text, and hears whether it may be published; nothing about anybody in it.

It stands on posts: a photo that is sent is one of a post, which people at school answer about on the page that they
have. Begin with `service` (what is sent, and what is told). `states` says what holds now of what was sent,
`visibility` whether what is out still does, and `notices` tells a CMS when that changes.
"""
