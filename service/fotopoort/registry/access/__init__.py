"""Who may do what with the registry.

Begin with `roles`: the roles, the acts and the table of which role may do which act. `api_keys` makes, revokes and
recognises the keys that carry a role over HTTP.
"""
