"""What a new installation is given once: China's divisions and the national disease lists, without which nothing begins.

Only where there is no division at all. Later releases may bring newer divisions: which of them a county takes over, and
from which day, is the county's matter, not an upgrade's.
"""

from __future__ import annotations

from django.db import connection

from doudi.server.kernel import clock
from doudi.server.kernel.actor import SYSTEM
from doudi.server.kernel.cluster.running import Say
from doudi.server.kernel.scope import scoped
from doudi.server.reference.api import load_starting_data
from doudi.words import Words


def load_once(say: Say) -> int:
    """Load the starting data where there is none: the number of divisions added."""
    with scoped(SYSTEM.scope), connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM reference_region)")
        if cursor.fetchone()[0]:
            return 0
    say(Words("正在装入行政区划和病种目录", "Loading the divisions and the lists of diseases"))
    return load_starting_data(actor=SYSTEM, now=clock.now(), key=None).id
