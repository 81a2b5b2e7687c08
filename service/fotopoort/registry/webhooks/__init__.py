"""Who outside is told what happened.

Begin with `announcements`: it writes that down in the transaction of what it tells.
"""
