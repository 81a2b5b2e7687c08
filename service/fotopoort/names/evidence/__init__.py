"""Is this word a name here? What speaks for it and against it, as ordered tables: the first row that holds decides.

Begin with `table`: what a row is made of. `given_names`, `word_names` (those that are ordinary words as well, such as
Roos and Storm) and `surnames` hold the tables. `occurrence` is what a row can ask about the text around a word, and
`titles` recognises grown-ups.
"""
