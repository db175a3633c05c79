"""The blocks in the API: values and schema, both from what the blocks declare.

The schema is made when the OpenAPI document is generated, when all rooms have registered blocks.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from rest_framework import serializers

from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience, Block, Column, Format, Mark, Shape

_FORMATS: Final[Mapping[Format, dict[str, str]]] = {
    Format.COUNT: {"type": "integer"},
    Format.MONEY: {"type": "string", "pattern": r"^-?\d+\.\d\d$"},
    Format.RATE: {"type": "string", "pattern": r"^-?\d+\.\d$"},  # points may be behind
    Format.QUANTITY: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    Format.DAY: {"type": "string", "format": "date"},
    Format.TEXT: {"type": "string"},
}
_LATER: Final = gettext_noop("Null of a block or figure that an issue does not have.")


def blocks_for_all() -> list[Block]:
    """The newest schema of each block that an enterprise may see, in order."""
    return [block for block in BLOCKS.newest() if block.tables_for(Audience.ALL)]


def marks_for_all(schemas: Mapping[str, int] | None = None) -> list[Mark]:
    """The marks of these blocks, which describe an enterprise's own projects.

    By the schemas of an issue, for the blocks that it has.
    """
    newest = {block.name: block.schema for block in blocks_for_all()}
    own = {name: schema for name, schema in (schemas or {}).items() if name in newest}
    return [mark for block in BLOCKS.of(newest | own) for mark in block.marks]


def blocks_in(blocks: dict[str, Any]) -> list[Block]:
    """The blocks of an issue that an enterprise may see, by the issue's own schemas."""
    offered = BLOCKS.of({name: block["schema"] for name, block in blocks.items()})
    return [block for block in offered if block.tables_for(Audience.ALL)]


class Declared(serializers.Field[Any, Any, Any, Any], ABC):
    """A read-only field whose schema follows from what the blocks declare."""

    @abstractmethod
    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """The schema for the document; objects become components."""


class DeclaredFigures(Declared):
    """The frozen figures of an issue."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        """The figures of each block that an enterprise may see; null of what it has not."""
        seen = {
            block.name: block.seen(value[block.name]["figures"], Audience.ALL)
            for block in blocks_in(value)
        }
        figures: dict[str, Any] = _with_nulls(seen, _shape_of_figures())
        return figures

    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """An object of the blocks, each an object as its tables declare it."""
        found = _object(components, "BulletinFigures", _shape_of_figures())
        return {"allOf": [found], "description": f"{_('What was counted, by block.')} {_(_LATER)}"}


def _shape_of_figures() -> Shape:
    shapes = {block.name: _shape_of_all_schemas(block) for block in blocks_for_all()}
    for shape in shapes.values():
        shape.is_optional = True
    return Shape({**shapes})


def _with_nulls(found: Any, shape: Shape | Column) -> Any:
    """The figures, with null for each that the shape has and they have not."""
    if isinstance(found, list):
        return [_with_nulls(each, shape) for each in found]
    if isinstance(shape, Column) or not isinstance(found, dict):
        return found
    known = {name: _with_nulls(found.get(name), each) for name, each in shape.fields.items()}
    others = {
        name: _with_nulls(each, shape.other) if shape.other else each
        for name, each in found.items() if name not in known
    }  # fmt: skip
    return known | others


def _shape_of_all_schemas(block: Block) -> Shape:
    """What an enterprise sees of the block, in an issue of any time."""
    shape = block.shape(Audience.ALL)
    for older in BLOCKS.older_than(block):
        shape.join(older.shape(Audience.ALL))
    return shape


class DeclaredHashes(Declared):
    """The schema and the hash of each block."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        """Those of the blocks that an enterprise may see, in the stored order."""
        shown = {block.name for block in blocks_in(value)}
        return {block.name: None for block in blocks_for_all()} | {
            name: {"schema": block["schema"], "hash": block["hash"]}
            for name, block in value.items()
            if name in shown
        }

    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """An object of the blocks."""
        number = Column("schema", _("which rules it was counted by"), says=_("counted from 1"))
        text = Column("hash", _("SHA-256 of all its figures, in hexadecimal"), Format.TEXT)
        one = Shape({"schema": number, "hash": text}, is_optional=True, name="BulletinBlock")
        every: dict[str, Shape | Column] = {block.name: one for block in blocks_for_all()}
        found = _object(components, "BulletinBlocks", Shape(every))
        return {"allOf": [found], "description": f"{_('How each block was counted.')} {_(_LATER)}"}


class DeclaredProjects(Declared):
    """An enterprise's own projects with the blocks' marks; used for the document only."""

    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """A list of objects: code, name, and true or false of each mark."""
        text = {"type": "string"}
        fields: dict[str, Any] = {
            "code": {**text, "description": _("The project's code.")},
            "name": {**text, "description": _("As it was called at the cut-off.")},
        }
        for mark in marks_for_all():
            fields[mark.name] = {"type": "boolean", "description": mark.help}
        project = _component(components, "BulletinProject", fields, sorted(fields))
        return {
            "type": "array", "items": project, "description": _("The caller's own projects."),
        }  # fmt: skip


class DeclaredSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # drf-spectacular has no types there
    """Lets drf-spectacular use the field's own schema."""

    target_class = Declared
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:  # noqa: ARG002 - the framework names them
        """The field's own schema."""
        found: dict[str, Any] = self.target.schema(auto_schema.registry)
        return found


def _component(
    components: ComponentRegistry, name: str, fields: dict[str, Any], required: list[str]
) -> dict[str, Any]:
    said = " ".join(re.findall("[A-Z][a-z]+", name)).lower().removeprefix("bulletin ")
    schema: dict[str, Any] = {
        "type": "object", "properties": fields, "required": required,
        "description": _("Part of a bulletin: %(name)s.") % {"name": said},
    }  # fmt: skip
    found = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)  # type: ignore[no-untyped-call]  # it has no types
    components.register_on_missing(found)
    return dict(found.ref)


def _object(components: ComponentRegistry, name: str, shape: Shape) -> dict[str, Any]:
    """The shape as a component, with the name that it gives or one from its position."""
    name = shape.name or name
    fields: dict[str, Any] = {}
    for step, each in shape.fields.items():
        if isinstance(each, Column):
            fields[step] = _column(each)
        else:
            below = name.removesuffix("Figures") + _camel(step)
            fields[step] = _object(components, below, each)
        if step in shape.sometimes:
            fields[step] = _or_null(fields[step])
    found = _component(components, name, fields, sorted(fields))
    found = {"type": "array", "items": found} if shape.is_list else found
    return _or_null(found) if shape.is_nullable or shape.is_optional else found


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema, and null beside it."""
    if "oneOf" in schema:
        return schema
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return schema if "null" in schema.get("type", "") else {"oneOf": [schema, {"type": "null"}]}


def _column(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_FORMATS[column.format])
    if column.is_nullable:
        schema = _or_null(schema)
    of_format = {
        Format.COUNT: _("a number of them"), Format.QUANTITY: _("in the unit of its name above"),
    }  # fmt: skip
    unit = column.says or column.unit or of_format.get(column.format, "")
    description = ", ".join(str(each) for each in (column.title, unit) if each)
    return {**schema, "description": f"{description}."}


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
