"""The commands for whole folders: `fotopoort batch`, `fotopoort watch` and `fotopoort worker`.

Begin with `folder_run.py`: everything that a run over a folder takes, opened from the `FolderOptions` (`options.py`)
that the command line made. `batch.py`, `watch.py` and `worker.py` are the commands; `progress.py` shows on a terminal
how far a run is.
"""
