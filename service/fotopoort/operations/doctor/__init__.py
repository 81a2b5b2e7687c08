"""Looks for whatever can be wrong with an installation, and says what to do about it.

Begin with `examination`, which has the checks in order. Each is a function that yields a `finding`: of the `machine`
with its libraries and models, of `files` and their permissions, of the `settings`, of the `database`, and of the
`network`: the port, the certificate, proxies. None of them changes anything.
"""
