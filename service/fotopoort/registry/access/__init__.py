"""Who may do what with the registry, and how they show who they are.

Begin with `roles`: the roles, the acts and the table of which role may do which act.
`api_keys` makes, revokes and recognises the keys that carry a role over HTTP. People have `accounts`: they follow one
of the `invitations` to choose one of the `passwords`, and `login` takes them through password and `second_factor`,
slowed down by `login_guard`, to one of the `login_sessions`. `setup` makes the school's first account.
"""
