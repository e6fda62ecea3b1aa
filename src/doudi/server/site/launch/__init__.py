"""What the commands of the server do: prepare an installation, then migrate, serve, work or examine it.

`prepared` comes first in each: the folder of what is made, the secret of sessions, the database. Only then is Django
loaded, because its settings read what `prepared` put into the environment.
"""
