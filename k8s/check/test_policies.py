"""Each policy catches what it is for: rendered manifests are spoilt in one place and must be refused.

Needs the rendered overlays in the folder that K8S_RENDERED names (k8s/check/run makes them).
"""

import copy
import os
import unittest
from pathlib import Path

import flows
import policies
from manifests import Manifests, containers_of, get, main_container, pod_of

RENDERED = Path(os.environ["K8S_RENDERED"])
TEXT = {overlay: (RENDERED / f"{overlay}.yaml").read_text() for overlay in ("local", "prod")}
READ = {overlay: Manifests.read(overlay, text) for overlay, text in TEXT.items()}


def spoilt(change, overlay="prod"):
    """A copy of an overlay after a change."""
    manifests = Manifests(overlay, copy.deepcopy(READ[overlay].objects))
    change(manifests)
    return manifests


def at(kind, name, *path, to):
    """A change that sets what is at a path."""
    def change(manifests):
        each = manifests.one(kind, name)
        for step in path[:-1]:
            each = each[step]
        each[path[-1]] = to
    return change


def without(kind, name, *path):
    """A change that removes what is at a path."""
    def change(manifests):
        each = manifests.one(kind, name)
        for step in path[:-1]:
            each = each[step]
        del each[path[-1]]
    return change


def gone(kind, name):
    """A change that removes an object."""
    def change(manifests):
        manifests.objects.remove(manifests.one(kind, name))
    return change


def one_more(each):
    return lambda manifests: manifests.objects.append(each)


POD = ("spec", "template", "spec")
BINARY = (*POD, "containers", 0)
GATEWAY, ENGINE, WORKER = (("Deployment", f"tiketi-{role}") for role in policies.ROLES)
MIGRATE = ("Job", "tiketi-migrate")
SETTINGS = next(each["metadata"]["name"] for each in READ["prod"].of("ConfigMap")
                if each["metadata"]["name"].startswith("settings-"))


def set_setting(key, value):
    return at("ConfigMap", SETTINGS, "data", key, to=value)


def policy_named(name, **spec):
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
            "metadata": {"name": name, "namespace": "tiketi"}, "spec": spec}


# Policy, change, and a word that the breach must have.
MUTATIONS = [
    ("pods_are_restricted", at(*GATEWAY, *POD, "hostNetwork", to=True), "hostNetwork"),
    ("pods_are_restricted", at(*ENGINE, *BINARY, "securityContext", "privileged", to=True),
     "privileged"),
    ("pods_are_restricted", at(*ENGINE, *POD, "securityContext", "runAsUser", to=0), "runAsUser"),
    ("pods_are_restricted",
     at(*WORKER, *BINARY, "securityContext", "capabilities", "add", to=["NET_RAW"]), "capabilities"),
    ("pods_are_restricted",
     at(*MIGRATE, *POD, "initContainers", to=[{"name": "root", "image": "busybox"}]),
     "allowPrivilegeEscalation"),
    ("the_namespace_enforces_the_standard",
     at("Namespace", "tiketi", "metadata", "labels", "pod-security.kubernetes.io/enforce",
        to="baseline"), "restricted"),
    ("the_namespace_enforces_the_standard",
     at(*GATEWAY, "metadata", "namespace", to="default"), "not in the namespace"),
    ("nothing_can_be_written",
     at(*GATEWAY, *BINARY, "securityContext", "readOnlyRootFilesystem", to=False), "readOnlyRoot"),
    ("nothing_can_be_written", at(*ENGINE, *BINARY, "volumeMounts", 0, "readOnly", to=False),
     "read-only"),
    ("nothing_can_be_written",
     at(*ENGINE, *POD, "volumes", 0, to={"name": "keys", "hostPath": {"path": "/"}}), "neither"),
    ("nothing_can_be_written",
     at(*ENGINE, *POD, "volumes", 0, to={"name": "keys", "emptyDir": {}}), "neither"),
    ("pods_know_nothing_of_the_cluster", without(*WORKER, *POD, "automountServiceAccountToken"),
     "automount"),
    ("pods_know_nothing_of_the_cluster", at(*GATEWAY, *POD, "enableServiceLinks", to=True),
     "enableServiceLinks"),
    ("pods_know_nothing_of_the_cluster",
     one_more({"kind": "ClusterRoleBinding", "metadata": {"name": "all", "namespace": "tiketi"}}),
     "rights"),
    ("probes_have_their_own_meanings",
     at(*GATEWAY, *BINARY, "livenessProbe", "httpGet", "path", to="/readyz"), "livenessProbe"),
    ("probes_have_their_own_meanings", without(*WORKER, *BINARY, "readinessProbe"),
     "readinessProbe"),
    ("probes_have_their_own_meanings", without(*WORKER, *BINARY, "startupProbe"), "startupProbe"),
    ("probes_have_their_own_meanings",
     at(*ENGINE, *BINARY, "livenessProbe", "failureThreshold", to=1), "restarted"),
    ("probes_have_their_own_meanings",
     at(*GATEWAY, *BINARY, "readinessProbe", "failureThreshold", to=1), "fail-over"),
    ("the_grace_period_is_longer_than_a_stop",
     at(*ENGINE, *POD, "terminationGracePeriodSeconds", to=30), "at least"),
    ("the_grace_period_is_longer_than_a_stop",
     at(*GATEWAY, *BINARY, "lifecycle", "preStop", "sleep", "seconds", to=60), "at least"),
    ("the_grace_period_is_longer_than_a_stop", without(*GATEWAY, *BINARY, "lifecycle"), "preStop"),
    ("the_grace_period_is_longer_than_a_stop",
     set_setting("TIKETI_LIMITS__REQUEST_TIMEOUT_S", "60"), "at least"),
    ("a_rollout_never_has_fewer",
     at(*ENGINE, "spec", "strategy", "rollingUpdate", "maxUnavailable", to=1), "maxUnavailable"),
    ("a_rollout_never_has_fewer", at(*ENGINE, "spec", "strategy", "type", to="Recreate"),
     "one by one"),
    ("every_workload_has_one_budget", gone("PodDisruptionBudget", "tiketi-engine"), "0 disruption"),
    ("every_workload_has_one_budget",
     at("PodDisruptionBudget", "tiketi-engine", "spec", "selector", to={}), "2 disruption"),
    ("every_workload_has_one_budget",
     at("PodDisruptionBudget", "tiketi-worker", "spec", "maxUnavailable", to=0), "maxUnavailable"),
    ("workloads_grow_by_their_load",
     without("HorizontalPodAutoscaler", "tiketi-gateway", "spec", "metrics", 0), "tiketi_sockets"),
    ("workloads_grow_by_their_load",
     without("HorizontalPodAutoscaler", "tiketi-gateway", "spec", "metrics", 1), "cpu"),
    ("workloads_grow_by_their_load", gone("HorizontalPodAutoscaler", "tiketi-engine"),
     "no autoscaler"),
    ("workloads_grow_by_their_load",
     at("HorizontalPodAutoscaler", "tiketi-engine", "spec", "minReplicas", to=1), "at least 3"),
    ("workloads_grow_by_their_load",
     at("HorizontalPodAutoscaler", "tiketi-engine", "spec", "scaleTargetRef", "name", to="engine"),
     "scaleTargetRef"),
    ("workloads_grow_by_their_load", at(*GATEWAY, "spec", "replicas", to=3), "undo"),
    ("workloads_are_spread", without(*GATEWAY, *POD, "topologySpreadConstraints", 0), "zone"),
    ("workloads_are_spread", without(*GATEWAY, *POD, "topologySpreadConstraints"), "hostname"),
    ("workloads_are_spread",
     at(*ENGINE, *POD, "topologySpreadConstraints", 0, "labelSelector", "matchLabels",
        "app.kubernetes.io/component", to="gateway"), "its own pods"),
    ("workloads_are_spread",
     at(*ENGINE, *POD, "topologySpreadConstraints", 0, "whenUnsatisfiable", to="ScheduleAnyway"),
     "two zones"),
    ("resources_are_bounded", without(*WORKER, *BINARY, "resources", "limits"), "limits.memory"),
    ("resources_are_bounded", without(*WORKER, *BINARY, "resources", "requests", "cpu"),
     "requests.cpu"),
    ("resources_are_bounded", at(*ENGINE, *BINARY, "resources", "limits", "cpu", to="1"), "lease"),
    ("images_are_fixed", at(*ENGINE, *BINARY, "image", to="registry.example.com/tiketi:1.0"),
     "digest"),
    ("images_are_fixed", at(*MIGRATE, *BINARY, "image", to="other@sha256:" + "1" * 64),
     "different images"),
    ("images_are_fixed",
     at("Cluster", "tiketi-postgres", "spec", "imageName", to="postgresql:15"), "whole version"),
    ("images_are_fixed",
     at("RedisCluster", "tiketi-redis", "spec", "kubernetesConfig", "image", to="redis"),
     "whole version"),
    ("each_role_is_a_workload", at(*WORKER, *BINARY, "args", to=["serve"]), "one role each"),
    ("each_role_is_a_workload", gone(*WORKER), "one role each"),
    ("each_role_is_a_workload",
     at(*ENGINE, *BINARY, "env", 0, "valueFrom", "fieldRef", "fieldPath", to="status.hostIP"),
     "the pod's address"),
    ("each_role_is_a_workload",
     at(*ENGINE, *BINARY, "env", 1, "value", to="tiketi-engine:9465"), "$(POD_IP)"),
    ("each_role_is_a_workload", lambda m: main_container(m.one(*ENGINE))["env"].reverse(),
     "before what is made"),
    ("each_role_is_a_workload", set_setting("TIKETI_METRICS_LISTEN", "127.0.0.1:9464"),
     "not where it listens"),
    ("services_lead_somewhere",
     at("Service", "tiketi", "spec", "selector", "app.kubernetes.io/component", to="engine"),
     "nobody else"),
    ("services_lead_somewhere", at("Service", "tiketi", "spec", "ports", 0, "targetPort",
                                   to="metrics"), "not for fans"),
    ("services_lead_somewhere", at("Service", "tiketi", "spec", "type", to="LoadBalancer"), "edge"),
    ("fans_come_through_the_edge", set_setting("TIKETI_EDGE", "off"), "refused"),
    ("fans_come_through_the_edge", set_setting("TIKETI_OPERATORS_LISTEN", ""), "operators"),
    ("secrets_are_only_referred_to",
     one_more({"kind": "Secret", "metadata": {"name": "x", "namespace": "tiketi"}}), "tree"),
    ("secrets_are_only_referred_to",
     set_setting("TIKETI_CLUSTER__POSTGRES_URL", "postgres://tiketi:pw@db/tiketi"), "password"),
    ("secrets_are_only_referred_to", set_setting("TIKETI_PAYMENTS__SECRET_KEY", "live_sk_1"),
     "looks like a secret"),
    ("secrets_are_only_referred_to",
     at(*ENGINE, *BINARY, "env", 1, to={"name": "URL", "valueFrom": {"secretKeyRef": {"name": "x"}}}),
     "environment"),
    ("secrets_are_only_referred_to",
     at(*ENGINE, *BINARY, "envFrom", 0, to={"secretRef": {"name": "x"}}), "environment"),
    ("secrets_are_only_referred_to",
     at(*GATEWAY, *POD, "volumes", 0, "secret", "defaultMode", to=0o444), "defaultMode"),
    ("secrets_are_only_referred_to",
     at(*GATEWAY, *POD, "volumes", 0, "secret", "secretName", to="tiketi-forgotten"),
     "README.md does not say"),
    ("each_knows_only_its_secrets",
     lambda m: pod_of(m.one(*ENGINE))["volumes"].append(
         {"name": "payments", "secret": {"secretName": "tiketi-payments"}}), "must have"),
    ("each_knows_only_its_secrets",
     at(*GATEWAY, *POD, "volumes", 0, "secret", "secretName", to="tiketi-postgres-owner-url"),
     "must have"),
    ("the_migration_comes_first", gone(*MIGRATE), "one Job"),
    ("the_migration_comes_first", at(*MIGRATE, *BINARY, "args", to=["serve"]), "one Job"),
    ("the_migration_comes_first", without(*MIGRATE, "spec", "activeDeadlineSeconds"), "end"),
    ("what_is_acknowledged_survives_a_machine",
     at("Cluster", "tiketi-postgres", "spec", "instances", to=1), "instances"),
    ("what_is_acknowledged_survives_a_machine",
     without("Cluster", "tiketi-postgres", "spec", "postgresql", "synchronous"), "synchronous"),
    ("what_is_acknowledged_survives_a_machine",
     at("Kafka", "tiketi", "spec", "kafka", "config", "min.insync.replicas", to=1), "insync"),
    ("what_is_acknowledged_survives_a_machine",
     at("KafkaNodePool", "broker", "spec", "replicas", to=1), "copies"),
    ("what_is_acknowledged_survives_a_machine",
     set_setting("TIKETI_CLUSTER__KAFKA_REPLICATION", "1"), "copies"),
    ("what_is_acknowledged_survives_a_machine",
     at("RedisCluster", "tiketi-redis", "spec", "redisConfig", "dynamicConfig",
        to=["maxmemory-policy allkeys-lru"]), "noeviction"),
    ("what_is_acknowledged_survives_a_machine",
     at("HorizontalPodAutoscaler", "tiketi-gateway", "spec", "maxReplicas", to=100),
     "max_connections"),
    ("pods_of_operators_are_restricted_too",
     without("RedisCluster", "tiketi-redis", "spec", "redisFollower", "securityContext"),
     "redisFollower"),
    ("pods_of_operators_are_restricted_too",
     without("KafkaNodePool", "broker", "spec", "template", "pod", "securityContext"), "pod"),
    ("nobody_speaks_to_anybody_else", gone("NetworkPolicy", "nobody-to-nobody"), "denies"),
    ("nobody_speaks_to_anybody_else",
     at("NetworkPolicy", "nobody-to-nobody", "spec", "ingress", to=[{}]), "denies"),
    ("nobody_speaks_to_anybody_else",
     at("NetworkPolicy", "nobody-to-nobody", "spec", "policyTypes", to=["Ingress"]), "denies"),
    ("nobody_speaks_to_anybody_else", gone("NetworkPolicy", "redis"), "does not let it in"),
    ("nobody_speaks_to_anybody_else", gone("NetworkPolicy", "workers-stream"), "may not call it"),
    ("nobody_speaks_to_anybody_else", gone("NetworkPolicy", "metrics"), "not allowed"),
    ("nobody_speaks_to_anybody_else",
     one_more(policy_named("open", podSelector={}, policyTypes=["Egress"], egress=[{}])),
     "everywhere"),
    ("nobody_speaks_to_anybody_else",
     one_more(policy_named("open", podSelector={}, ingress=[{"ports": [{"port": 9464}]}])),
     "everywhere"),
    ("nobody_speaks_to_anybody_else",
     at("NetworkPolicy", "gateway", "spec", "ingress", 0, "ports", 0, "port", to=9090),
     "does not listen"),
    ("nobody_speaks_to_anybody_else",
     without("Kafka", "tiketi", "spec", "kafka", "listeners", 0, "networkPolicyPeers"),
     "everybody into Kafka"),
    ("nobody_speaks_to_anybody_else",
     at("NetworkPolicy", "postgres-asks-api-server", "spec", "egress", 0, "to", 0, "ipBlock",
        "cidr", to="10.0.0.0/8"), "too many"),
    ("nobody_speaks_to_anybody_else",
     at("NetworkPolicy", "workers-stream", "spec", "egress", 0, "to", 0, "podSelector",
        "matchLabels", to={"strimzi.io/cluster": "tikeit"}), "a rule chooses no pod"),
]


class Policies(unittest.TestCase):
    def test_what_is_in_the_tree_keeps_every_policy(self):
        for overlay, manifests in READ.items():
            with self.subTest(overlay=overlay):
                self.assertEqual(policies.breaches(manifests), [])

    def test_each_mutation_is_caught_by_its_policy(self):
        for name, change, word in MUTATIONS:
            with self.subTest(policy=name, word=word):
                found = list(getattr(policies, name)(spoilt(change)))
                self.assertTrue(any(word in text for text in found), found)

    def test_every_policy_has_a_mutation(self):
        mutated = {name for name, _, _ in MUTATIONS}
        self.assertEqual({each.__name__ for each in policies.POLICIES} - mutated, set())

    def test_every_line_of_every_security_context_matters(self):
        tried = 0
        for workload in READ["prod"].workloads():
            kind, name = workload["kind"], workload["metadata"]["name"]
            paths = [(*POD, "securityContext")]
            paths += [(*POD, "containers", number, "securityContext")
                      for number in range(len(containers_of(workload)))]
            for path in paths:
                for key in get(workload, *path):
                    with self.subTest(workload=name, path=path, key=key):
                        tried += 1
                        spoilt_one = spoilt(without(kind, name, *path, key))
                        self.assertNotEqual(policies.breaches(spoilt_one), [])
        self.assertEqual(tried, 4 * 8)

    def test_every_network_policy_and_every_rule_of_it_matters(self):
        tried = 0
        for overlay, manifests in READ.items():
            for each in manifests.of("NetworkPolicy"):
                name = each["metadata"]["name"]
                changes = [gone("NetworkPolicy", name)]
                for direction in ("ingress", "egress"):
                    changes += [without("NetworkPolicy", name, "spec", direction, number)
                                for number in range(len(each["spec"].get(direction, [])))]
                for change in changes:
                    with self.subTest(overlay=overlay, policy=name):
                        tried += 1
                        found = list(policies.nobody_speaks_to_anybody_else(spoilt(change, overlay)))
                        self.assertNotEqual(found, [])
        self.assertGreater(tried, 50)

    def test_a_flow_needs_both_ends(self):
        lines, mistakes = flows.table(spoilt(gone("NetworkPolicy", "engine")))
        self.assertNotIn("gateway -> engine 9465/TCP", lines)
        self.assertIn("gateway may call engine on 9465/TCP, but engine does not let it in", mistakes)


class Schemas(unittest.TestCase):
    """What a misspelt or impossible field comes to."""

    CASES = [
        (at(*GATEWAY, *POD, "terminationGracePeriodSecond", to=90), "terminationGracePeriodSecond"),
        (at(*GATEWAY, "spec", "replicas", to="three"), "three"),
        (at("NetworkPolicy", "engine", "spec", "ingres", to=[]), "ingres"),
        (without(*WORKER, "spec", "selector"), "selector"),
        (at("HorizontalPodAutoscaler", "tiketi-engine", "spec", "maxReplica", to=3), "maxReplica"),
        (at("Cluster", "tiketi-postgres", "spec", "instance", to=3), "instance"),
        (at("Cluster", "tiketi-postgres", "spec", "postgresql", "synchronous", "method", to="all"),
         "all"),
        (at("Kafka", "tiketi", "spec", "kafka", "listeners", 0, "tsl", to=False), "tsl"),
        (at("KafkaNodePool", "broker", "spec", "roles", to=["brokers"]), "brokers"),
        (at("RedisCluster", "tiketi-redis", "spec", "clusterSize", to=2), "2"),
        (at(*GATEWAY, "apiVersion", to="apps/v9"), "apps/v9"),
    ]

    def setUp(self):
        try:
            import kubernetes_validate  # noqa: F401
        except ImportError:
            self.skipTest("kubernetes-validate is not installed")

    def test_what_is_in_the_tree_has_no_fault(self):
        import schemas
        for overlay, manifests in READ.items():
            with self.subTest(overlay=overlay):
                self.assertEqual(list(schemas.faults(manifests)), [])

    def test_each_fault_is_found(self):
        import schemas
        for change, word in self.CASES:
            with self.subTest(word=word):
                found = list(schemas.faults(spoilt(change)))
                self.assertTrue(any(word in text for text in found), found)


if __name__ == "__main__":
    unittest.main()
