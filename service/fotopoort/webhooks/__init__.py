"""Webhooks by the Standard Webhooks specification: told to others, and taken from others.

Begin with `signatures` (who signed what: pure) and `outbound` (the HTTP client that cannot be led elsewhere).
`delivery` is the job that tells an endpoint what was announced; whom to tell stands in `registry/webhooks`. `incoming`
takes what others tell, and has a job get the photo of it; `backoff` says when a website that hangs is tried again.
"""
