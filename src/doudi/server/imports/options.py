"""What a kind asks at upload: read in the forms it declares, kept as JSON, given back as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from doudi.server.imports.data import Kind, Option
from doudi.server.imports.errors import option_wrong
from doudi.server.kernel.sheets.api import Column, Form, Value, value_of
from doudi.words import Words


def read_options(kind: Kind, given: Mapping[str, str]) -> dict[str, Value]:
    """The values of the options, by name. `import_option` names the one that is missing, unknown or unreadable."""
    names = {option.name for option in kind.options}
    for name in given:
        if name not in names:
            raise option_wrong(name, Words(f"没有“{name}”这一项。", f"There is no option “{name}”."))
    return {option.name: _read(option, given.get(option.name, "")) for option in kind.options}


def restored(kind: Kind, kept: Mapping[str, str | int | bool | None]) -> dict[str, Value]:
    """The kept options as values again."""
    return {option.name: _restored(option, kept.get(option.name)) for option in kind.options}


def kept(values: Mapping[str, Value]) -> dict[str, str | int | bool | None]:
    """The values as JSON."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _read(option: Option, text: str) -> Value:
    if not text.strip():
        if option.needed and option.default is None:
            raise option_wrong(
                option.name, Words(f"“{option.words.zh}”必须填写。", f"{option.words.en}: this is needed.")
            )
        return option.default
    if option.form == "choice":
        if text not in {value for value, _ in option.choices}:
            raise option_wrong(
                option.name,
                Words(f"“{option.words.zh}”请从列表中选择。", f"{option.words.en}: choose from the list."),
            )
        return text
    form: Form = option.form
    value, problem = value_of(text, Column(option.name, option.words, form=form))
    if problem is not None:
        raise option_wrong(
            option.name, Words(f"“{option.words.zh}”{problem.zh}", f"{option.words.en}: {problem.en}")
        )
    return value


def _restored(option: Option, value: str | int | bool | None) -> Value:
    return date.fromisoformat(value) if option.form == "date" and isinstance(value, str) else value
