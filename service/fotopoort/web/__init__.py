"""The pages on which people log in and manage accounts: HTML that works without JavaScript.

Begin with `site`: what all pages share, and how one is made; the pages themselves are in `routes`, their texts in
`texts`. `sessions` finds out who is logged in, for the pages and for the API alike; `same_origin` refuses what another
site had a browser send; `language` chooses between Dutch and English.
"""
