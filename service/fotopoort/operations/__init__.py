"""What whoever looks after the machine needs: is all well, what is it doing, and what must be done about it.

Begin with `doctor/`, which checks what can be wrong with an installation, for `fotopoort doctor`. `metrics/` is what
this program did and what waits, for Prometheus; `deliveries` counts what was to be told to others.
"""
