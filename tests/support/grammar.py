"""Every key of the policy language, and every word that a key may hold, read from the forms themselves.

`grammar()` lists them as `Benefit.rate`, `Benefit.edges=absolute`, `When.referred=false`; `written()` lists those that a
policy's document has. The difference is what a set of policies has never tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from doudi.policy.document import PolicyDocument
from doudi.policy.meaning import forms_of
from doudi.policy.scalars import ShareOf
from doudi.policy.values import Cite, Value


def grammar() -> set[str]:
    """Every key and every word of the language."""
    found: set[str] = set()
    for form in _forms(PolicyDocument, set()):
        for name, field in form.model_fields.items():
            key = key_of(form, name)
            found.add(key)
            found |= {f"{key}={word}" for word in _words(field.annotation)}
            if field.annotation in (bool, bool | None) or bool in get_args(field.annotation):
                found |= (
                    {f"{key}=true", f"{key}=false"}
                    if field.default is None
                    else {f"{key}={_other(field.default)}"}
                )
            if ShareOf in _leaves(field.annotation):
                found.add(f"{key}=share")
    return found


def written(document: PolicyDocument) -> Iterator[str]:
    """The keys and words of a policy; a key is written where the author wrote it."""
    for _, form in forms_of(document):
        for name in form.model_fields_set:
            key = key_of(type(form), name)
            yield key
            for word in _inside(getattr(form, name)):
                if isinstance(word, bool):
                    yield f"{key}={str(word).lower()}"
                elif isinstance(word, str):
                    yield f"{key}={word}"
                elif isinstance(word, ShareOf):
                    yield f"{key}=share"
                elif isinstance(word, Cite):
                    yield from ("Cite.source", "Cite.passage") if word.passage else ("Cite.source",)


def key_of(form: type[BaseModel], name: str) -> str:
    """A key with its form; what all numbers have in common is `Value`'s, whatever the number is of."""
    number = issubclass(form, Value) and name in Value.model_fields
    shown = "Value" if number else form.__name__.split("[")[0]
    return f"{shown}.{form.model_fields[name].alias or name}"


def _inside(value: Any) -> Iterator[Any]:
    """A word or number, or those of a list or table."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        yield value
    for item in inner or []:
        yield from _inside(item)


def _other(default: Any) -> str:
    return str(not default).lower()


def _forms(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Every form below a type."""
    for leaf in _leaves(annotation):
        if isinstance(leaf, type) and issubclass(leaf, BaseModel) and leaf not in seen:
            seen.add(leaf)
            yield leaf
            for field in leaf.model_fields.values():
                yield from _forms(field.annotation, seen)


def _leaves(annotation: Any) -> list[Any]:
    """The types inside lists, mappings, unions and annotations; words are left to `_words`."""
    if get_origin(annotation) is Literal:
        return []
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _leaves(arguments[0])
    return [leaf for argument in arguments for leaf in _leaves(argument)] if arguments else [annotation]


def _words(annotation: Any) -> list[str]:
    """The words of the enumerations in a type, not of the forms below it."""
    if get_origin(annotation) is Literal:
        return [str(word.value if isinstance(word, Enum) else word) for word in get_args(annotation)]
    return [word for argument in get_args(annotation) for word in _words(argument)]
