"""The socket that the server listens on."""

from __future__ import annotations

import socket

from ui.server import Settings, _listening_socket


def test_what_is_sent_to_a_client_does_not_wait_for_its_receipts() -> None:
    with (
        _listening_socket(Settings(host="127.0.0.1", port=0)) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
