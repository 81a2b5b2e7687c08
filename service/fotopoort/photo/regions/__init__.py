"""Who a file says is in the picture, and where. It is never believed: it leads to questions, and to a second look.

Begin with `dialects.read`, what the programs' ways of writing come to (`rdf` reads the XML), and then `places.placed`,
where that is in the upright photo. Nothing here knows whose a name is.
"""
