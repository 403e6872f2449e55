"""Who may speak to whom, worked out from the network policies.

A flow between two kinds of pods of ours exists only if both ends allow it. A rule that only one end
has is a mistake, and is reported.
"""

from manifests import NAMESPACE, labels_of, matches

# Pods that operators make, by the labels that they give them.
OF_OPERATORS = {
    "postgres": {"cnpg.io/cluster": "tiketi-postgres", "app.kubernetes.io/component": "database"},
    "kafka": {
        "strimzi.io/cluster": "tiketi",
        "strimzi.io/kind": "Kafka",
        "app.kubernetes.io/component": "kafka",
    },
    "redis": {"redis_setup_type": "cluster", "app": "tiketi-redis-leader"},
}
PORTS_OF_OPERATORS = {
    "postgres": {5432, 8000, 9187},
    "kafka": {9090, 9091, 9092, 8443},
    "redis": {6379, 16379},
}


def pods(manifests):
    """Every kind of pod in the namespace, with its labels."""
    ours = {
        labels_of(workload).get("app.kubernetes.io/component", workload["metadata"]["name"]):
            labels_of(workload)
        for workload in manifests.workloads()
    }
    return ours | OF_OPERATORS


def port_names(manifests):
    """The named ports of every kind of pod."""
    found = {}
    for workload in manifests.workloads():
        kind = labels_of(workload).get("app.kubernetes.io/component")
        for container in workload["spec"]["template"]["spec"]["containers"]:
            for port in container.get("ports", []):
                found.setdefault(kind, {})[port["name"]] = port["containerPort"]
    return found


def _outside(peer):
    """A peer that is not a pod of this namespace, in words."""
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        but = "".join(f" but {each}" for each in block.get("except", []))
        return f"addresses {block['cidr']}{but}"
    where = peer["namespaceSelector"].get("matchLabels", {})
    where = where.get("kubernetes.io/metadata.name", "every namespace")
    who = peer.get("podSelector", {}).get("matchLabels", {})
    return f"{where}/{','.join(who.values()) or 'every pod'}"


def _rules(manifests, direction):
    """Every (pod, peer, port, policy) that a direction allows; a peer is a pod or words."""
    key, peers_key = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    kinds, names = pods(manifests), port_names(manifests)
    for policy in manifests.of("NetworkPolicy"):
        spec = policy["spec"]
        if direction not in spec.get("policyTypes", ["Ingress"]):
            continue
        chosen = [kind for kind, labels in kinds.items() if matches(spec["podSelector"], labels)]
        for rule in spec.get(key) or []:
            for kind in chosen:
                for peer in rule.get(peers_key) or [{"ipBlock": {"cidr": "everywhere"}}]:
                    if "podSelector" in peer and "namespaceSelector" not in peer:
                        found = [k for k, l in kinds.items() if matches(peer["podSelector"], l)]
                        found = found or [f"no pod ({policy['metadata']['name']})"]
                    else:
                        found = [_outside(peer)]
                    for other in found:
                        listening = kind if direction == "Ingress" else other
                        for port in rule.get("ports") or [{"port": "every port"}]:
                            number = names.get(listening, {}).get(port["port"], port["port"])
                            protocol = port.get("protocol", "TCP")
                            yield kind, other, f"{number}/{protocol}", policy["metadata"]["name"]


def table(manifests):
    """All flows as sorted lines, and all mistakes."""
    kinds = pods(manifests)
    entering = {(other, kind, port) for kind, other, port, _ in _rules(manifests, "Ingress")}
    leaving = {(kind, other, port) for kind, other, port, _ in _rules(manifests, "Egress")}
    inside = lambda flow: flow[0] in kinds and flow[1] in kinds  # noqa: E731
    lines = {flow for flow in entering | leaving if not inside(flow)} | (entering & leaving)
    mistakes = [f"{a} may call {b} on {port}, but {b} does not let it in"
                for a, b, port in leaving - entering if inside((a, b, port))]
    mistakes += [f"{b} lets {a} in on {port}, but {a} may not call it"
                 for a, b, port in entering - leaving if inside((a, b, port))]
    mistakes += [f"a rule chooses {other}" for _, other, _ in leaving | entering
                 if other.startswith("no pod")]
    mistakes += _ports_without_listener(manifests, lines)
    return sorted(f"{a} -> {b} {port}" for a, b, port in lines), sorted(set(mistakes))


def _ports_without_listener(manifests, lines):
    names = port_names(manifests)
    for _, to, port in sorted(lines):
        number = port.split("/")[0]
        known = set(names.get(to, {}).values()) | PORTS_OF_OPERATORS.get(to, set())
        if (to in names or to in PORTS_OF_OPERATORS) and number not in {str(each) for each in known}:
            yield f"{to} does not listen on {port}"


def denied_by_default(manifests):
    """Whether a policy takes every pod of the namespace, both ways, and allows nothing."""
    return any(
        policy["spec"]["podSelector"] == {}
        and set(policy["spec"].get("policyTypes", [])) == {"Ingress", "Egress"}
        and not policy["spec"].get("ingress")
        and not policy["spec"].get("egress")
        and policy["metadata"].get("namespace") == NAMESPACE
        for policy in manifests.of("NetworkPolicy")
    )
