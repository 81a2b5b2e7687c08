"""Names that are not written as the list has them, and are those names all the same.

Begin with `unusual`: what may be a name at one word of a text. `variants` holds the ways to spell a first name (Sofie
and Sophie), `stretched` what is drawn out or spelled (Nooooor, S e m), `joined` what is run together (semennoor), and
`handles` where handles, hashtags and addresses stand, in which no sentence is written.
"""
