"""The Containerfile makes what the manifests expect, and the bill of materials forgets nothing."""

import re
import shutil
import subprocess
import sys
import unittest

from policies import ROOT
from test_policies import READ

from manifests import main_container, pod_of

IMAGE = ROOT / "k8s/image"
sys.path.insert(0, str(IMAGE))
LAST_STAGE = (IMAGE / "Containerfile").read_text().split("\nFROM ")[-1].splitlines()


def instruction(name):
    return [line.split(maxsplit=1)[1] for line in LAST_STAGE if line.startswith(f"{name} ")]


class Image(unittest.TestCase):
    def test_it_starts_from_nothing_and_takes_only_the_rootfs(self):
        self.assertEqual(LAST_STAGE[0], "scratch")
        self.assertEqual(instruction("COPY"), ["--from=build /rootfs/ /"])
        self.assertEqual(instruction("RUN") + instruction("ADD") + instruction("ENV"), [])

    def test_it_runs_as_the_user_that_the_manifests_name(self):
        for workload in READ["prod"].workloads():
            security = pod_of(workload)["securityContext"]
            user = f"{security['runAsUser']}:{security['runAsGroup']}"
            self.assertEqual(instruction("USER"), [user])

    def test_it_exposes_the_ports_of_the_workloads(self):
        ports = {port["containerPort"] for workload in READ["prod"].nodes()
                 for port in main_container(workload)["ports"]}
        self.assertEqual({int(port) for port in instruction("EXPOSE")[0].split()}, ports)

    def test_nothing_built_or_secret_goes_into_the_build(self):
        ignored = (IMAGE / "Containerfile.dockerignore").read_text().split()
        self.assertLessEqual({".git", "target", "data", "**/node_modules"}, set(ignored))


@unittest.skipUnless(shutil.which("cargo"), "cargo is not installed")
class BillOfMaterials(unittest.TestCase):
    def test_it_has_every_crate_that_cargo_builds_in(self):
        import bom
        target = "x86_64-unknown-linux-gnu"
        tree = subprocess.run(
            ["cargo", "tree", "--package", "tiketi", "--edges", "normal", "--target", target,
             "--prefix", "none", "--locked"],
            cwd=ROOT, capture_output=True, text=True, check=True).stdout
        built_in = set(re.findall(r"^(\S+) v(\S+)", tree, re.MULTILINE)) - {("tiketi", "0.1.0")}
        told = {(each["name"], each["version"]): each for each in bom.crates(target)}
        self.assertEqual(built_in - set(told), set())
        for each in told.values():
            self.assertTrue(each.get("licenses"), each["name"])
        self.assertGreater(len(told), 100)

    def test_it_has_what_the_pages_import(self):
        import bom
        told = {each["name"]: each for each in bom.npm_packages()}
        # preact is a dependency; openapi-fetch is not, and is built in all the same.
        self.assertLessEqual({"preact", "openapi-fetch"}, set(told))
        self.assertTrue(all(each["hashes"] for each in told.values()))


if __name__ == "__main__":
    unittest.main()
