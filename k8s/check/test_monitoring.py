"""Every alert is tested both ways, has its place in the runbook and reaches somebody; rules and dashboards name
metrics and labels that exist."""

import json
import re
import subprocess
import tempfile
import unittest

import yaml

from policies import ROOT

FOLDER = ROOT / "k8s/monitoring"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yaml").read_text())["groups"]
         for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
TESTED = [case for test in yaml.safe_load((FOLDER / "rules.test.yaml").read_text())["tests"]
          for case in test["alert_rule_test"]]
RECEIVERS = {"page": "pagerduty", "ticket": "slack"}
DASHBOARDS = {path.name: json.loads(path.read_text()) for path in FOLDER.glob("grafana/dashboards/*.json")}
PARTS_OF_A_HISTOGRAM = ("_bucket", "_sum", "_count")


def metrics():
    """The names in METRICS.md that a query may use."""
    for name, kind in re.findall(r"^\| `(\w+)` \| (\w+) \|", (FOLDER / "METRICS.md").read_text(), re.M):
        yield from [name + part for part in PARTS_OF_A_HISTOGRAM] if kind == "histogram" else [name]


class Monitoring(unittest.TestCase):
    def test_promtool_takes_the_rules_and_their_tests(self):
        for command in (["check", "rules", "rules.yaml"], ["test", "rules", "rules.test.yaml"]):
            done = subprocess.run(["promtool", *command], cwd=FOLDER, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_alert_fires_in_one_case_and_is_silent_in_another(self):
        cases = {(case["alertname"], bool(case["exp_alerts"])) for case in TESTED}
        self.assertEqual(cases, {(alert, fires) for alert in ALERTS for fires in (True, False)})

    def test_every_alert_has_a_severity_and_a_section_that_its_link_names(self):
        sections = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", (FOLDER / "RUNBOOK.md").read_text(),
                              re.M | re.S)
        self.assertEqual([name for name, _ in sections], list(ALERTS))
        for name, text in sections:
            self.assertTrue("- Look: " in text and "- Do: " in text, name)
            alert = ALERTS[name]
            self.assertIn(alert["labels"]["severity"], ("page", "ticket"), name)
            self.assertTrue(alert["annotations"]["summary"], name)
            link = alert["annotations"]["runbook_url"]
            self.assertTrue(link.endswith(f"/RUNBOOK.md#{name.lower()}"), link)

    def test_every_metric_in_a_rule_is_served_and_every_recorded_one_is_made(self):
        served = set(metrics())
        recorded = {rule["record"] for rule in RULES if "record" in rule}
        used = {name for rule in RULES for name in re.findall(r"\btiketi[\w:]+", rule["expr"])}
        self.assertGreater(len(used), 15)
        self.assertEqual(used - served - recorded, set())

    def test_every_dashboard_asks_for_metrics_and_labels_that_there_are(self):
        names = set(metrics()) | {rule["record"] for rule in RULES if "record" in rule}
        labels = set(re.findall(r"`(\w+)`(?=[:;]|\s*\|)", "\n".join(
            row.split("|")[4] + " |" for row in (FOLDER / "METRICS.md").read_text().splitlines()
            if row.startswith("| `"))))
        labels |= {"le", "instance", "job", "alertname", "alertstate"}
        used = set()
        for name, expr in queries():
            asked = set(re.findall(r"\btiketi[\w:]+", expr))
            self.assertTrue(asked and asked <= names, f"{name}: {asked - names}")
            of_labels = set(re.findall(r"(\w+)=~?\"", expr))
            for listed in re.findall(r"\bby \(([\w, ]+)\)", expr):
                of_labels |= set(listed.split(", "))
            self.assertEqual(of_labels - labels, set(), name)
            used |= asked
        self.assertGreater(len(used), 25)

    def test_prometheus_reads_every_query_of_a_dashboard(self):
        rules = [{"record": f"query:{number}", "expr": expr.replace("$__range", "1h")}
                 for number, (_, expr) in enumerate(queries())]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}, file)
            file.flush()
            done = subprocess.run(["promtool", "check", "rules", file.name], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_dashboard_is_provisioned_and_every_panel_says_what_it_shows(self):
        source, = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/tiketi.yaml").read_text())["datasources"]
        self.assertEqual(len({board["uid"] for board in DASHBOARDS.values()}), 2)
        for name, board in DASHBOARDS.items():
            taken = set()
            for panel in board["panels"]:
                for part in [panel, *panel["targets"], *board["annotations"]["list"]]:
                    self.assertEqual(part["datasource"], {"type": source["type"], "uid": source["uid"]}, name)
                self.assertTrue(panel["title"] and panel["description"].endswith("."), panel["title"])
                self.assertTrue(panel["fieldConfig"]["defaults"]["unit"], panel["title"])
                at = panel["gridPos"]
                cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
                self.assertFalse(cells & taken, f"{panel['title']} lies over another")
                self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
                taken |= cells

    def test_every_alert_reaches_who_its_severity_says(self):
        done = amtool("check-config", "alertmanager.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for name, alert in ALERTS.items():
            severity = alert["labels"]["severity"]
            done = amtool("config", "routes", "test", "--config.file", "alertmanager.yaml",
                          f"--verify.receivers={RECEIVERS[severity]}", f"severity={severity}", f"alertname={name}")
            self.assertEqual(done.returncode, 0, f"{name}: {done.stdout}{done.stderr}")

    def test_what_is_secret_is_in_files(self):
        self.assertIsNone(re.search(r"^\s*-?\s*(routing_key|service_key|api_url|slack_api_url|password):",
                                    (FOLDER / "alertmanager.yaml").read_text(), re.M))

    def test_an_alert_is_kept_back_by_one_that_exists_and_a_page_by_a_page_alone(self):
        kept_back = {}
        for rule in yaml.safe_load((FOLDER / "alertmanager.yaml").read_text())["inhibit_rules"]:
            for target in matched(rule["target_matchers"]):
                kept_back.setdefault(target, set()).update(matched(rule["source_matchers"]))
        self.assertIn("TiketiNodeDown", kept_back["TiketiNodesNotReached"])
        for target, sources in kept_back.items():
            if ALERTS[target]["labels"]["severity"] == "page":
                self.assertEqual({ALERTS[source]["labels"]["severity"] for source in sources}, {"page"}, target)


def queries():
    """Each query of each dashboard, with the name of its panel."""
    for board in DASHBOARDS.values():
        for panel in board["panels"]:
            yield from ((panel["title"], target["expr"]) for target in panel["targets"])


def amtool(*arguments):
    return subprocess.run(["amtool", *arguments], cwd=FOLDER, capture_output=True, text=True)


def matched(matchers):
    """The alerts that some matchers of Alertmanager match; each name that they list must be one."""
    names = set(ALERTS)
    for matcher in matchers:
        label, operator, value = re.fullmatch(r'(\w+) (=~?) "(.+)"', matcher).groups()
        pattern = value if operator == "=~" else re.escape(value)
        if label == "alertname" and ".+" not in value:
            assert set(value.split("|")) <= set(ALERTS), f"{matcher} names an alert that there is not"
        names = {name for name in names
                 if re.fullmatch(pattern, name if label == "alertname" else ALERTS[name]["labels"][label])}
    assert names, f"{matchers} match nothing"
    return names
