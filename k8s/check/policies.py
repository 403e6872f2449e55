"""What every overlay must keep. Each policy yields a sentence for each breach."""

import re
from pathlib import Path

import flows
from manifests import (
    NAMESPACE, ROLES, containers_of, get, labels_of, main_container, matches, name_of, pod_of,
)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
POLICIES = []


def policy(function):
    POLICIES.append(function)
    return function


def breaches(manifests):
    """Every breach of every policy."""
    return [f"{each.__name__}: {text}" for each in POLICIES for text in each(manifests)]


def wants(where, each, *path, to_be):
    """A breach, unless exactly this is at a path."""
    found = get(each, *path)
    if found != to_be:
        yield f"{where}: {'.'.join(map(str, path))} must be {to_be!r}, not {found!r}"


@policy
def pods_are_restricted(manifests):
    """Kubernetes' restricted standard, written out: no root, no way to more rights."""
    for workload in manifests.workloads():
        where, pod = name_of(workload), pod_of(workload)
        yield from wants(where, pod, "securityContext", "runAsNonRoot", to_be=True)
        yield from wants(where, pod, "securityContext", "seccompProfile", "type",
                         to_be="RuntimeDefault")
        for key in ("runAsUser", "runAsGroup", "fsGroup"):
            yield from wants(where, pod, "securityContext", key, to_be=65532)
        for key in ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"):
            if pod.get(key):
                yield f"{where}: {key} must not be set"
        for container in containers_of(workload):
            yield from wants(where, container, "securityContext", "allowPrivilegeEscalation",
                             to_be=False)
            yield from wants(where, container, "securityContext", "capabilities",
                             to_be={"drop": ["ALL"]})
            for key in ("privileged", "runAsUser", "runAsNonRoot", "procMount"):
                if key in container.get("securityContext", {}):
                    yield f"{where}: a container must not set {key} for itself"
            if any("hostPort" in port for port in container.get("ports", [])):
                yield f"{where}: hostPort must not be set"


@policy
def the_namespace_enforces_the_standard(manifests):
    """A pod that breaks it is refused, whoever makes it; and nothing is put elsewhere."""
    namespace = manifests.one("Namespace", NAMESPACE)
    if namespace is None:
        yield f"there is no Namespace/{NAMESPACE}"
        return
    labels = namespace["metadata"].get("labels", {})
    prefix = "pod-security.kubernetes.io/"
    if labels.get(prefix + "enforce") != "restricted":
        yield "the namespace must enforce the restricted standard"
    if not re.fullmatch(r"v1\.\d+", labels.get(prefix + "enforce-version", "")):
        yield "the namespace must say which version of the standard it enforces"
    for each in manifests.objects:
        if each["kind"] != "Namespace" and each["metadata"].get("namespace") != NAMESPACE:
            yield f"{name_of(each)} is not in the namespace {NAMESPACE}"


@policy
def nothing_can_be_written(manifests):
    """The root is read-only, and only secrets and settings are mounted."""
    for workload in manifests.workloads():
        where = name_of(workload)
        for container in containers_of(workload):
            yield from wants(where, container, "securityContext", "readOnlyRootFilesystem",
                             to_be=True)
            for mount in container.get("volumeMounts", []):
                if mount.get("readOnly") is not True:
                    yield f"{where}: {mount['mountPath']} must be mounted read-only"
        for volume in pod_of(workload).get("volumes", []):
            if not set(volume) <= {"name", "secret", "configMap"}:
                yield f"{where}: volume {volume['name']} is neither a secret nor settings"


@policy
def pods_know_nothing_of_the_cluster(manifests):
    """No token for the API server; no variables that the binary would take for settings."""
    for workload in manifests.workloads():
        where, pod = name_of(workload), pod_of(workload)
        yield from wants(where, pod, "automountServiceAccountToken", to_be=False)
        yield from wants(where, pod, "enableServiceLinks", to_be=False)
        if pod.get("serviceAccountName", "default") != "default":
            yield f"{where}: a service account of its own is not needed"
    for kind in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "ServiceAccount"):
        for each in manifests.of(kind):
            yield f"{name_of(each)}: nothing here needs rights in the cluster"


@policy
def probes_have_their_own_meanings(manifests):
    """Started and alive ask the process alone; ready asks the store too, and is patient."""
    for workload in manifests.nodes():
        where, container = name_of(workload), main_container(workload)
        for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"),
                            ("readinessProbe", "/readyz")):
            yield from wants(where, container, probe, "httpGet", "path", to_be=path)
            yield from wants(where, container, probe, "httpGet", "port", to_be="metrics")
        lasts = lambda probe: (get(container, probe, "periodSeconds", default=10)  # noqa: E731
                               * get(container, probe, "failureThreshold", default=3))
        if lasts("startupProbe") < 60:
            yield f"{where}: a start may take a minute"
        if lasts("livenessProbe") < 30:
            yield f"{where}: a process that is slow for less than 30 s must not be restarted"
        if not 20 <= lasts("readinessProbe") <= 60:
            yield f"{where}: readiness must outlast a fail-over of Postgres (20 to 60 s)"


def _seconds(name):
    text = (ROOT / "api/src/bootstrap/mod.rs").read_text()
    found = re.search(rf"const {name}: Duration = Duration::from_secs\((\d+)\);", text)
    if found is None:
        raise SystemExit(f"k8s/check: api/src/bootstrap/mod.rs has no {name}; see how long the "
                         "binary takes to stop, and mend policies.py")
    return int(found[1])


def stop_takes_s(request_timeout_s=20):
    """How long the binary takes to stop at most, by its own constants."""
    return _seconds("DRAIN_WITHIN") + request_timeout_s + _seconds("ENGINE_STOP_WITHIN")


@policy
def the_grace_period_is_longer_than_a_stop(manifests):
    """Hand over, finish requests, finish the engine: nobody is killed in the midst of it."""
    for workload in manifests.nodes():
        where, pod = name_of(workload), pod_of(workload)
        sleep = get(main_container(workload), "lifecycle", "preStop", "sleep", "seconds", default=0)
        request = int(manifests.settings(workload).get("TIKETI_LIMITS__REQUEST_TIMEOUT_S", 20))
        needs = sleep + stop_takes_s(request) + 10
        if pod.get("terminationGracePeriodSeconds", 30) < needs:
            yield f"{where}: terminationGracePeriodSeconds must be at least {needs}"
        if labels_of(workload).get("app.kubernetes.io/component") == "gateway" and sleep < 5:
            yield f"{where}: preStop must wait until nobody routes to the pod any more"


@policy
def a_rollout_never_has_fewer(manifests):
    """A new pod is there before an old one goes."""
    for workload in manifests.nodes():
        where = name_of(workload)
        yield from wants(where, workload, "spec", "strategy", "rollingUpdate", "maxUnavailable",
                         to_be=0)
        if get(workload, "spec", "strategy", "type", default="RollingUpdate") != "RollingUpdate":
            yield f"{where}: must be replaced one by one"
        if get(workload, "spec", "minReadySeconds", default=0) < 5:
            yield f"{where}: minReadySeconds must be at least 5"


@policy
def every_workload_has_one_budget(manifests):
    """Machines can be emptied, one pod at a time."""
    for workload in manifests.nodes():
        where, labels = name_of(workload), labels_of(workload)
        budgets = [each for each in manifests.of("PodDisruptionBudget")
                   if matches(each["spec"]["selector"], labels)]
        if len(budgets) != 1:
            yield f"{where}: {len(budgets)} disruption budgets, must be 1"
        for budget in budgets:
            yield from wants(name_of(budget), budget, "spec", "maxUnavailable", to_be=1)
            yield from wants(name_of(budget), budget, "spec", "unhealthyPodEvictionPolicy",
                             to_be="AlwaysAllow")


@policy
def workloads_grow_by_their_load(manifests):
    """In production gateways by sockets and CPU, engines by CPU; never below three."""
    if not manifests.is_production:
        return
    for role, metrics in (("gateway", {"tiketi_sockets", "cpu"}), ("engine", {"cpu"})):
        scaler = manifests.one("HorizontalPodAutoscaler", f"tiketi-{role}")
        if scaler is None:
            yield f"tiketi-{role} has no autoscaler"
            continue
        where, spec = name_of(scaler), scaler["spec"]
        yield from wants(where, spec, "scaleTargetRef",
                         to_be={"apiVersion": "apps/v1", "kind": "Deployment",
                                "name": f"tiketi-{role}"})
        found = {get(each, "pods", "metric", "name") or get(each, "resource", "name")
                 for each in spec["metrics"]}
        if found != metrics:
            yield f"{where}: must go by {sorted(metrics)}, not {sorted(found)}"
        if spec.get("minReplicas", 1) < 3:
            yield f"{where}: minReplicas must be at least 3, one a zone"
        if spec["maxReplicas"] <= spec.get("minReplicas", 1):
            yield f"{where}: maxReplicas leaves no room"
        if get(spec, "behavior", "scaleDown", "stabilizationWindowSeconds", default=300) < 600:
            yield f"{where}: must not shrink within ten minutes"
        deployment = manifests.one("Deployment", f"tiketi-{role}")
        if deployment and "replicas" in deployment["spec"]:
            yield f"Deployment/tiketi-{role}: replicas would undo what the autoscaler did"


@policy
def workloads_are_spread(manifests):
    """Over machines always, over zones in production; each release by itself."""
    wanted = {"kubernetes.io/hostname"}
    if manifests.is_production:
        wanted.add("topology.kubernetes.io/zone")
    for workload in manifests.nodes():
        where = name_of(workload)
        constraints = pod_of(workload).get("topologySpreadConstraints", [])
        missing = wanted - {each["topologyKey"] for each in constraints}
        for key in sorted(missing):
            yield f"{where}: is not spread over {key}"
        for each in constraints:
            key = each["topologyKey"]
            if not matches(each.get("labelSelector", {}), labels_of(workload)):
                yield f"{where}: the spread over {key} does not count its own pods"
            if each["maxSkew"] != 1 or each.get("matchLabelKeys") != ["pod-template-hash"]:
                yield f"{where}: the spread over {key} must be even, for each release"
            strict = each["whenUnsatisfiable"] == "DoNotSchedule"
            if key == "topology.kubernetes.io/zone" and not strict:
                yield f"{where}: two zones may not be left for one"


@policy
def resources_are_bounded(manifests):
    """What a pod needs is set aside for it; its memory is bounded by the same."""
    for workload in manifests.workloads():
        where = name_of(workload)
        for container in containers_of(workload):
            for key in ("cpu", "memory"):
                if not get(container, "resources", "requests", key):
                    yield f"{where}: resources.requests.{key} is missing"
            limit = get(container, "resources", "limits", "memory")
            if limit is None or limit != get(container, "resources", "requests", "memory"):
                yield f"{where}: resources.limits.memory must be what is requested"
            if get(container, "resources", "limits", "cpu"):
                yield f"{where}: a limit of CPU stops a node for longer than a lease lasts"


@policy
def images_are_fixed(manifests):
    """All workloads run one image, in production one digest; every other image has a version."""
    ours = {container["image"] for workload in manifests.workloads()
            for container in containers_of(workload)}
    if len(ours) != 1:
        yield f"the workloads run different images: {sorted(ours)}"
    for image in sorted(ours):
        if manifests.is_production and not re.search(r"@sha256:[0-9a-f]{64}$", image):
            yield f"{image} must be named by its digest"
        if image == "tiketi" or image.endswith(":latest"):
            yield f"{image} may be anything"
    for kind, *path in (("Cluster", "spec", "imageName"),
                        ("RedisCluster", "spec", "kubernetesConfig", "image")):
        for each in manifests.of(kind):
            if not re.search(r":v?\d+\.\d+\S*$", get(each, *path, default="")):
                yield f"{name_of(each)}: {'.'.join(path)} must name a whole version"
    for each in manifests.of("Kafka"):
        if not re.fullmatch(r"\d+\.\d+\.\d+", get(each, "spec", "kafka", "version", default="")):
            yield f"{name_of(each)}: spec.kafka.version must be a whole version"


@policy
def each_role_is_a_workload(manifests):
    """Gateways, engines and workers scale apart; nodes find each other by pod address."""
    commands = sorted(main_container(each).get("args", []) for each in manifests.nodes())
    if commands != sorted(["serve", "--roles", role] for role in ROLES):
        yield f"the deployments must run one role each, not {commands}"
    for workload in manifests.nodes():
        where, container = name_of(workload), main_container(workload)
        settings = manifests.settings(workload)
        port = settings.get("TIKETI_CLUSTER__NODE_LISTEN", "").rpartition(":")[2]
        if settings.get("TIKETI_CLUSTER__NODE_ADDRESS") != f"$(POD_IP):{port}":
            yield f"{where}: its address for other nodes must be $(POD_IP):{port}"
        address = [each for each in container.get("env", []) if each["name"] == "POD_IP"]
        if get(address, 0, "valueFrom", "fieldRef", "fieldPath") != "status.podIP":
            yield f"{where}: POD_IP must be the pod's address"
        order = [each["name"] for each in container.get("env", [])]
        if order and order[0] != "POD_IP":
            yield f"{where}: POD_IP must stand before what is made of it"
        listening = {"http": "TIKETI_LISTEN", "node": "TIKETI_CLUSTER__NODE_LISTEN",
                     "metrics": "TIKETI_METRICS_LISTEN", "operators": "TIKETI_OPERATORS_LISTEN"}
        for each in container.get("ports", []):
            address = settings.get(listening[each["name"]], "")
            if address != f"0.0.0.0:{each['containerPort']}":
                yield f"{where}: port {each['name']} is not where it listens ({address})"


@policy
def services_lead_somewhere(manifests):
    """Every Service and autoscaler names pods and ports that are there."""
    for service in manifests.of("Service"):
        where, spec = name_of(service), service["spec"]
        chosen = [each for each in manifests.nodes()
                  if matches({"matchLabels": spec.get("selector", {})}, labels_of(each))]
        if [labels_of(each).get("app.kubernetes.io/component") for each in chosen] != ["gateway"]:
            yield f"{where}: must choose the gateways, and nobody else"
            continue
        names = {port["name"] for port in main_container(chosen[0]).get("ports", [])}
        for port in spec["ports"]:
            if port.get("targetPort") not in names:
                yield f"{where}: nobody has the port {port.get('targetPort')}"
            if port.get("targetPort") != "http":
                yield f"{where}: {port.get('targetPort')} is not for fans"
        if spec.get("type", "ClusterIP") != "ClusterIP":
            yield f"{where}: fans come through the edge"


@policy
def fans_come_through_the_edge(manifests):
    """Gateways believe the edge alone, and operators do not come through it."""
    for workload in manifests.nodes():
        where, settings = name_of(workload), manifests.settings(workload)
        if manifests.is_production and settings.get("TIKETI_EDGE") != "required":
            yield f"{where}: whoever is not the edge must be refused"
        if not settings.get("TIKETI_OPERATORS_LISTEN"):
            yield f"{where}: what is for operators must not be where fans are"


SECRET_WORD = re.compile(r"password|secret|token|private|api_?key", re.IGNORECASE)


def secrets_named(manifests):
    """The secrets that anything here refers to."""
    found = set()
    for workload in manifests.workloads():
        for volume in pod_of(workload).get("volumes", []):
            if "secret" in volume:
                found.add(volume["secret"]["secretName"])
    for cluster in manifests.of("Cluster"):
        spec = cluster["spec"]
        found |= {get(spec, "bootstrap", "initdb", "secret", "name")}
        found |= {get(role, "passwordSecret", "name")
                  for role in get(spec, "managed", "roles", default=[])}
        found |= set(spec.get("certificates", {}).values())
    for redis in manifests.of("RedisCluster"):
        found |= {get(redis, "spec", "kubernetesConfig", "redisSecret", "name"),
                  get(redis, "spec", "acl", "secret", "secretName")}
    return found - {None}


@policy
def secrets_are_only_referred_to(manifests):
    """No secret is in the tree or in the environment; each is a file that few may read."""
    for each in manifests.of("Secret"):
        yield f"{name_of(each)}: no secret belongs into the tree"
    for settings in manifests.of("ConfigMap"):
        for key, value in settings["data"].items():
            if SECRET_WORD.search(key) and not key.endswith("_FILE"):
                yield f"{name_of(settings)}: {key} looks like a secret: name a file"
            if re.search(r"://[^/\s]*:[^/\s]*@|-----BEGIN", value):
                yield f"{name_of(settings)}: {key} holds a password"
    for workload in manifests.workloads():
        where = name_of(workload)
        for container in containers_of(workload):
            for each in container.get("env", []):
                if get(each, "valueFrom", "secretKeyRef"):
                    yield f"{where}: {each['name']} is a secret in the environment"
                if SECRET_WORD.search(each["name"]) and not each["name"].endswith("_FILE"):
                    yield f"{where}: {each['name']} looks like a secret: name a file"
            if any("secretRef" in each for each in container.get("envFrom", [])):
                yield f"{where}: secrets must not be in the environment"
        for volume in pod_of(workload).get("volumes", []):
            if "secret" in volume:
                yield from wants(f"{where}: volume {volume['name']}", volume, "secret",
                                 "defaultMode", to_be=0o440)
    told = (ROOT / "k8s/README.md").read_text()
    example = (ROOT / "k8s/secrets.example.yaml").read_text()
    for name in sorted(secrets_named(manifests)):
        if f"`{name}`" not in told:
            yield f"k8s/README.md does not say how {name} is replaced"
        if f"  name: {name}\n" not in example:
            yield f"k8s/secrets.example.yaml has no {name}"


@policy
def each_knows_only_its_secrets(manifests):
    """Engines are not told the key for money; the owner's URL is the migration's alone."""
    base = {"tiketi-keys", "tiketi-postgres-url", "tiketi-redis-url"}
    ca = {"tiketi-postgres-ca"} if manifests.is_production else set()
    may = {
        "gateway": base | ca | {"tiketi-payments"},
        "worker": base | ca | {"tiketi-payments"},
        "engine": base | ca,
        "migrate": {"tiketi-postgres-owner-url"} | ca,
    }
    for workload in manifests.workloads():
        role = labels_of(workload).get("app.kubernetes.io/component")
        has = {volume["secret"]["secretName"] for volume in pod_of(workload).get("volumes", [])
               if "secret" in volume}
        if has != may.get(role):
            yield f"{name_of(workload)}: has {sorted(has)}, must have {sorted(may.get(role, []))}"


@policy
def the_migration_comes_first(manifests):
    """One job that ends, and does nothing else."""
    jobs = manifests.of("Job")
    if [main_container(each).get("args") for each in jobs] != [["migrate"]]:
        yield "there must be one Job, which runs `tiketi migrate`"
        return
    job = jobs[0]
    yield from wants(name_of(job), pod_of(job), "restartPolicy", to_be="Never")
    if not job["spec"].get("activeDeadlineSeconds"):
        yield f"{name_of(job)}: must end some time"
    yield from wants(name_of(job), job, "metadata", "labels", "app.kubernetes.io/component",
                     to_be="migrate")


# Connections of one node: five contexts with four each, four that append, two that take over, one
# to end whoever blocks.
CONNECTIONS_OF_A_NODE = 5 * 4 + 4 + 2 + 1


@policy
def what_is_acknowledged_survives_a_machine(manifests):
    """Three of each service in production, and what is written is on two before it counts."""
    cluster, kafka = manifests.one("Cluster", "tiketi-postgres"), manifests.one("Kafka", "tiketi")
    pool = manifests.one("KafkaNodePool", "broker")
    redis = manifests.one("RedisCluster", "tiketi-redis")
    if None in (cluster, kafka, pool, redis):
        yield "Postgres, Kafka or Redis is missing"
        return
    yield from wants(name_of(redis), redis, "spec", "redisConfig", "dynamicConfig",
                     to_be=["maxmemory-policy noeviction"])
    yield from wants(name_of(redis), redis, "spec", "clusterSize", to_be=3)
    settings = manifests.settings(manifests.one("Deployment", "tiketi-worker") or
                                  manifests.nodes()[0])
    copies, brokers = settings.get("TIKETI_CLUSTER__KAFKA_REPLICATION"), pool["spec"]["replicas"]
    if copies != str(brokers):
        yield f"the binary makes topics with {copies} copies on {brokers} brokers"
    if len(settings.get("TIKETI_CLUSTER__KAFKA_BROKERS", "").split(",")) != brokers:
        yield f"the binary must be told of each of {brokers} brokers"
    if not manifests.is_production:
        return
    yield from wants(name_of(cluster), cluster, "spec", "instances", to_be=3)
    synchronous = {"method": "any", "number": 1, "dataDurability": "required",
                   "failoverQuorum": True}
    yield from wants(name_of(cluster), cluster, "spec", "postgresql", "synchronous",
                     to_be=synchronous)
    yield from wants(name_of(cluster), cluster, "spec", "affinity", "podAntiAffinityType",
                     to_be="required")
    yield from wants(name_of(pool), pool, "spec", "replicas", to_be=3)
    for key, value in (("min.insync.replicas", 2), ("default.replication.factor", 3),
                       ("auto.create.topics.enable", False)):
        yield from wants(name_of(kafka), kafka, "spec", "kafka", "config", key, to_be=value)
    for part in ("redisLeader", "redisFollower"):
        yield from wants(name_of(redis), redis, "spec", part, "pdb",
                         to_be={"enabled": True, "maxUnavailable": 1})
    nodes = sum(each["spec"]["maxReplicas"] for each in manifests.of("HorizontalPodAutoscaler"))
    nodes += sum(each["spec"].get("replicas", 0) for each in manifests.nodes())
    # A rollout has one more of each; Postgres keeps some connections for itself.
    needs = (nodes + len(ROLES)) * CONNECTIONS_OF_A_NODE + 20
    has = int(get(cluster, "spec", "postgresql", "parameters", "max_connections", default="100"))
    if has < needs:
        yield f"{name_of(cluster)}: max_connections is {has}, all nodes together take {needs}"


@policy
def pods_of_operators_are_restricted_too(manifests):
    """The namespace would refuse them otherwise."""
    for redis in manifests.of("RedisCluster"):
        where, spec = name_of(redis), redis["spec"]
        yield from wants(where, spec, "podSecurityContext", "runAsNonRoot", to_be=True)
        yield from wants(where, spec, "podSecurityContext", "seccompProfile", "type",
                         to_be="RuntimeDefault")
        for part in ("redisLeader", "redisFollower"):
            yield from wants(where, spec, part, "securityContext",
                             to_be={"allowPrivilegeEscalation": False,
                                    "capabilities": {"drop": ["ALL"]}})
    for pool in manifests.of("KafkaNodePool"):
        where, template = name_of(pool), get(pool, "spec", "template")
        yield from wants(where, template, "pod", "securityContext",
                         to_be={"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}})
        yield from wants(where, template, "kafkaContainer", "securityContext",
                         to_be={"allowPrivilegeEscalation": False,
                                "capabilities": {"drop": ["ALL"]}})


@policy
def nobody_speaks_to_anybody_else(manifests):
    """Default deny, and exactly the flows that are written down."""
    if not flows.denied_by_default(manifests):
        yield "no policy denies everything to everybody"
    lines, mistakes = flows.table(manifests)
    yield from mistakes
    known = HERE / f"flows.{manifests.overlay}.txt"
    told = known.read_text().splitlines() if known.exists() else []
    for line in sorted(set(lines) - set(told)):
        yield f"{line} is allowed, and not in {known.name}"
    for line in sorted(set(told) - set(lines)):
        yield f"{line} is in {known.name}, and not allowed"
    kafka = manifests.one("Kafka", "tiketi")
    for listener in get(kafka, "spec", "kafka", "listeners", default=[]):
        if not listener.get("networkPolicyPeers"):
            yield f"the operator would let everybody into Kafka's listener {listener['name']}"
    if manifests.is_production:
        for each in manifests.of("NetworkPolicy"):
            for rule in each["spec"].get("egress") or []:
                for peer in rule.get("to", []):
                    wide = int(get(peer, "ipBlock", "cidr", default="/32").split("/")[1]) < 24
                    if wide and each["metadata"]["name"] != "payments":
                        yield f"{name_of(each)}: the addresses are too many"
