"""Children's names in Dutch text. Pure: the standard library, `vocabulary` and RapidFuzz; no files, no pixels.

Begin with `name_list`: a class list that can be searched (`NameList.find`). `tokens` splits a text into words, `forms`
says how a name can be written, `index` looks those forms up, `matching` walks a text with it, and `evidence/` decides
whether what is `found` is a name, by the words around it (`lexicon`) and the names beside it (`neighbours`).
`spelling/` and `misread` find names that are spelt otherwise or read wrongly from a picture. `places` searches wherever
a name can stand: caption, file name, metadata, picture. `cleaning` writes a text without the names in it.
"""
