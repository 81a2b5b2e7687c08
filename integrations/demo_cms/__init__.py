"""`make demo-cms`: a website asks before it publishes, hears of answers, and takes down what may stay no longer.

All of it is real. `__main__.py` has the steps, `school.py` the service with a made-up school in a folder that is gone
afterwards, `receiver.py` the website's side of webhooks, and `in_wordpress.py` the same in a WordPress.
"""
