"""Rendered manifests, and how to find something in them."""

import yaml

NAMESPACE = "tiketi"
ROLES = ("gateway", "engine", "worker")


class Manifests:
    """The objects of one overlay."""

    def __init__(self, overlay, objects):
        self.overlay = overlay
        self.objects = objects

    @classmethod
    def read(cls, overlay, text):
        return cls(overlay, [each for each in yaml.safe_load_all(text) if each])

    @property
    def is_production(self):
        return self.overlay == "prod"

    def of(self, kind):
        return [each for each in self.objects if each["kind"] == kind]

    def one(self, kind, name):
        found = [each for each in self.of(kind) if each["metadata"]["name"] == name]
        return found[0] if found else None

    def workloads(self):
        """What runs our binary."""
        return self.of("Deployment") + self.of("Job")

    def nodes(self):
        """The workloads that serve."""
        return self.of("Deployment")

    def settings(self, workload):
        """The environment of a workload, as far as it is written down."""
        found = {}
        container = main_container(workload)
        for source in container.get("envFrom", []):
            settings = self.one("ConfigMap", source["configMapRef"]["name"])
            found.update(settings["data"] if settings else {})
        for each in container.get("env", []):
            found[each["name"]] = each.get("value")
        return found


def name_of(each):
    return f"{each['kind']}/{each['metadata']['name']}"


def pod_of(workload):
    return workload["spec"]["template"]["spec"]


def labels_of(workload):
    return workload["spec"]["template"]["metadata"].get("labels", {})


def main_container(workload):
    return pod_of(workload)["containers"][0]


def containers_of(workload):
    pod = pod_of(workload)
    return pod.get("initContainers", []) + pod["containers"]


def get(each, *path, default=None):
    """What is at a path, or the default."""
    for step in path:
        if isinstance(each, list) and isinstance(step, int) and step < len(each):
            each = each[step]
        elif isinstance(each, dict) and step in each:
            each = each[step]
        else:
            return default
    return each


def matches(selector, labels):
    """Whether a label selector takes these labels. An empty one takes all."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for term in selector.get("matchExpressions", []):
        has = labels.get(term["key"])
        operator = term["operator"]
        fits = {
            "In": has in term.get("values", []),
            "NotIn": has not in term.get("values", []),
            "Exists": has is not None,
            "DoesNotExist": has is None,
        }[operator]
        if not fits:
            return False
    return True
