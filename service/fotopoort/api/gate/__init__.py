"""`/v1/gate`: a CMS asks before it publishes.

Begin with `routes`. `form` reads what is sent; `examples` is what the published contract shows.
"""
