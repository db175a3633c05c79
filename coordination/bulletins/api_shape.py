"""The blocks in the API: values and schema, both from what the blocks declare.

The schema is made when the OpenAPI document is generated, when all rooms have registered blocks.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Final

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from rest_framework import serializers

from projects.house.block_registry import BLOCKS
from projects.house.blocks import Audience, Block, Column, Format, Mark, Shape

_FORMATS: Final[Mapping[Format, dict[str, str]]] = {
    Format.COUNT: {"type": "integer"},
    Format.MONEY: {"type": "string", "pattern": r"^-?\d+\.\d\d$"},
    Format.RATE: {"type": "string", "pattern": r"^\d+\.\d$"},
    Format.QUANTITY: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    Format.DAY: {"type": "string", "format": "date"},
    Format.TEXT: {"type": "string"},
}
_LATER: Final = "A block that came later is missing in the bulletins of before."


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
        """The figures of each block that an enterprise may see."""
        return {
            block.name: block.seen(value[block.name]["figures"], Audience.ALL)
            for block in blocks_in(value)
        }

    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """An object of the blocks, each an object as its tables declare it."""
        shapes = {block.name: _shape_of_all_schemas(block) for block in blocks_for_all()}
        for shape in shapes.values():
            shape.is_optional = True
        found = _object(components, "BulletinFigures", Shape({**shapes}))
        return {"allOf": [found], "description": _LATER}


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
        return {
            name: {"schema": block["schema"], "hash": block["hash"]}
            for name, block in value.items()
            if name in shown
        }

    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """An object of the blocks."""
        number, text = Column("schema", ""), Column("hash", "", Format.TEXT)
        one = Shape({"schema": number, "hash": text}, is_optional=True, name="BulletinBlock")
        every: dict[str, Shape | Column] = {block.name: one for block in blocks_for_all()}
        return _object(components, "BulletinBlocks", Shape(every))


class DeclaredProjects(Declared):
    """An enterprise's own projects with the blocks' marks; used for the document only."""

    def schema(self, components: ComponentRegistry) -> dict[str, Any]:
        """A list of objects: code, name, and true or false of each mark."""
        text = {"type": "string"}
        fields: dict[str, Any] = {
            "code": text,
            "name": {**text, "description": "As it was called at the cut-off."},
        }
        for mark in marks_for_all():
            fields[mark.name] = {"type": "boolean", "description": mark.help}
        project = _component(components, "BulletinProject", fields, sorted(fields))
        return {"type": "array", "items": project}


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
    schema: dict[str, Any] = {"type": "object", "properties": fields}
    if required:
        schema["required"] = required
    found = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)  # type: ignore[no-untyped-call]  # it has no types
    components.register_on_missing(found)
    return dict(found.ref)


def _object(components: ComponentRegistry, name: str, shape: Shape) -> dict[str, Any]:
    """The shape as a component, with the name that it gives or one from its position."""
    name = shape.name or name
    fields = {
        step: _column(each)
        if isinstance(each, Column)
        else _object(components, name.removesuffix("Figures") + _camel(step), each)
        for step, each in shape.fields.items()
    }
    required = sorted(
        step for step, each in shape.fields.items()
        if step not in shape.sometimes and (isinstance(each, Column) or not each.is_optional)
    )  # fmt: skip
    found = _component(components, name, fields, required)
    found = {"type": "array", "items": found} if shape.is_list else found
    return {"oneOf": [found, {"type": "null"}]} if shape.is_nullable else found


def _column(column: Column) -> dict[str, Any]:
    schema: dict[str, Any] = dict(_FORMATS[column.format])
    if column.is_nullable:
        schema["type"] = [schema["type"], "null"]
    description = ", ".join(str(each) for each in (column.title, column.unit) if each)
    return {**schema, "description": description} if description else schema


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
