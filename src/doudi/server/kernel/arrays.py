"""Many values as one parameter: the text of a PostgreSQL array.

The driver writes a Python list value by value, which for a hundred thousand values costs more than the query. One joined
text costs a twentieth. Cast it where it is used: `%s::bigint[]`; bytes are cast `%s::bytea[]`.
"""

from __future__ import annotations

from collections.abc import Iterable

from doudi.server.kernel.errors import invariant


def array(values: Iterable[int | str | bytes]) -> str:
    """The text of an array of whole numbers, of texts or of bytes; not mixed, no nulls."""
    held = list(values)
    if not held:
        return "{}"
    kinds = {type(value) for value in held}
    invariant(len(kinds) == 1, "arrays.mixed")
    if kinds == {int}:
        return "{" + ",".join(map(str, held)) + "}"
    if kinds == {bytes}:
        return '{"\\\\x' + '","\\\\x'.join(value.hex() for value in held if isinstance(value, bytes)) + '"}'
    invariant(kinds <= {str}, "arrays.kind_unknown")
    return '{"' + '","'.join(map(_escaped, map(str, held))) + '"}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"') if "\\" in text or '"' in text else text
