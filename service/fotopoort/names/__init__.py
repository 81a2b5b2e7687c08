"""Names of children in Dutch text. Pure: the standard library, `vocabulary` and RapidFuzz; no files, no pixels."""
