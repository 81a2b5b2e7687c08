"""HTTP to addresses that somebody else names: only there, only so much, only so long.

Begin with `client.GuardedClient`. `target` reads an address strictly and holds what a caller may reach (`AllowList`),
`addresses` is the table of addresses that are refused, `network` resolves, checks and connects to what was checked.
"""
