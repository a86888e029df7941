"""The endpoint: a real HTTP server sees masked texts only, and a bad answer changes nothing."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from desirepath.errors import DesirepathError
from desirepath.voice.endpoint import Endpoint


class Answering(BaseHTTPRequestHandler):
    seen: list[dict] = []  # noqa: RUF012
    answer = "[]"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).seen.append({"path": self.path, "auth": self.headers["Authorization"], **body})
        said = json.dumps({"choices": [{"message": {"content": type(self).answer}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Answering.seen = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/v1"
        running.shutdown()
        thread.join()


def test_texts_leave_masked_and_come_back_as_emotions(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESIREPATH_LLM_URL", server)
    monkeypatch.setenv("DESIREPATH_LLM_KEY", "secret")
    Answering.answer = "Here you are: [1.5, -2]"
    found = Endpoint.from_environment().read(["Lovely, I am at anna@example.com", "Awful. Call +44 20 7946 0958"])
    assert found.tolist() == [1.5, -2.0]
    sent = Answering.seen[0]
    assert sent["path"] == "/v1/chat/completions" and sent["auth"] == "Bearer secret"
    assert "anna@example.com" not in str(sent) and "7946" not in str(sent) and "[email]" in str(sent)


@pytest.mark.parametrize("answer", ["I cannot", "[1]", "[3, 4]", '["good", "bad"]'])
def test_a_bad_answer_is_no_answer(server: str, answer: str) -> None:
    Answering.answer = answer
    assert np.isnan(Endpoint(server, None, "m").read(["a", "b"])).all()


def test_nobody_answers() -> None:
    with pytest.raises(DesirepathError, match="does not answer"):
        Endpoint("http://127.0.0.1:9", None, "m").read(["a"])


def test_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESIREPATH_LLM_URL", raising=False)
    with pytest.raises(DesirepathError, match="no address"):
        Endpoint.from_environment()
