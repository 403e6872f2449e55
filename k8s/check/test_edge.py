"""The contract between edge and gateways, by attacks on both: a real nginx with k8s/edge/nginx.conf, a real node."""

import itertools
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path

from policies import ROOT
from test_observe import TIKETI, free_address

HOST = "tickets.example.com"
# Never reached unless something is broken.
PATIENCE = 30


def get(path, *headers, host=HOST, method="GET", version="1.1"):
    """A request in bytes, with these headers in this order."""
    lines = [f"{method} {path} HTTP/{version}", *([f"Host: {host}"] if host else []), *headers, "Connection: close"]
    return "\r\n".join([*lines, "", ""]).encode()


def post(*headers, body=b"", path="/api/v1/session"):
    return get(path, "Content-Type: application/json", *headers, method="POST") + body


def send(address, request, source="127.0.0.1"):
    """The statuses of everything that is answered until the connection ends; none if it just ends."""
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), PATIENCE, (source, 0)) as connection:
        answer = b""
        try:
            connection.sendall(request)
            while part := connection.recv(65536):
                answer += part
        except ConnectionError:
            pass
    return [int(status) for status in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d{3})", answer)]


def hexadecimal(key):
    return Path(key).read_bytes().hex()


class Site:
    """A node that requires the edge, and nginx in front of it. All of it is gone after the block."""

    def __init__(self, **settings):
        self.settings = settings

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="tiketi-edge-"))
        # The workers of nginx are somebody else, if this is root.
        self.folder.chmod(0o711)
        self.keys, self.log = self.folder / "data/keys", self.folder / "nginx.log"
        subprocess.run([TIKETI, "make-keys", self.keys], check=True, stdout=subprocess.DEVNULL)
        self.auth = hexadecimal(self.keys / "edge.key")
        self.origin, self.metrics, self.operators, self.edge = (free_address() for _ in range(4))
        environment = {"TIKETI_EDGE": "required", "TIKETI_OPERATORS_LISTEN": self.operators, **self.settings}
        self.node = subprocess.Popen(
            [TIKETI, "serve", "--data-dir", self.folder / "data", "--listen", self.origin, "--metrics-listen",
             self.metrics, "--public-url", f"https://{HOST}"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert "is serving" in self.node.stdout.readline()
        self.configure(self.auth)
        self.nginx = subprocess.Popen(["nginx", "-e", self.log, "-c", self.folder / "nginx.conf", "-g", "daemon off;"])
        try:
            # It listens before it says what its process is; whoever connects earlier may meet themselves.
            self.until((self.folder / "nginx.pid").exists)
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.nginx.terminate()
        self.node.kill()
        self.nginx.wait()
        self.node.wait()
        self.node.stdout.close()
        shutil.rmtree(self.folder)

    def configure(self, auth):
        """The configuration as it is, but for where things are."""
        text = (ROOT / "k8s/edge/nginx.conf").read_text()
        for there, here in (("/tmp/", f"{self.folder}/"), ("/etc/nginx/secrets", self.folder),
                            ("/dev/stdout", self.folder / "access.log"), ("tiketi.tiketi.svc:80", self.origin),
                            ("include mime.types;", ""), ("error_log stderr warn;", f"error_log {self.log} notice;"),
                            ("listen 8080", f"listen {self.edge}")):
            assert there in text, there
            text = text.replace(there, str(here))
        (self.folder / "nginx.conf").write_text(text)
        (self.folder / "edge-auth.conf").write_text(f"proxy_set_header X-Edge-Auth {auth};\n")

    def through(self, request, source="127.0.0.1"):
        return send(self.edge, request, source)

    def past(self, request):
        return send(self.origin, request)

    def until(self, holds):
        """Asks again and again; each question takes as long as its answer does."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, self.log.read_text()[-2000:]

    def answered(self):
        """Requests that the node has answered to whoever came through its public listener."""
        scrape = urllib.request.urlopen(f"http://{self.metrics}/metrics", timeout=PATIENCE).read().decode()
        return sum(float(value) for value in re.findall(r"^tiketi_http_requests_total\{.*\} (\S+)$", scrape, re.M))

    def passed_on(self):
        """Requests that nginx had an answer of the node to."""
        return len(re.findall(r'"request":"req_', (self.folder / "access.log").read_text()))


@unittest.skipUnless(TIKETI.exists(), "there is no node behind the edge: cargo build -p tiketi")
class Edge(unittest.TestCase):
    def test_nothing_gets_past_the_edge(self):
        with Site() as site:
            right, client = f"X-Edge-Auth: {site.auth}", "X-Client-IP: 203.0.113.7"
            other = f"X-Edge-Auth: {'0123456789abcdef' * 4}"
            upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
            now = "/api/v1/time"
            attacks = {
                "no proof": get(now, client),
                "an empty one": get(now, "X-Edge-Auth:", client),
                "another key": get(now, other, client),
                "the right one twice": get(now, right, right, client),
                "the right one and another": get(now, right, other, client),
                "another and the right one": get(now, other, right, client),
                "both in one line": get(now, f"{right}, {site.auth}", client),
                "its beginning": get(now, right[:-2], client),
                "with something after it": get(now, right + "00", client),
                "in upper case": get(now, right[:13] + site.auth.upper(), client),
                "in quotes": get(now, f'X-Edge-Auth: "{site.auth}"', client),
                "under another name": get(now, f"Authorization: Bearer {site.auth}", client),
                "as a cookie": get(now, f"Cookie: x-edge-auth={site.auth}", client),
                "in the query": get(f"{now}?x-edge-auth={site.auth}", client),
                "in an underscore's name": get(now, f"X_Edge_Auth: {site.auth}", client),
                "an edge that does not say whom it serves": get(now, right),
                "or says it twice": get(now, right, client, client),
                "or says no address": get(now, right, "X-Client-IP: unknown"),
                "or an address with a port": get(now, right, "X-Client-IP: 203.0.113.7:443"),
                "or two": get(now, right, "X-Client-IP: 203.0.113.7, 198.51.100.1"),
                "a socket without proof": get("/api/v1/events/evt_0/live", client, *upgrade),
                "a web page without proof": get("/"),
                "a file without proof": get("/assets/none.js"),
            }
            refused = {name: site.past(attack) for name, attack in attacks.items()}
            self.assertEqual({name: said for name, said in refused.items() if said != [403]}, {})
            self.assertEqual(site.past(get(now, right, client)), [200])
            not_found = {
                "operators' interface": get("/api/v1/operator/events", right, client),
                "operators' pages": get("/operator", right, client),
                "the first operator's link": post(right, client, "Content-Length: 2", body=b"{}", path="/api/v1/setup"),
                "a call between nodes": post(right, client, "Content-Length: 2", body=b"{}", path="/node/v1"),
            }
            self.assertEqual({name: site.past(attack) for name, attack in not_found.items()},
                             dict.fromkeys(not_found, [404]))
            self.assertEqual(send(site.operators, get("/api/v1/operator/events")), [405], "it is found there")
            print(f"edge: {len(attacks) + len(not_found)} attacks past it, all refused")

    def test_nothing_is_smuggled_or_forged_through_the_edge(self):
        with Site() as site:
            now = "/api/v1/time"
            hidden = b"GET /api/v1/operator/events HTTP/1.1\r\nHost: tickets.example.com\r\n\r\n"
            chunked = b"0\r\n\r\n" + hidden
            length = f"Content-Length: {len(chunked)}"
            # What may come of it: a status, or a connection that just ends.
            attacks = {
                "metrics": (get("/metrics"), {404}),
                "health": (get("/healthz"), {404}),
                "readiness": (get("/readyz"), {404}),
                "operators' interface": (get("/api/v1/operator/events"), {404}),
                "the same with an escape": (get("/api/v1/%6fperator/events"), {404}),
                "the same with two slashes": (get("//api/v1//operator/events"), {404}),
                "the same by a detour": (get("/api/v1/events/../operator/events"), {404}),
                "the same by an escaped detour": (get("/api/v1/events/%2e%2e/operator/events"), {404}),
                "the same with a null byte": (get("/api/v1/operator%00/events"), {400, 404}),
                "operators' pages": (get("/operator"), {404}),
                "the dashboard": (get("/ops"), {404}),
                "the first operator's link": (get("/setup"), {404}),
                "another site": (get(now, host="other.example.com"), {421}),
                "no site": (get(now, host=None), {400}),
                "two sites": (get(now, "Host: other.example.com"), {400}),
                "another site in the line": (get("http://other.example.com" + now), {421}),
                "a tunnel": (get("other.example.com:443", method="CONNECT"), {400, 405}),
                "TRACE": (get(now, method="TRACE"), {405}),
                "both lengths": (post(length, "Transfer-Encoding: chunked", body=chunked), {400}),
                "both lengths, the other way round":
                    (post("Transfer-Encoding: chunked", length, body=chunked), {400}),
                "two lengths": (post("Content-Length: 0", length, body=chunked), {400}),
                "a list of lengths": (post(f"{length}, {len(chunked)}", body=chunked), {400}),
                "a signed length": (post(f"Content-Length: +{len(chunked)}", body=chunked), {400}),
                "a misspelt coding": (post(length, "Transfer-Encoding: xchunked", body=chunked), {400, 501}),
                "a coding twice": (post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=chunked), {400, 501}),
                "a coding with a tab": (post("Transfer-Encoding:\tchunked", length, body=chunked), {400, 501}),
                "a space before the colon": (post("Content-Length : 5", body=hidden), {400, 401, 403, 415, 422}),
                "a folded line": (get(now, "X-Some: thing\r\n Transfer-Encoding: chunked"), {400}),
                "bytes that end no line": (get(now).replace(b"Host:", b"X: y\rX-Edge-Auth: z\r\nHost:"), {400}),
                "a chunk that is too long": (post("Transfer-Encoding: chunked", body=b"ffffffffffffffffff\r\n"), {400}),
                "a body that is too large": (post("Content-Length: 65537"), {413}),
                "headers that are too large": (get(now, "X-Large: " + "x" * 20_000), {400}),
                "an address that is too long": (get(now + "?" + "x" * 20_000), {414}),
                "HTTP/2 without TLS": (get(now, "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"), {200}),
            }
            answered, passed_on = site.answered(), site.passed_on()
            for name, (attack, expected) in attacks.items():
                with self.subTest(name):
                    said = site.through(attack)
                    self.assertTrue(len(said) == 1 and set(said) <= expected, said)
            # The node has seen no request that nginx has not.
            self.until_equal(site, answered, passed_on)
            print(f"edge: {len(attacks)} attacks through it, none of which got anywhere")

    def until_equal(self, site, answered, passed_on):
        site.until(lambda: site.answered() - answered == site.passed_on() - passed_on)

    def test_whom_a_request_comes_from_cannot_be_forged(self):
        with Site(TIKETI_LIMITS__ADDRESS_PER_MINUTE="100") as site:
            names = ["X-Client-IP", "X-Forwarded-For", "X-Real-IP", "True-Client-IP", "X-Edge-Auth"]
            statuses = []
            for number in range(60):
                forged = [f"{name}: 203.0.113.{number}" for name in names]
                forged += [f"Forwarded: for=203.0.113.{number}", f"X_Client_IP: 203.0.113.{number}"]
                statuses += site.through(get("/api/v1/time", *forged)) + site.through(get("/api/v1/time"))
            # All of them came from one address, and it had a hundred.
            self.assertEqual(set(statuses), {200, 429})
            self.assertGreaterEqual(statuses.count(200), 99)
            # What nginx vouches for is believed: another address has a budget of its own.
            other = get("/api/v1/time", f"X-Edge-Auth: {site.auth}", "X-Client-IP: 198.51.100.1")
            self.assertEqual(site.past(other), [200])

    def test_the_key_is_replaced_under_load_and_nobody_is_refused(self):
        with Site(TIKETI_LIMITS__ADDRESS_PER_MINUTE="0") as site:
            over, statuses = threading.Event(), []

            def load(net):
                # From so many addresses that none asks for too much.
                for host in itertools.cycle(range(1, 255)):
                    if over.is_set():
                        return
                    statuses.extend(site.through(get("/api/v1/time"), f"127.0.{net}.{host}"))

            loading = [threading.Thread(target=load, args=[net]) for net in (1, 2)]
            for thread in loading:
                thread.start()
            try:
                self.replace(site)
            finally:
                over.set()
                for thread in loading:
                    thread.join()
            self.assertEqual(set(statuses), {200})
            self.assertGreater(len(statuses), 100)
            print(f"edge: its key was replaced under load: {len(statuses)} requests, none refused")

    def replace(self, site):
        """By the four steps of k8s/edge/README.md."""
        client = "X-Client-IP: 203.0.113.7"

        def is_good(auth):
            return site.past(get("/api/v1/time", f"X-Edge-Auth: {auth}", client)) == [200]

        old, key = site.auth, site.keys / "edge.key"
        second = site.keys / "edge.second.key"
        subprocess.run([TIKETI, "make-keys", site.folder / "new"], check=True, stdout=subprocess.DEVNULL)
        made = site.folder / "new/edge.key"
        new = hexadecimal(made)
        shutil.move(made, second)
        site.until(lambda: is_good(new))
        self.assertTrue(is_good(old))
        site.configure(new)
        site.nginx.send_signal(1)
        site.until(lambda: "gracefully" in site.log.read_text())
        # In one step, as a mounted secret changes: the new one is never missing.
        shutil.copy(key, site.folder / "old.key")
        second.replace(key)
        site.until(lambda: not is_good(old))
        self.assertTrue(is_good(new))


if __name__ == "__main__":
    unittest.main()
