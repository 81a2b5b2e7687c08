"""What of a folder is looked at: one rule for every door, and for disks and buckets alike.

Begin with `sorting.py`: which files are taken because they are photos, or may be, and so must be told of. The folders
that a NAS, a computer or a program keeps for itself are in `system_folders.py`. `passed_over.py` counts the rest.
"""
