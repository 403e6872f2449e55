"""Checks rendered overlays: check.py FOLDER, with FOLDER/local.yaml and FOLDER/prod.yaml."""

import os
import sys
from pathlib import Path

import flows
import policies
import schemas
import settings
from manifests import Manifests


def read_all(folder):
    return [Manifests.read(overlay, (Path(folder) / f"{overlay}.yaml").read_text())
            for overlay in ("local", "prod")]


def main(folder):
    everything = read_all(folder)
    found = []
    for manifests in everything:
        found += [f"{manifests.overlay}: {text}" for text in policies.breaches(manifests)]
    try:
        for manifests in everything:
            found += [f"{manifests.overlay}: schema: {text}" for text in schemas.faults(manifests)]
        print(f"k8s: {sum(len(each.objects) for each in everything)} objects against strict schemas")
    except ImportError:
        print("SKIPPED: kubernetes-validate is not installed (manifests were not checked against "
              "Kubernetes' schemas)")
    binary = os.environ.get("TIKETI_BIN") or policies.ROOT / "target/debug/tiketi"
    if Path(binary).exists():
        for manifests in everything:
            found += [f"{manifests.overlay}: settings: {text}"
                      for text in settings.faults(manifests, str(binary))]
        print("k8s: the settings of every workload against the binary")
    else:
        print("SKIPPED: there is no target/debug/tiketi (settings were not checked by the binary)")
    for text in found:
        print(text, file=sys.stderr)
    count = len(policies.POLICIES)
    print(f"k8s: {count} policies, {len(found)} breaches" if found else f"k8s: {count} policies kept")
    return 1 if found else 0


def write_flows(folder):
    """Writes down the flows that the overlays allow, for a person to read and commit."""
    for manifests in read_all(folder):
        lines, mistakes = flows.table(manifests)
        (policies.HERE / f"flows.{manifests.overlay}.txt").write_text("\n".join(lines) + "\n")
        for text in mistakes:
            print(f"{manifests.overlay}: {text}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--write-flows":
        sys.exit(write_flows(sys.argv[2]))
    sys.exit(main(sys.argv[1]))
