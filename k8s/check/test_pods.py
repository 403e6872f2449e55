"""The manifests, acted out on this machine: every pod is a process with an address and ports of its own.

Pods are replaced as `k8s/rollout` and a Deployment do it (surge, probes, minReadySeconds, preStop, SIGTERM,
grace period), while fans who try again must see no error and an operator looks. Meanwhile every
connection that a pod opens is noted: it must be one that the network policies allow, and each that
they allow between these pods must have been opened. Needs the services that TIKETI_TEST_POSTGRES,
_REDIS and _KAFKA name.
"""

import contextlib
import http.client
import itertools
import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import flows
from manifests import Manifests, get, labels_of, main_container, pod_of
from test_observe import TIKETI

SERVICES = {kind: os.environ.get(f"TIKETI_TEST_{kind.upper()}") for kind in ("postgres", "redis", "kafka")}
PORTS = {"postgres": 5432, "redis": 6379, "kafka": 9092}
# How many pods of each workload there are before the rollout.
PODS = {"engine": 2, "worker": 1, "gateway": 2}
# How long whoever routes to a pod goes on after it was told to end; less than preStop waits.
ROUTED_STILL = 5
FANS = 6
# Of one attempt, and of a fan who tries again.
ATTEMPT, PATIENCE = 5, 30
LOOK = 0.02


def at(address):
    """An address as a process's table of connections has it."""
    number, port = address.rsplit(":", 1)
    return "".join(f"{int(part):02X}" for part in reversed(number.split("."))) + f":{int(port):04X}"


class Pod:
    """A process that is started as a workload says."""

    def __init__(self, site, workload, address, arguments):
        self.kind = labels_of(workload)["app.kubernetes.io/component"]
        self.workload, self.address, self.listening = workload, address, set()
        self.log = site.folder / f"{self.kind}-{address}.log"
        container, folder = main_container(workload), site.folder
        self.environment = environment = {"PATH": os.environ["PATH"], "POD_IP": address}
        settings = site.manifests.settings(workload) | site.settings
        if "TIKETI_PAYMENTS__PROVIDER" in settings:
            settings |= site.company.settings
        for name, value in settings.items():
            if value is not None:
                value = value.replace("$(POD_IP)", address).replace("0.0.0.0", address)
                environment[name] = value.replace("/etc/tiketi", f"{folder}/etc/tiketi")
        environment["POD_IP"] = address
        with self.log.open("w") as log:
            self.process = subprocess.Popen([TIKETI, *container["args"], *arguments], env=environment, cwd=folder, stdout=log, stderr=log)

    def run(self, command):
        """What a command prints that is run in the pod."""
        done = subprocess.run([TIKETI, command], env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    @property
    def http(self):
        return f"{self.address}:8080"

    def passes(self, probe):
        """Asks once what a probe asks."""
        asked = main_container(self.workload)[probe]
        ports = {each["name"]: each["containerPort"] for each in main_container(self.workload)["ports"]}
        where = asked["httpGet"]
        url = f"http://{self.address}:{ports[where['port']]}{where['path']}"
        try:
            return urllib.request.urlopen(url, timeout=asked["timeoutSeconds"]).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def starts(self):
        """Waits as long as the start-up probe does, and then for the one of readiness."""
        for probe in ("startupProbe", "readinessProbe"):
            asked = main_container(self.workload)[probe]
            tries = asked["failureThreshold"]
            while not self.passes(probe):
                tries -= 1
                assert tries > 0 and self.process.poll() is None, self.log.read_text()[-3000:]
                time.sleep(asked["periodSeconds"])

    def ends(self):
        """preStop, then SIGTERM; as long as the grace period lasts it may take both."""
        began = time.monotonic()
        time.sleep(get(main_container(self.workload), "lifecycle", "preStop", "sleep", "seconds", default=0))
        self.process.terminate()
        grace = pod_of(self.workload)["terminationGracePeriodSeconds"] - (time.monotonic() - began)
        code = self.process.wait(grace)
        assert code == 0, f"{self.kind} ended with {code}: {self.log.read_text()[-3000:]}"
        return time.monotonic() - began

    def opened(self):
        """Connections of this process that are there now: the other ends, as the table has them."""
        own, sockets = Path(f"/proc/{self.process.pid}"), set()
        try:
            for file in (own / "fd").iterdir():
                try:
                    sockets.add(re.sub(r"\D", "", os.readlink(file)))
                except FileNotFoundError:
                    pass
            rows = [line.split() for line in (own / "net/tcp").read_text().splitlines()[1:]]
        except (FileNotFoundError, ProcessLookupError):
            return set()
        # What it accepted stays for a while when it listens no more.
        self.listening |= {row[1] for row in rows if row[3] == "0A" and row[9] in sockets}
        return {row[2] for row in rows if row[3] == "01" and row[9] in sockets and row[1] not in self.listening}


class PaymentCompany:
    """The sandbox: no money moves."""

    def __init__(self):
        secret = f"test_sk_{secrets.token_hex(16)}"
        self.process = subprocess.Popen([TIKETI, "payment-sandbox"], env={"TIKETI_SANDBOX_SECRET": secret},
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        settings = {"PROVIDER": "toss", "API_URL": self.url, "WINDOW_URL": f"{self.url}/window",
                    "CLIENT_KEY": "test_ck_sandbox", "SECRET_KEY": secret, "TIMEOUT_MS": "500"}
        self.settings = {f"TIKETI_PAYMENTS__{name}": value for name, value in settings.items()}

    def decide(self, window, choice):
        """What a browser is sent back with, whoever chose that on the company's page."""
        form = dict(parse_qsl(urlsplit(window).query)) | {"choice": choice}
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=ATTEMPT)
        connection.request("POST", "/window/decide", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        back = parse_qs(urlsplit(connection.getresponse().headers["Location"]).query)
        connection.close()
        return back["paymentKey"][0], int(back["amount"][0])


class Site:
    """The pods of an overlay, and what they share."""

    def __init__(self, manifests, folder):
        self.manifests, self.folder, self.pods, self.served = manifests, folder, [], []
        self.numbers, self.over = itertools.count(1), threading.Event()
        # Who has opened a connection to what; the kind of pod at each address; how long each took to end.
        self.opened, self.kinds, self.endings, self.looked = set(), {}, {}, 0
        self.database = f"tiketi_{secrets.token_hex(4)}"
        url = urlsplit(SERVICES["postgres"])
        subprocess.run(["psql", SERVICES["postgres"], "-qc", f"CREATE DATABASE {self.database}"], check=True)
        of_site = {"postgres/url": url._replace(path=f"/{self.database}").geturl(), "redis/url": SERVICES["redis"]}
        for name, text in of_site.items():
            (folder / "etc/tiketi" / name).parent.mkdir(parents=True)
            (folder / "etc/tiketi" / name).write_text(text)
            (folder / "etc/tiketi" / name).chmod(0o600)
        subprocess.run([TIKETI, "make-keys", folder / "etc/tiketi/keys"], check=True, stdout=subprocess.DEVNULL)
        self.settings = {
            "TIKETI_CLUSTER__KAFKA_BROKERS": SERVICES["kafka"], "TIKETI_CLUSTER__KAFKA_REPLICATION": "1",
            "TIKETI_CLUSTER__PREFIX": self.database,
            # Few addresses ask for much here.
            "TIKETI_LIMITS__ADDRESS_PER_MINUTE": "0", "TIKETI_LIMITS__ACCOUNT_PER_MINUTE": "0",
        }
        self.company = PaymentCompany()

    def workload(self, kind):
        return self.manifests.one("Job" if kind == "migrate" else "Deployment", f"tiketi-{kind}")

    def pod(self, kind, *arguments):
        pod = Pod(self, self.workload(kind), f"127.8.0.{next(self.numbers)}", arguments)
        self.kinds[at(f"{pod.address}:0")[:8]] = kind
        self.pods.append(pod)
        return pod

    def start(self, kind, *arguments):
        """One pod more, that serves."""
        pod = self.pod(kind, *arguments)
        pod.starts()
        if kind == "gateway":
            self.served.append(pod.http)
        return pod

    def end(self, pod):
        """One pod less: whoever routes to it hears of it some time after it does."""
        routed = threading.Timer(ROUTED_STILL, self.served.remove, [pod.http]) if pod.http in self.served else None
        if routed:
            routed.start()
        took = pod.ends()
        if routed:
            routed.join()
        self.endings.setdefault(pod.kind, []).append(took)
        self.pods.remove(pod)

    def roll_out(self, kind):
        """Replaces every pod of a workload as its Deployment does: one more, wait, one less."""
        spec = self.workload(kind)["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        for old in [pod for pod in self.pods if pod.kind == kind]:
            self.start(kind)
            time.sleep(spec["minReadySeconds"])
            self.end(old)

    def watch(self):
        """Notes who has a connection to whom, until it is over."""
        while not self.over.is_set():
            for pod in list(self.pods):
                self.opened.update((pod.kind, other) for other in pod.opened())
            self.over.wait(LOOK)

    def look(self):
        """An operator looks at the nodes, as long as the gateway that serves the page is there."""
        gateway = next(pod for pod in self.pods if pod.kind == "gateway")
        token = gateway.run("operator-link").strip().rsplit("#", 1)[1]
        body = {"token": token, "email": "op@example.com", "name": "Op", "password": "correct horse battery"}
        operator = Fan(self, 0, [f"{gateway.address}:9466"])
        operator.must("POST", "/api/v1/setup", body)
        operator.connection.close()
        asks = http.client.HTTPConnection(operator.doors[0], timeout=ATTEMPT)
        asks.request("GET", "/api/v1/ops/live?topic=nodes", headers={
            "Cookie": operator.cookie(), "Connection": "Upgrade", "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="})
        with contextlib.closing(asks):
            answer = asks.getresponse()
            assert answer.status == 101, (answer.status, answer.read())
            with contextlib.suppress(OSError):
                while not self.over.is_set() and asks.sock.recv(65536):
                    self.looked += 1

    def flows(self):
        """What was opened, in the words of `flows.local.txt`."""
        of_services = {at(urlsplit(url if "//" in url else f"//{url}").netloc.rsplit("@")[-1]): kind
                       for kind, url in SERVICES.items()}
        for kind, other in self.opened:
            if other in of_services:
                yield f"{kind} -> {of_services[other]} {PORTS[of_services[other]]}/TCP"
            elif other[:8] in self.kinds:
                yield f"{kind} -> {self.kinds[other[:8]]} {int(other[9:], 16)}/TCP"
            elif other != at(urlsplit(self.company.url).netloc):
                yield f"{kind} -> {other}"

    def close(self):
        self.over.set()
        for process in [pod.process for pod in self.pods] + [self.company.process]:
            process.kill()
            process.wait()
        self.company.process.stdout.close()
        subprocess.run(["psql", SERVICES["postgres"], "-qc", f"DROP DATABASE {self.database} WITH (FORCE)"], check=True)


class Fan:
    """Somebody who holds seats and lets go of them, at any gateway; who tries again, and notes what never worked."""

    def __init__(self, site, number, doors=None):
        self.site, self.cookies, self.turn, self.doors = site, {}, itertools.count(number), doors
        self.done, self.again, self.errors, self.connection = 0, 0, [], None

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def connect(self):
        """To one of the gateways that are served now; it is kept until it ends."""
        doors = self.doors or list(self.site.served)
        return http.client.HTTPConnection(doors[next(self.turn) % len(doors)], timeout=ATTEMPT)

    def ask(self, method, path, body):
        """Asks until there is an answer that is no outage; nothing if there is none for too long."""
        key, end, said = secrets.token_hex(16), time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            headers = {"Content-Type": "application/json", "Idempotency-Key": key, "Cookie": self.cookie()}
            try:
                self.connection = self.connection or self.connect()
                self.connection.request(method, path, json.dumps(body), headers)
                answer = self.connection.getresponse()
                text = answer.read()
                for line in answer.headers.get_all("Set-Cookie", []):
                    name, value = line.split(";")[0].split("=", 1)
                    self.cookies[name] = value
                if answer.status not in (429, 502, 503):
                    return answer.status, json.loads(text or "null")
                said = f"{method} {path}: {answer.status} {text[:300]}"
            except (OSError, http.client.HTTPException) as error:
                said = f"{method} {path}: {error!r}"
                self.connection.close()
                self.connection = None
            self.again += 1
        self.errors.append(said)
        return 0, None

    def must(self, method, path, body):
        status, answer = self.ask(method, path, body)
        if not 200 <= status < 300:
            raise AssertionError(f"{method} {path}: {status} {answer}")
        self.done += 1
        return answer

    def hold(self, event):
        self.must("POST", f"/api/v1/events/{event}/queue", {})
        self.must("POST", f"/api/v1/events/{event}/queue/claim", {})
        wanted = {"type": "best_available", "quantity": 2, "ticket_type": "adult"}
        return self.must("POST", f"/api/v1/events/{event}/holds", wanted)["id"]

    def shop(self, event):
        try:
            while not self.site.over.is_set():
                self.must("DELETE", f"/api/v1/holds/{self.hold(event)}", {})
            self.connection.close()
        except AssertionError as error:
            self.errors.append(str(error))

    def buy(self, event):
        """Pays, but the gateway does not hear of it in time: the worker finds out, and tells the engine."""
        order = self.must("POST", f"/api/v1/holds/{self.hold(event)}/order", {})["id"]
        payment = self.must("POST", f"/api/v1/orders/{order}/payments", {})
        key, amount = self.site.company.decide(payment["window_url"], "time_out")
        self.ask("POST", f"/api/v1/orders/{order}/payments/{payment['payment']}/confirm",
                 {"payment_key": key, "amount_minor": amount})
        end = time.monotonic() + PATIENCE
        while self.must("GET", f"/api/v1/orders/{order}", None)["state"] != "paid":
            assert time.monotonic() < end, "the payment was never settled"
            time.sleep(LOOK)


def allowed(manifests):
    """The flows between pods of ours and services; names are not resolved here."""
    lines, mistakes = flows.table(manifests)
    assert not mistakes, mistakes
    ours = {*PODS, "migrate"}
    return {line for line in lines if line.split()[0] in ours and line.split()[2] in ours | set(PORTS)}


@unittest.skipUnless(all(SERVICES.values()), "there are no services: .ci/services with k8s/check/run --pods")
class Pods(unittest.TestCase):
    def test_a_rollout_under_load_is_seen_by_nobody_and_opens_what_policies_allow(self):
        manifests = Manifests.read("local", (Path(os.environ["K8S_RENDERED"]) / "local.yaml").read_text())
        folder = Path(tempfile.mkdtemp(prefix="tiketi-pods-"))
        site = Site(manifests, folder)
        fans = [Fan(site, number) for number in range(FANS)]
        threads = [threading.Thread(target=site.watch)]
        try:
            threads[0].start()
            self.assertEqual(site.pod("migrate").process.wait(60), 0)
            for kind, many in PODS.items():
                for number in range(many):
                    site.start(kind, *(["--demo"] if (kind, number) == ("gateway", 0) else []))
            for number, fan in enumerate(fans):
                fan.must("POST", "/api/v1/accounts", {"email": f"fan{number}@example.com", "name": "Fan", "password": "correct horse battery"})
            event = fans[0].must("GET", "/api/v1/events", None)["items"][0]["id"]
            threads += [threading.Thread(target=site.look)]
            threads[-1].start()
            fans[0].buy(event)
            for fan in fans:
                threads.append(threading.Thread(target=fan.shop, args=[event]))
                threads[-1].start()
            for kind in PODS:
                site.roll_out(kind)
        finally:
            site.over.set()
            for thread in threads:
                thread.join()
            site.close()
            shutil.rmtree(folder)
        self.assertEqual([error for fan in fans for error in fan.errors], [])
        self.assertGreater(site.looked, 0, "nobody looked at the nodes")
        self.assertEqual(set(site.flows()), allowed(manifests))
        done, again = (sum(of) for of in zip(*((fan.done, fan.again) for fan in fans)))
        ended = {kind: f"{max(times):.1f} s" for kind, times in site.endings.items()}
        print(f"pods: replaced under {done} requests, {again} of which were tried again and none failed; ended within {ended}")


if __name__ == "__main__":
    unittest.main()
