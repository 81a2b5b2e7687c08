"""Pull mode: photos are fetched from websites at hosters, which cannot call in; `docs/pull.md` is the protocol.

Begin with `puller` (one website: poll, take, answer), then `messages` (what is signed and sealed; pure) and `hoster`
(the other side's routes, over `connection`). `pairing` makes the keys, `runner` has a thread for each website while the
service runs, `verdicts` is what judges the photos. What is stored of it is in `registry/pull/`.
"""
