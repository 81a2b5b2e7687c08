"""What the columns of a class list are called, as schools and the programs of their administration call them.

Begin with `reader`, which understands one list. `consents` finds the channel or purpose that a title speaks of;
`administration` knows what else such a program exports, that no verdict needs.
"""
