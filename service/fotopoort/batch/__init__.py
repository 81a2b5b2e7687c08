"""Whole photo folders: resumable, on every processor core or many machines, with one report at the end.

Begin with `survey.py` (which photos must be judged) and `work.py` (judging them). `run_request.py` and `grouping.py`
hold what is asked; `eligibility.py` and `validity.py` who may be shown on a photo's day, and the key by which an
earlier result is known to be still in force. `cluster.py` is for machines that share a run, `watch.py` for folders
where photos arrive. Records are in `ledger/`, files in `storage/`, results for people in `report/`.
"""
