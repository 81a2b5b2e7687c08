"""Whole photo folders: resumable, on every processor core, with one report at the end."""
