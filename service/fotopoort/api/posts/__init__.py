"""`/v1/posts`: what a teacher puts together before it is published.

Begin with `routes`: a post itself and what is said of it. `photos` takes its photos in and shows them, `archive` gives
away what may go out, and `events` tells whoever looks at a post that it changed. All of it within `transactions`.
"""
