"""A real Prometheus scrapes a real node, and a real Alertmanager tells whoever is on call when it dies."""

import queue
import subprocess
import sys
import tempfile
import unittest

from policies import ROOT

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
