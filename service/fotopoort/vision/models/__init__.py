"""The models: what they are, where their files come from, and what runs them.

Begin with `catalogue`, which finds a model's file and checks it. `manifest` reads the list of models, `fetch` downloads
a file, `runtime` compiles it and runs it on pictures.
"""
