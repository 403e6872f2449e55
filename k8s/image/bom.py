"""Writes the bill of materials of the image, CycloneDX 1.5: bom.py ROOTFS > tiketi.cdx.json

Crates as Cargo resolves them for the binary, npm packages that the pages import, and the Debian
packages of the files that are copied. The same sources give the same bytes.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent


def run(*command):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def component(purl, name, version, licence=None, hashes=None):
    each = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licence:
        each["licenses"] = [{"expression": re.sub(r"\s*/\s*", " OR ", licence)}]
    if hashes:
        each["hashes"] = [{"alg": alg, "content": content} for alg, content in hashes]
    return each


def crates(target="x86_64-unknown-linux-gnu"):
    """What the binary is built of: normal dependencies, features as resolved."""
    told = json.loads(run("cargo", "metadata", "--format-version", "1", "--locked",
                          "--filter-platform", target))
    packages = {each["id"]: each for each in told["packages"]}
    nodes = {each["id"]: each for each in told["resolve"]["nodes"]}
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    sums = {(each["name"], each["version"]): each.get("checksum") for each in lock["package"]}
    binary = next(key for key, each in packages.items() if each["name"] == "tiketi")
    seen, waiting = set(), [binary]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        waiting += [dep["pkg"] for dep in nodes[each]["deps"]
                    if any(kind["kind"] is None for kind in dep["dep_kinds"])]
    for each in (packages[key] for key in seen - {binary}):
        name, version = each["name"], each["version"]
        checksum = sums.get((name, version))
        yield component(f"pkg:cargo/{name}@{version}", name, version, each["license"],
                        [("SHA-256", checksum)] if checksum else None)


def npm_packages():
    """What the pages import, and what that needs."""
    imported = set()
    for path in (ROOT / "web/src").rglob("*.ts*"):
        if ".test." not in path.name:
            imported |= set(re.findall(r"""from ['"]((?:@[^/'"]+/)?[^./'"][^/'"]*)""",
                                       path.read_text()))
    lock = json.loads((ROOT / "web/package-lock.json").read_text())["packages"]
    seen, waiting = set(), [name for name in imported if f"node_modules/{name}" in lock]
    while waiting:
        name = waiting.pop()
        if name in seen or f"node_modules/{name}" not in lock:
            continue
        seen.add(name)
        waiting += lock[f"node_modules/{name}"].get("dependencies", {})
    for name in seen:
        each = lock[f"node_modules/{name}"]
        digest = each.get("integrity", "").partition("sha512-")[2]
        hashes = [("SHA-512", base64.b64decode(digest).hex())] if digest else None
        yield component(f"pkg:npm/{quote(name, safe='/')}@{each['version']}", name,
                        each["version"], each.get("license"), hashes)


def debian_packages(rootfs):
    """Whose files are copied, as dpkg says; without dpkg the files are named themselves."""
    files = [path for path in sorted(rootfs.rglob("*")) if path.is_file()
             and ".so" in path.name]
    owners = {}
    for path in files:
        inside = "/" + str(path.relative_to(rootfs))
        real = str(Path(inside).resolve())
        for name in (inside, real, real.removeprefix("/usr")):
            found = subprocess.run(["dpkg-query", "--search", name], capture_output=True, text=True,
                                   check=False)
            if found.returncode == 0:
                owners.setdefault(found.stdout.split(":")[0], []).append(path)
                break
        else:
            raise SystemExit(f"bom: nobody knows where {inside} is from")
    owners["ca-certificates"] = [rootfs / "etc/ssl/certs/ca-certificates.crt"]
    for name, paths in owners.items():
        version = run("dpkg-query", "--show", "--showformat=${Version}", name)
        each = component(f"pkg:deb/debian/{name}@{quote(version)}", name, version)
        each["components"] = [
            {"type": "file", "name": "/" + str(path.relative_to(rootfs)),
             "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}]}
            for path in paths
        ]
        yield each


def main(rootfs):
    binary = rootfs / "usr/bin/tiketi"
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    parts = [*crates(), *npm_packages(), *debian_packages(rootfs)]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": "tiketi", "name": "tiketi", "version": version,
            "licenses": [{"expression": "Apache-2.0"}],
            "hashes": [{"alg": "SHA-256", "content": digest}],
        }},
        "components": sorted(parts, key=lambda each: each["bom-ref"]),
    }
    json.dump(bill, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
