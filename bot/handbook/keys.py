"""Which keys does a handbook's file know, and what does each mean?"""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel

from bot.domain.handbook import Handbook


def key_reference() -> str:
    """Give every key of a handbook with its meaning as a Markdown table; names of the writer's own are in capitals."""
    rows = [
        "| key | meaning |",
        "| --- | --- |",
        "| `extends` | A built-in handbook, or the path of a file, that this one starts from. |",
    ]
    rows += [f"| `{path}` | {meaning.replace('|', chr(92) + '|')} |" for path, meaning in _keys(Handbook, "")]
    return "\n".join(rows) + "\n"


def model_at(path: tuple[str | int, ...], *, top: type[BaseModel] = Handbook) -> type[BaseModel] | None:
    """Give the model whose keys stand below a path of the handbook (or of `top`); None where there is none."""
    kind: object = top
    for step in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(str(step))
            kind = _bare(field.annotation) if field else None
        else:
            kind = _bare(_element(kind))
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _keys(model: type[BaseModel], path: str) -> Iterator[tuple[str, str]]:
    for key, field in model.model_fields.items():
        here = f"{path}.{key}" if path else key
        yield here, field.description or ""
        kind = _bare(field.annotation)
        inner = _bare(_element(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _keys(kind, here)
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _keys(inner, f"{here}[]" if get_origin(kind) is tuple else f"{here}.{_placeholder(key)}")


def _placeholder(key: str) -> str:
    if key in {"severities", "targets", "slo"}:
        return "sevN"
    return {"levels": "N", "triggers": "KIND", "required_fields": "FIELD"}.get(key, "NAME")


def _bare(kind: object) -> object:
    """Take away `Annotated` and `| None`."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        rest = [each for each in get_args(kind) if each is not type(None)]
        return _bare(rest[0]) if rest else None
    return kind


def _element(kind: object) -> object:
    """Give the type of a mapping's values or a tuple's elements."""
    arguments = [each for each in get_args(kind) if each is not Ellipsis]
    return arguments[-1] if arguments else None
