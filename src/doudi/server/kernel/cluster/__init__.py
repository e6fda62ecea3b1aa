"""The server's own PostgreSQL: found, made, started and stopped without anybody's help; and the examination of yours.

A *place* says where the data lies and which user of the machine runs PostgreSQL; *programs* are PostgreSQL's; `running`
holds a cluster up for as long as somebody uses it: started by the first, stopped by the last. No TCP port is open; one
enters by a Unix socket in a closed folder, and PostgreSQL asks the system who is there (`peer`), so there is no password
to lose. A superuser that only this package uses makes three roles and one database.

Who gets in: the user of the machine that runs `doudi`, and root. Where root drops to `nobody`, other programs that run as
`nobody` can reach the socket and are turned away, but they own the files as PostgreSQL does: on a machine with such
programs have a user `postgres`, or start as a user of your own.

Django is not needed here: the commands run this before it is loaded.
"""

from doudi.server.kernel.cluster.examination import Finding, examine
from doudi.server.kernel.cluster.places import Place, choose
from doudi.server.kernel.cluster.programs import Programs, choose_programs
from doudi.server.kernel.cluster.roles import AUDITOR, DATABASE, OWNER, RUNTIME, SUPERUSER
from doudi.server.kernel.cluster.running import Running, running

__all__ = [
    "AUDITOR",
    "DATABASE",
    "OWNER",
    "RUNTIME",
    "SUPERUSER",
    "Finding",
    "Place",
    "Programs",
    "Running",
    "choose",
    "choose_programs",
    "examine",
    "running",
]
