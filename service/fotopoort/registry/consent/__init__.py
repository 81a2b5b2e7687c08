"""What guardians and grown-ups have said about showing somebody, and what that comes to.

Begin with `derivation`: pure functions that derive from all statements what holds at a moment; `speakers` tells who is
the same speaker. `statements` checks what is recorded, `consent_log` records it and reads it back, `purposes` tells
which channels it counts for, and `wordings` keeps the questions that were asked. `proof` lists consents that cannot be
shown, `new_noes` finds noes that nobody recorded, `follow_ups` lists about whom the office must do something.
"""
