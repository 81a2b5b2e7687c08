"""`fotopoort screen`: photos on the command line are judged as one post.

`command.py` is the command. `run.py` takes photos through the service, which `demo` does too, and opens that service
for every command that judges. `post.py` shows what to ask about all photos together.
"""
