"""My account: signing in and out, posts, password, one-time codes, sessions, language and look."""
