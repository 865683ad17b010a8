"""How kernels deal with memory where Numba's own way is slow: rows asked for ahead, references that nobody counts.

Nothing here changes a result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.base import BaseContext
from numba.core.datamodel import models
from numba.core.datamodel.registry import default_manager
from numba.core.pythonapi import _BoxContext, _UnboxContext
from numba.core.typing.templates import Signature
from numba.experimental import structref
from numba.extending import NativeValue, box, intrinsic, unbox

from rules.plain import PLAIN

Array = TypeVar("Array")
Reference = TypeVar("Reference")


def _ask(context: BaseContext, builder: ir.IRBuilder, signature: Signature, given: Sequence[ir.Value]) -> ir.Value:
    """Code that asks for the cache line of a byte of a row."""
    array, place, byte = given
    kind = signature.args[0]
    row = cgutils.get_item_pointer(
        context, builder, kind, context.make_array(kind)(context, builder, array), [place], wraparound=False
    )
    pointer = builder.gep(builder.bitcast(row, ir.IntType(8).as_pointer()), [byte])
    number = ir.IntType(32)
    shape = ir.FunctionType(ir.VoidType(), [pointer.type, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, shape, "llvm.prefetch.p0")
    builder.call(function, [pointer, *(ir.Constant(number, word) for word in (_TO_READ, _TO_KEEP, _DATA))])
    return context.get_dummy_value()


_TO_READ, _TO_KEEP, _DATA = 0, 3, 1


@intrinsic
def _prefetch(typing: object, array: types.Type, place: types.Type, byte: types.Type) -> object:
    return types.void(array, types.intp, types.intp), _ask


def _let_go(context: BaseContext, builder: ir.IRBuilder, signature: Signature, given: Sequence[ir.Value]) -> ir.Value:
    """Code that makes an array of another one which does not count as a reference to its memory."""
    array = context.make_array(signature.args[0])(context, builder, given[0])
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    return array._getvalue()


@intrinsic
def _borrowed(typing: object, array: types.Type) -> object:
    return array(array), _let_go


def _do_nothing(array: object, place: int, byte: int) -> None:
    return None


def _itself(array: object) -> object:
    return array


prefetch = cast(Callable[[object, int, int], None], _do_nothing if PLAIN else _prefetch)
"""For kernels: asks for the cache line of a byte of row `place` (there must be one) of a record array. It changes
nothing but when that row arrives."""
borrowed = cast(Callable[[Array], Array], _itself if PLAIN else _borrowed)
"""For kernels: an array whose references nobody counts, because somebody in Python holds it all the while. Counting is
an atomic operation wherever a kernel touches a field of a `by_reference` class: a fifth of the engine's time."""


def holding(made: Reference, held: object) -> Reference:
    """A struct of borrowed arrays that keeps from being freed what holds them."""
    vars(made)["held"] = held
    return made


class _UncountedModel(models.StructRefModel):
    """A pointer to a struct that kernels do not count references to."""

    def traverse(self, builder: ir.IRBuilder) -> list[object]:
        return []

    def contains_nrt_meminfo(self) -> bool:
        return False


def register_uncounted(reference: type, proxy: type) -> None:
    """Register a type of structs whose references only Python counts.

    Args:
        reference: Numba's type. proxy: the class of it in Python.
    """
    default_manager.register(reference, _UncountedModel)
    structref.define_attributes(reference)
    make = proxy._numba_box_  # type: ignore[attr-defined]
    unbox(reference)(_taken)
    box(reference)(lambda kind, value, c: _given(kind, value, c, make))


def _taken(kind: types.Type, given: ir.Value, c: _UnboxContext) -> NativeValue:
    """Code that takes a struct from Python, whose object holds a reference for as long as the kernel runs.

    So the one that the kernel got is given back at once.
    """
    pointer = types.MemInfoPointer(types.voidptr)
    held = c.pyapi.object_getattr_string(given, "_meminfo")
    place = c.unbox(pointer, held).value
    c.context.nrt.decref(c.builder, pointer, place)
    c.pyapi.decref(held)
    struct = cgutils.create_struct_proxy(kind)(c.context, c.builder)
    struct.meminfo = place
    return NativeValue(struct._getvalue())


def _given(kind: types.Type, value: ir.Value, c: _BoxContext, make: Callable[..., object]) -> ir.Value:
    """Code that gives a struct to Python, whose object takes over the only reference."""
    struct = cgutils.create_struct_proxy(kind)(c.context, c.builder, value=value)
    held = c.box(types.MemInfoPointer(types.voidptr), struct.meminfo)
    maker, name = (c.pyapi.unserialize(c.pyapi.serialize_object(one)) for one in (make, kind))
    given = c.pyapi.call_function_objargs(maker, [name, held])
    for one in (maker, name, held):
        c.pyapi.decref(one)
    return given
