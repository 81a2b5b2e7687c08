"""Posts: what a teacher puts together before it is published. Photos come in parts, and answers can be taken back.

Begin with `posts` (making and finding one; `changing` changes it), then `photos` (how they come), `progress` (how far
each is, with the jobs in `work`) and `answers` (what is said of them, and the post as the policy takes it).
`photo_files` keeps photos and renditions encrypted, `ending` erases them when a post is finished or expires, and
`erasing` when somebody is erased or a photo is blocked. `places` says where they were published.
"""
