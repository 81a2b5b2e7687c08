"""`/v1/registry` and `/v1/blocks`: the registry over HTTP, each key within its role."""
