"""What people and programs get to see of a run: a page, a table, and a line of JSON for each photo.

Begin with `html_report.py`, which writes the page (its markup, style and script are in `templates/`, its words in
`texts.py`). `questions.py` puts what is asked about many photos as one question, `bursts.py` proposes one of the photos
of a moment, `page_data.py` has what the page gets of these, `thumbnails.py` keeps the small pictures. `results.py`
writes results.jsonl and results.csv.
"""
