"""`doudi warmup`: compiles what batches of the policies will need, so that the first one does not wait."""

from __future__ import annotations

from argparse import Namespace

from doudi.cli.arguments import EXIT_OK
from doudi.cli.batch import need_extra
from doudi.cli.screen import Screen
from doudi.engine.settle import Settler
from doudi.policy.library import Library


def run(options: Namespace, screen: Screen) -> int:
    """Compile the kernels of some policies, or of all."""
    need_extra(screen, "batch", ("numba", "numpy", "pyarrow"))
    from doudi.engine.batch.kernels import cache_folder
    from doudi.engine.batch.warmup import warm

    library = Library(options.policies)
    ids = options.ids or [summary.id for summary in library.summaries() if not summary.abstract]
    count = 0
    for number, policy_id in enumerate(ids, start=1):
        screen.progress(f"{number}/{len(ids)} {policy_id}")
        count += warm(Settler(library.load(policy_id)))
    screen.progress("")
    folder = cache_folder()
    if screen.as_json:
        screen.json({"policies": len(ids), "kernels": count, "folder": str(folder)})
    else:
        screen.line(
            screen.w(
                f"{len(ids)} 个政策，{count} 个内核，存在 {folder}",
                f"{len(ids)} policies, {count} kernels in {folder}",
            )
        )
    return EXIT_OK
