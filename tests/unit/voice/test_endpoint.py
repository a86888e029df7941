"""The endpoint: a real HTTP server sees masked texts only, and a bad answer changes nothing."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

import desirepath as dp
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


def test_the_map_of_a_workspace_that_names_it(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Texts without a score are read by the endpoint, masked, once; the settings decide, and only one of them may."""
    monkeypatch.setenv("DESIREPATH_LLM_URL", server)
    Answering.answer = str([2.0] * 20)
    said = "id,text\n" + "".join(f"f{i},Awful day number {i}. Ask anna@example.com\n" for i in range(20))
    (tmp_path / "said.csv").write_text(said, "utf-8")
    (tmp_path / "j.yaml").write_text("journey: j\ntitle: J\nstages: [{id: s, name: S}]\n", "utf-8")
    with closing(dp.init(tmp_path / "shop")) as workspace:
        workspace.ingest(tmp_path / "said.csv", kind="feedback")
        workspace.add_journey(tmp_path / "j.yaml")
        assert workspace.map("j").data.emotion.score < 0
        settings = tmp_path / "shop" / "desirepath.toml"
        settings.write_text("[voice]\nendpoint = true\n", "utf-8")
    with closing(dp.open(tmp_path / "shop")) as workspace:
        emotion = workspace.map("j").data.emotion
        assert (emotion.score, emotion.layers) == (2.0, {"endpoint": 20})
        assert workspace.map("j").data.emotion == emotion
    assert len(Answering.seen) == 1 and "anna@" not in str(Answering.seen)
    settings.write_text('[voice]\nendpoint = true\nfolder = "models"\n', "utf-8")
    with (
        closing(dp.open(tmp_path / "shop")) as workspace,
        pytest.raises(DesirepathError, match="a folder and an endpoint"),
    ):
        workspace.map("j")
