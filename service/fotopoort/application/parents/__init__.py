"""What parents can ask of the school about photos.

Begin with `own_child`: the copy of a photo in which everybody but their own child is covered. The office asks for it on
their behalf, and the audit log tells of it.
"""
