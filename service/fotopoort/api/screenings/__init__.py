"""`/v1/screenings`: photos in; verdicts and renditions out.

Begin with `routes.py`. `form.py` reads the multipart form of a request, by `form_fields.py`, as the gate does;
`rendition_cache.py` keeps documents and renditions for a while, so that they can be fetched after the answer.
"""
