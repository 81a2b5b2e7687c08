"""A post (bericht): several photos of a group that go to some channels, judged and asked about together.

Begin with `post`, what a post is and how answers are added to it; `answers` says what holds for one of its photos.
`verdicts` judges it: a verdict for each photo on each channel, as `policy/decide.py` gives it, and the fewest questions
that settle all of them together. `asks` is what one photo needs, and `questions` puts that of all photos together.
"""
