"""The kinds of file that other apps know, by name."""

from __future__ import annotations

from doudi.server.imports.data import Kind
from doudi.server.imports.errors import unknown_kind
from doudi.server.kernel.actor import Actor

_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known; a name has one kind. Registering the same class again is harmless."""
    known = _KINDS.get(kind.name)
    if known is not None and type(known) is not type(kind):
        raise ValueError(f"two kinds of import are called {kind.name}")
    names = [column.name for column in kind.columns]
    if len(names) != len(set(names)):
        raise ValueError(f"{kind.name} names a column twice")
    _KINDS[kind.name] = kind


def kind_of(name: str) -> Kind:
    """The kind, or `unknown_kind`."""
    if name not in _KINDS:
        raise unknown_kind(name)
    return _KINDS[name]


def kinds_for(actor: Actor) -> tuple[Kind, ...]:
    """The kinds the actor may import, by name: what the upload page offers."""
    return tuple(_KINDS[name] for name in sorted(_KINDS) if _KINDS[name].roles & actor.roles)
