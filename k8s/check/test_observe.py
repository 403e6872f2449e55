"""A real Prometheus scrapes a real node, and a real Alertmanager tells whoever is on call when it dies, and no more."""

import json
import queue
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import yaml

from policies import ROOT
from test_monitoring import ALERTS, matched

sys.path.insert(0, str(ROOT / "k8s/monitoring"))
from observe import PAGERDUTY_KEY, Observers, free_address

TIKETI = ROOT / "target/debug/tiketi"
# Never reached unless something is broken.
PATIENCE = 60


class Node:
    """A node that serves once this returns."""

    def __init__(self, folder, metrics):
        self.process = subprocess.Popen(
            [TIKETI, "serve", "--data-dir", folder, "--listen", "127.0.0.1:0", "--metrics-listen", metrics],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert "is serving" in self.process.stdout.readline()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Inhibiting(unittest.TestCase):
    def test_what_follows_from_another_alert_is_kept_back_by_a_running_alertmanager(self):
        rules = yaml.safe_load((ROOT / "k8s/monitoring/alertmanager.yaml").read_text())["inhibit_rules"]
        pairs = {(cause, target, "equal" in rule) for rule in rules
                 for target in matched(rule["target_matchers"]) for cause in matched(rule["source_matchers"])}
        for cause, target, of_instance in sorted(pairs):
            with self.subTest(cause=cause, target=target), Observers(None, lambda *_: None, at_once=True) as running:
                tell(running, (target, "one"), (target, "other"))
                self.assertEqual(kept_back(running), set(), "nothing is known of a cause yet")
                tell(running, (cause, "one"))
                expected = {(target, "one")} if of_instance else {(target, "one"), (target, "other")}
                end = time.monotonic() + PATIENCE
                # It takes the alert, and then looks whom else it concerns.
                while (found := kept_back(running)) != expected:
                    self.assertLess(time.monotonic(), end, found)


def tell(running, *alerts):
    """Has an Alertmanager take alerts, each with its name and instance; it may still be starting."""
    body = json.dumps([
        {"labels": {"alertname": name, "instance": instance, "severity": ALERTS[name]["labels"]["severity"]}}
        for name, instance in alerts]).encode()
    request = urllib.request.Request(f"http://{running.alertmanager}/api/v2/alerts", body,
                                     {"Content-Type": "application/json"})
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return urllib.request.urlopen(request, timeout=PATIENCE).close()
        except urllib.error.URLError:
            assert time.monotonic() < end, "Alertmanager does not answer"


def kept_back(running):
    """The alerts that an Alertmanager tells nobody of because of another."""
    with urllib.request.urlopen(f"http://{running.alertmanager}/api/v2/alerts", timeout=PATIENCE) as answer:
        alerts = json.load(answer)
    return {(each["labels"]["alertname"], each["labels"]["instance"])
            for each in alerts if each["status"]["inhibitedBy"]}


@unittest.skipUnless(TIKETI.exists(), "there is no node to observe: cargo build -p tiketi")
class Observing(unittest.TestCase):
    def test_a_node_that_serves_lets_whoever_is_on_call_sleep_and_one_that_dies_wakes_them(self):
        told, metrics = queue.Queue(), free_address()

        def pagerduty(action, alert):
            """What PagerDuty is told of an alert; everything before it is of others."""
            while True:
                to, event = told.get(timeout=PATIENCE)
                if to == "pagerduty" and event["event_action"] == action and alert in event["payload"]["summary"]:
                    return event

        with tempfile.TemporaryDirectory() as folder, \
                Observers(metrics, lambda *what: told.put(what), at_once=True):
            pagerduty("trigger", "TiketiNobodyServes")
            node = Node(folder, metrics)
            try:
                pagerduty("resolve", "TiketiNobodyServes")
            finally:
                node.kill()
            page = pagerduty("trigger", "TiketiNobodyServes")
        self.assertEqual(page["routing_key"], PAGERDUTY_KEY)
        self.assertEqual(page["payload"]["severity"], "critical")
        self.assertIn("RUNBOOK.md#tiketinobodyserves", page["client_url"])
