"""The server under a county of half a million people: how long a page takes, measured as a browser would see it."""
