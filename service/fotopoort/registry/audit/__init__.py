"""The audit log, in which every row holds the hash of the row before it, so that tampering shows.

Begin with `chain` (how rows are written and hashed). `verification` computes every hash again and names the first row
that does not fit; `checkpoints` signs how far the log went on a day, which shows a log that was cut off or rewritten.
"""
