"""What guardians and grown-ups have said about showing somebody, and what that comes to.

Begin with `derivation`: pure functions that derive from all statements what holds at a moment. `consent_log` records
`statements` and reads them back; `follow_ups` lists about whom the office must do something.
"""
