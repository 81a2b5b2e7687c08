"""What people are told: which of a rule's sentences is true of a verdict, and the whole policy as a page.

Begin with `wording`: every reason gets its sentence there once the outcome is known, and what is asked or told of a
whole photo or post stands there too. `show` prints the table of rules and the numbers for parents.
"""
