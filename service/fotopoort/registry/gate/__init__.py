"""What a CMS sent to the gate, and what it was told. Its photos are photos of posts, see `registry/posts`.

Begin with `gates`: each photo or text that was sent, once, however often that was. `renditions` has what may be out,
and `rechecks` asks to look at all of that again when something changed that a verdict could depend on.
"""
