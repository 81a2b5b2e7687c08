"""What whoever looks after the machine needs: is all well, what is it doing, and what must be done about it.

Begin with `doctor/`, which checks what can be wrong with an installation, for `fotopoort doctor`. `readiness` tells
whether this program can do its work now, and `metrics/` what it did and what waits, for Prometheus.
"""
