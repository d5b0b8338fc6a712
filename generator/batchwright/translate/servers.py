"""Where the API is: the address of the client, and those that operations have.

Variables of addresses are arguments of the client, one for all servers with a variable
of the name. Where another server has another default for it, that is filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from batchwright import ir, naming
from batchwright.diagnostics import Report
from batchwright.document import Document, Node
from batchwright.translate.groups import operations_of
from batchwright.translate.pins import Pins
from batchwright.translate.reading import prose


class _Variable(Struct, frozen=True, kw_only=True):
    """A variable of a server: its default, and all values if they are told."""

    default: str
    values: tuple[str, ...]
    node: Node


class Addresses(Struct, frozen=True, kw_only=True):
    """The addresses of servers.

    `defaults`: of the variables that are arguments, by their own names.
    """

    defaults: Mapping[str, str]

    def of(self, server: Node) -> str:
        """A server's address, with the variables that are arguments in braces.

        Paths can be put behind it; a relative one begins with a slash.
        """
        address = server.text("url") or ""
        is_open = _open_variables(server)
        for name, variable in _variables(server).items():
            if name not in is_open or self.defaults.get(name) != variable.default:
                address = address.replace(f"{{{name}}}", variable.default)
        if _is_absolute(server):
            return address.partition("?")[0].partition("#")[0].rstrip("/")
        parts = [p for p in address.split("/") if p not in ("", ".", "..")]
        return "/".join(["", *parts])

    def is_usable(self, address: str) -> bool:
        """Whether requests can be sent there with the defaults of variables."""
        address = self._filled(address)
        is_absolute = address.startswith(("https://", "http://"))
        return is_absolute and not set("{}?#") & set(address)

    def of_operation(self, operation: Node, item: Node) -> str | None:
        """The address that an operation has for itself; None for the client's."""
        usual = next(_servers(operation.document.root), None)
        for owner in (operation, item):
            for server in _servers(owner):
                address = self._filled(self.of(server))
                if usual and self._filled(self.of(usual)) == address:
                    return None
                return self.of(server)
        return None

    def _filled(self, address: str) -> str:
        for name, default in self.defaults.items():
            address = address.replace(f"{{{name}}}", default)
        return address


def servers_of(
    document: Document, taken: Collection[str], pins: Pins, report: Report
) -> tuple[ir.Servers, Addresses]:
    """The servers of the whole API, and the addresses of all.

    Where there is none for the whole, and each operation has one, the first of them is
    the client's. `taken`: arguments that the client has anyway.
    """
    operations = list(operations_of(document))
    owners = [document.root, *(o for f in operations for o in (f.node, f.item))]
    variables = _shared([server for owner in owners for server in _servers(owner)])
    addresses = Addresses(defaults={n: v.default for n, v in variables.items()})
    documented = [
        ir.Server(url=addresses.of(server), docs=prose(server))
        for server in _servers(document.root)
    ]
    usable = filter(addresses.is_usable, (server.url for server in documented))
    base_url = next(usable, None)
    own = [addresses.of_operation(found.node, found.item) for found in operations]
    if base_url is None and own and None not in own:
        base_url = next((url for url in own if url and addresses.is_usable(url)), None)
    servers = ir.Servers(
        base_url=base_url,
        documented=tuple(documented),
        others=tuple(sorted({url for url in own if url is not None})),
        variables=_arguments(variables, taken, pins, report),
    )
    return servers, addresses


def _shared(servers: Iterable[Node]) -> dict[str, _Variable]:
    """The variables that are arguments, each with the values of all servers."""
    found: dict[str, list[_Variable]] = {}
    for server in servers:
        for name, variable in _open_variables(server).items():
            found.setdefault(name, []).append(variable)
    return {name: _united(several) for name, several in found.items()}


def _united(several: list[_Variable]) -> _Variable:
    first = several[0]
    same = [variable for variable in several if variable.default == first.default]
    if not all(variable.values for variable in same):
        return _Variable(default=first.default, values=(), node=first.node)
    values = dict.fromkeys(value for variable in same for value in variable.values)
    values.setdefault(first.default)
    return _Variable(default=first.default, values=tuple(values), node=first.node)


def _arguments(
    variables: Mapping[str, _Variable],
    taken: Collection[str],
    pins: Pins,
    report: Report,
) -> tuple[ir.ServerVariable, ...]:
    settled = pins.settle(
        (
            naming.Wish(key=name, wire=name, candidates=_candidates(name))
            for name in variables
        ),
        lambda name: f"server variable {name}",
        reserved=taken,
    )
    for names in settled.unsettled:
        report.error(
            "name-collision",
            f"the variables {', '.join(f'`{name}`' for name in names)} of servers all"
            f" become the argument `{settled.names[names[0]]}`",
            variables[names[-1]].node,
            hint="rename one of them",
        )
    return tuple(
        ir.ServerVariable(
            name=settled.names[name],
            wire_name=name,
            default=variable.default,
            values=variable.values,
            docs=prose(variable.node),
        )
        for name, variable in variables.items()
    )


def _candidates(name: str) -> tuple[str, ...]:
    first, *others = naming.attribute(name, lead="server")
    return tuple(dict.fromkeys((first, f"server_{first}", *others)))


def _servers(owner: Node) -> Iterator[Node]:
    listed = owner.get("servers")
    yield from listed.elements() if listed else ()


def _variables(server: Node) -> dict[str, _Variable]:
    variables = server.get("variables")
    return {
        name: _Variable(
            default=node.text("default") or "", values=_values(node), node=node
        )
        for name, node in (variables.items() if variables else ())
    }


def _open_variables(server: Node) -> dict[str, _Variable]:
    """The variables in an address that a caller can fill in.

    Of a path, those that are not there to make it a whole address, or none at all.
    """
    address = server.text("url") or ""
    is_absolute = _is_absolute(server)
    return {
        name: variable
        for name, variable in _variables(server).items()
        if f"{{{name}}}" in address
        and (is_absolute or variable.default.strip("/") == variable.default != "")
    }


def _values(variable: Node) -> tuple[str, ...]:
    listed = variable.get("enum")
    return tuple(str(value.value) for value in listed.elements()) if listed else ()


def _is_absolute(server: Node) -> bool:
    """Whether requests can be sent to a server, whatever its variables are."""
    address = server.text("url") or ""
    for name, variable in _variables(server).items():
        address = address.replace(f"{{{name}}}", variable.default)
    return address.startswith(("https://", "http://"))
