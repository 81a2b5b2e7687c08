"""Several photos that were sent together, as a post: what to ask about all of them.

Begin with `given.py`: it makes a post of what was given for each photo, and the document about it. What a post is and
how it is asked about stands in `policy/posts/`. `bursts.py` finds the photos of one moment, for the report of a folder
too.
"""
