"""The teacher's page, as the browser gets it: modules of JavaScript, which import each other by name.

Begin with `app.js` (begin a post, or go on with one), then `post.js` (a post as a whole), `store.js` (the post as the
server has it, and every change of it) and `upload.js` (photos on their way). `faces.js` and `photo.js` show faces and
one photo from near by, `api.js` speaks to the server, `lit.js` is the library Lit 3.3.3 as one file (see
`lit.LICENSE`), and `texts` is what the page says.
"""
