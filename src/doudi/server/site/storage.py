"""How static files are kept: hashed names, so that browsers may keep them for ever, and compressed once.

gzip alone: brotli at its best takes half a minute of a processor for what a local network does not notice. The maps that
only developers of other projects' scripts need are neither gathered nor looked for.
"""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

MAP = "sourceMappingURL"
NOT_SERVED = ["*.map", "redoc*"]


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed, compressed, without source maps."""

    patterns = tuple(
        (glob, tuple(rule for rule in rules if MAP not in str(rule)))
        for glob, rules in CompressedManifestStaticFilesStorage.patterns
    )

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """Whitenoise's, with gzip alone."""
        return Compressor(**kwargs | {"use_brotli": False})
