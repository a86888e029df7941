"""Whatever is sent to whichever route: no fault of ours, and answers as they are documented.

`DESIREPATH_FUZZ` sets how many requests each route gets.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from tests import postgres
from tests.api.conftest import CLICKS, JOURNEY

import desirepath as dp
from desirepath.server.app import create_app
from desirepath.server.roles import ROUTES

EXAMPLES = int(os.environ.get("DESIREPATH_FUZZ", "12"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
KNOWN: dict[str, Any] = {"journey": "buying", "version": 1, "user": 1, "comment": 1, "ending": "json"}
"""What there is: about every other request is about it."""
NEVER_ENDS = ("GET", "/api/live")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, dict[str, str]]]:
    """The schema as a server tells it, and what lets an admin in. Jobs are asked for and never begin."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "clicks.csv").write_text(CLICKS, encoding="utf-8")
    (folder / "buying.yaml").write_text(JOURNEY, encoding="utf-8")
    dp.init(folder / "shop").close()
    with ExitStack() as stack:
        if request.param == "postgresql":
            server = request.getfixturevalue("postgres_server")
            address = postgres.address(server, stack.enter_context(postgres.database(server)))
            (folder / "shop" / "desirepath.toml").write_text(f'[workspace]\ndatabase = "{address}"\n', "utf-8")
        workspace = stack.enter_context(closing(dp.open(folder / "shop")))
        listener = stack.enter_context(socket.socket())
        workspace.ingest(folder / "clicks.csv")
        workspace.add_journey(folder / "buying.yaml")
        app = create_app(workspace)
        studio = app.state.studio
        studio.jobs.start = studio.jobs.stop = lambda: None
        ada = studio.accounts.first("Ada", "a long enough password")
        _, key = studio.accounts.add_token(ada, "fuzz", "admin", None)
        studio.comments.add("buying", ada, "Hm")
        listener.bind(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield schemathesis.openapi.from_url(f"{address}/api/openapi.json"), {"Authorization": f"Bearer {key}"}
        running.should_exit = True
        thread.join()


@pytest.mark.parametrize(("method", "path"), sorted(set(ROUTES) - {NEVER_ENDS}))
def test_nothing_breaks_it(api: tuple[Any, dict[str, str]], method: str, path: str) -> None:
    schema, key = api

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy(), there=st.booleans())
    def ask(case: Any, there: bool) -> None:
        if there and method != "DELETE":
            case.path_parameters.update({k: v for k, v in KNOWN.items() if k in case.path_parameters})
        with requests.Session() as session:
            answer = case.call(session=session, headers={**(case.headers or {}), **key}, timeout=30)
        case.validate_response(answer, checks=CHECKS)

    ask()
