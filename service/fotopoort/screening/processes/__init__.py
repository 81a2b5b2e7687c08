"""Processes that screen: a photo that crashes a decoder or takes too long costs that photo, never the program.

Begin with `pool`, which the front doors call. Each of its threads has a `slot`: one `process`, put anew where need be.
`pace` says how many photos are looked at at once on a busy machine. A process begins in `entry`, `worker` is what runs
inside it, and `messages` is what it answers.
"""
