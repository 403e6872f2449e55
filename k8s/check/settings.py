"""Asks the binary whether each workload's settings are complete: `tiketi check-config`.

Also that it refuses to start with the example's secrets.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import yaml

from manifests import name_of, pod_of
from policies import ROOT

GOOD = {
    "tiketi-postgres-url": {"url": "postgres://tiketi_a:kTh3wq9PzL@tiketi-postgres-rw/tiketi"},
    "tiketi-redis-url": {"url": "redis://tiketi:kTh3wq9PzL@a:6379,redis://tiketi:kTh3wq9PzL@b:6379"},
    "tiketi-payments": {"secret-key": "live_sk_kTh3wq9PzLxW"},
}


def faults(manifests, binary):
    """What the binary says against any workload's settings."""
    example = {each["metadata"]["name"]: each["stringData"] for each in
               yaml.safe_load_all((ROOT / "k8s/secrets.example.yaml").read_text())}
    for workload in manifests.nodes():
        code, said = _check(manifests, workload, binary, GOOD)
        if code != 0:
            yield f"{name_of(workload)}: {said}"
    for name in GOOD:
        for workload in manifests.nodes():
            mounts = {each.get("secret", {}).get("secretName") for each in pod_of(workload)["volumes"]}
            taken = name != "tiketi-payments" or manifests.is_production
            if name not in mounts or not taken:
                continue
            code, said = _check(manifests, workload, binary, GOOD | {name: example[name]})
            if code == 0 or "placeholder" not in said:
                yield f"{name_of(workload)}: starts with the example's {name}"


def _check(manifests, workload, binary, secrets):
    """Runs check-config with a pod's environment and files."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "POD_IP": "10.1.2.3"}
        for volume in pod_of(workload)["volumes"]:
            mounted = Path(folder) / "etc/tiketi" / volume["name"]
            mounted.mkdir(parents=True)
            for key, value in secrets.get(volume["secret"]["secretName"], {}).items():
                (mounted / key).write_text(value)
        for name, value in manifests.settings(workload).items():
            if value is not None:
                value = value.replace("$(POD_IP)", environment["POD_IP"])
                environment[name] = value.replace("/etc/tiketi", f"{folder}/etc/tiketi")
        done = subprocess.run([binary, "check-config"], env=environment, cwd=folder,
                              capture_output=True, text=True, timeout=20, check=False)
        return done.returncode, done.stderr.strip()
