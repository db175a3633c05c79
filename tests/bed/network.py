"""Nothing in the tests speaks to the world: a connection anywhere but to this machine fails."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def _refuse_strangers(family: int, address: Any) -> None:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host == "localhost" or ipaddress.ip_address(host.split("%", maxsplit=1)[0]).is_loopback:
        return
    raise PermissionError(f"a test tried to reach {host}; only this machine is allowed")


def _guarded(self: socket.socket, address: Any) -> None:
    _refuse_strangers(self.family, address)
    _connect(self, address)


def _guarded_ex(self: socket.socket, address: Any) -> int:
    _refuse_strangers(self.family, address)
    return _connect_ex(self, address)


def _guarded_lookup(host: Any, *rest: Any, **options: Any) -> Any:
    """Names of the world are not known here, and nobody is asked for them."""
    flags = options.get("flags", rest[4] if len(rest) > 4 else 0)
    if not flags & socket.AI_NUMERICHOST and not _is_written_out(host):
        raise socket.gaierror(socket.EAI_NONAME, f"a test asked for {host}")
    return _getaddrinfo(host, *rest, **options)


def _is_written_out(host: Any) -> bool:
    if host is None or str(host).lower() in {"localhost", socket.gethostname()}:
        return True
    try:
        socket.inet_aton(str(host))  # in any of its notations
    except OSError:
        return ":" in str(host)
    return True


def keep_at_home() -> None:
    """Put the guard in place for this process."""
    socket.socket.connect = _guarded  # type: ignore[assignment,method-assign]  # in place of the socket's own
    socket.getaddrinfo = _guarded_lookup
    socket.socket.connect_ex = _guarded_ex  # type: ignore[assignment,method-assign]  # in place of the socket's own
