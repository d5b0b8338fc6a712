"""Whether what one type takes, another takes as well."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from msgspec import Struct

from batchwright import ir
from batchwright.surface.usage import Directions

_TEXT = ir.Primitive(name="str")


class Relation(Enum):
    """What became of a type."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"

    def breaks(self, directions: Directions) -> bool:
        """Whether code that sends (request) or reads (response) such values notices.

        A narrower type refuses what may be sent today; a wider one hands on what code
        of today does not expect.
        """
        match self:
            case Relation.SAME:
                return False
            case Relation.WIDER:
                return "response" in directions
            case Relation.NARROWER:
                return "request" in directions
            case Relation.OTHER:
                return True


class Side(Struct, frozen=True, kw_only=True, eq=False):
    """One API's models; `common` are the names under which both sides know them."""

    models: Mapping[str, ir.Declaration]
    common: Mapping[str, str]


class _Of(Struct, frozen=True):
    """A type of a side."""

    type: ir.Type
    side: Side

    def __call__(self, type_: ir.Type) -> _Of:
        return _Of(type_, self.side)

    @property
    def declared(self) -> ir.Declaration | None:
        """The model that it is a reference to, if it is one."""
        if isinstance(self.type, ir.Reference):
            return self.side.models.get(self.type.name)
        return None

    @property
    def common(self) -> str | None:
        """The name of the model for both sides, if the other side has it too."""
        if isinstance(self.type, ir.Reference):
            return self.side.common.get(self.type.name)
        return None


def relation(old: ir.Type, old_side: Side, new: ir.Type, new_side: Side) -> Relation:
    """What became of a type. Changes inside models count for the models alone."""
    before, after = _Of(old, old_side), _Of(new, new_side)
    match _takes(after, before, frozenset()), _takes(before, after, frozenset()):
        case True, True:
            return Relation.SAME
        case True, False:
            return Relation.WIDER
        case False, True:
            return Relation.NARROWER
    return Relation.OTHER


def _takes(wide: _Of, narrow: _Of, seen: frozenset[tuple[_Of, _Of]]) -> bool:
    """Whether every value of the narrow type is one of the wide type."""
    if wide.common is not None and wide.common == narrow.common:
        return True
    ours, theirs = _opened(wide), _opened(narrow)
    if ours is not None or theirs is not None:
        if (wide, narrow) in seen:  # aliases that contain themselves
            return True
        seen |= {(wide, narrow)}
        # One after the other: what an alias stands for may be the other one.
        if ours is not None:
            return _takes(ours, narrow, seen)
        return _takes(wide, theirs or narrow, seen)
    if isinstance(narrow.type, ir.UnionOf):
        known = _models_of(wide)
        return all(
            one.common in known or _takes(wide, one, seen)
            for one in map(narrow, narrow.type.options)
        )
    if isinstance(wide.type, ir.UnionOf):
        return any(_takes(wide(one), narrow, seen) for one in wide.type.options)
    return _takes_single(wide, narrow, seen)


def _models_of(of: _Of) -> set[str | None]:
    """The options that are models, by their names for both sides.

    Unions have hundreds of them, which it takes too long to compare each with each.
    """
    options = of.type.options if isinstance(of.type, ir.UnionOf) else ()
    return {of(one).common for one in options} - {None}


def _opened(of: _Of) -> _Of | None:
    """What an alias stands for."""
    declared = of.declared
    return of(declared.type) if isinstance(declared, ir.Alias) else None


def _takes_single(wide: _Of, narrow: _Of, seen: frozenset[tuple[_Of, _Of]]) -> bool:
    match wide.type, narrow.type:
        case ir.Primitive(name="Any"), _:
            return True
        case ir.Reference(), _:
            return False  # a model that the other side lacks, or has another one for
        case ir.Primitive(name="float"), ir.Primitive(name="int"):
            return True
        case ir.Primitive(), _:
            return wide.type == _plain(narrow)
        case ir.ListOf(item=one), ir.ListOf(item=other):
            return _takes(wide(one), narrow(other), seen)
        case ir.MapOf(value=one), ir.MapOf(value=other):
            return _takes(wide(one), narrow(other), seen)
        case ir.TupleOf(items=ours), ir.TupleOf(items=theirs):
            return len(ours) == len(theirs) and all(
                _takes(wide(one), narrow(other), seen)
                for one, other in zip(ours, theirs, strict=True)
            )
        case _:
            return wide.type == narrow.type


def _plain(of: _Of) -> ir.Type:
    """The plain type that a value of the type is in Python."""
    match of.type:
        case ir.LiteralOf(value=bool()):
            return ir.Primitive(name="bool")
        case ir.LiteralOf(value=int()):
            return ir.Primitive(name="int")
        case ir.LiteralOf(value=str()):
            return _TEXT
    if isinstance(of.declared, ir.Enum):
        text = of.declared.parent == "OpenStrEnum"
        return _TEXT if text else ir.Primitive(name="int")
    return of.type
