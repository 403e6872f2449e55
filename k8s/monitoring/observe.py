#!/usr/bin/env python3
"""The demo with a real Prometheus and Alertmanager beside it: `observe.py TIKETI`.

Both run with `rules.yaml` and `alertmanager.yaml` as they are, but for where things are. In the place of
PagerDuty and Slack is a receiver that takes what they would be sent, and prints it.
"""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FOLDER = Path(__file__).parent
# Of the form that PagerDuty gives out.
PAGERDUTY_KEY = "0123456789abcdef0123456789abcdef"
SECRETS = "/etc/alertmanager/secrets"
PROMETHEUS = """
global: {{scrape_interval: {every}, evaluation_interval: {every}}}
rule_files: [rules.yaml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["{alertmanager}"]}}]}}]}}
scrape_configs: [{{job_name: tiketi, static_configs: [{{targets: ["{node}"]}}]}}]
"""


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return "127.0.0.1:%d" % listener.getsockname()[1]


class Receiver(ThreadingHTTPServer):
    """Takes notifications: `hear` is called with who would have got it (`pagerduty`, `slack`) and the body."""

    daemon_threads = True

    def handle_error(self, *_):
        # Whoever told us may be gone before the answer.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*_)

    def __init__(self, hear):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hear(self.path.strip("/"), json.loads(body))
                answer = b"ok" if self.path == "/slack" else b'{"status": "success"}'
                self.send_response(200 if self.path == "/slack" else 202)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server_port
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Observers:
    """A Prometheus that scrapes a node, and the Alertmanager that it tells, until the block ends; without
    a node the Alertmanager alone.

    `at_once`: nothing is waited for that is only waited for so that nobody is told in vain.
    """

    def __init__(self, node, hear, at_once=False):
        self.node, self.at_once = node, at_once
        self.receiver = Receiver(hear)
        self.prometheus, self.alertmanager = free_address(), free_address()

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tiketi-observe-"))
        self.write()
        alertmanager = shutil.which("prometheus-alertmanager") or "alertmanager"
        self.processes = [
            self.start(alertmanager, f"--storage.path={self.folder}/silences", "--cluster.listen-address=",
                       f"--config.file={self.folder}/alertmanager.yaml", f"--web.listen-address={self.alertmanager}"),
        ]
        if self.node:
            self.processes.append(self.start(
                "prometheus", f"--storage.tsdb.path={self.folder}/series",
                f"--rules.alert.resend-delay={'1s' if self.at_once else '1m'}",
                f"--config.file={self.folder}/prometheus.yaml", f"--web.listen-address={self.prometheus}"))
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        self.receiver.shutdown()
        self.receiver.server_close()
        shutil.rmtree(self.folder)

    def start(self, *command):
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log)

    def write(self):
        rules = (FOLDER / "rules.yaml").read_text()
        routes = (FOLDER / "alertmanager.yaml").read_text()
        if self.at_once:
            rules = re.sub(r"^( +for): .*", r"\1: 0s", rules, flags=re.M)
            routes = re.sub(r"^( +group_\w+): \d+\w$", r"\1: 1s", routes, flags=re.M)
        # As a mounted Secret would be, and where its services would be.
        routes = routes.replace(SECRETS, str(self.folder))
        routes = routes.replace("global:\n", f"global:\n  pagerduty_url: {self.receiver.url}/pagerduty\n")
        scraping = PROMETHEUS.format(every="1s" if self.at_once else "15s", node=self.node,
                                     alertmanager=self.alertmanager)
        for name, text in (("rules.yaml", rules), ("alertmanager.yaml", routes), ("prometheus.yaml", scraping),
                           ("pagerduty_key", PAGERDUTY_KEY),
                           ("slack_url", f"{self.receiver.url}/slack")):
            (self.folder / name).write_text(text)


def say(to, body):
    what = body["payload"]["summary"] if "payload" in body else body["attachments"][0]["title"]
    print(f"{to}: {body.get('event_action', 'message')}: {what}", flush=True)


def main(tiketi):
    node = free_address()
    with Observers(node, say) as observers:
        print(f"Prometheus: http://{observers.prometheus}/alerts")
        print(f"Alertmanager: http://{observers.alertmanager}", flush=True)
        # The node is asked to end as this is, by the terminal or by us.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        serving = subprocess.Popen([tiketi, "serve", "--demo", "--metrics-listen", node],
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        signal.signal(signal.SIGTERM, lambda *_: serving.terminate())
        return serving.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
