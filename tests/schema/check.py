#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check.py VIRTOPO ROOT RESULT: what `virtopo schema` writes is a JSON Schema that takes every file
virtopo takes, and refuses what it can see is wrong.

Takes:   examples/*.yaml and what they include, every good golden case and domain, the starter file, every example of `explain`, and
         each of these with ${name} in the place of a scalar.
Refuses: bad golden cases, by the name of the finding (SEEN, PARTLY); at least LEAST of them.

RESULT gets "PASSED FAILED"."""
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

# Findings that the schema must see in every case, but for those that depend on more than the value
# (what a variable brings, what another file has).
SEEN = {"unknown-key", "variable-name", "type", "required", "name", "network-form", "image-source", "text",
        "cluster-name"}
UNSEEN = {
    "profile-nothing-left": "null takes an inherited key away",
    "profile-takes-away-nothing": "the same",
    "cpus-pin-nothing": "another part of it may come from a profile",
    "tpm-version": "2 and 2.0 are the same number",
    "subnet-missing": "modes external and bridge have none",
    "network-mode-bridge-plain": "only mode bridge needs one",
    "macvtap-no-dev": "only mode macvtap needs one",
    "ovs-no-bridge": "only modes bridge and ovs need one",
    "routed-no-subnet": "modes external and bridge have none",
    "node-no-image": "it may come from defaults",
}
# Findings that it sees in some cases: how many cases it refuses altogether is pinned here.
LEAST = 150


def core(text):
    """A plain scalar as YAML's core schema types it."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"0o[0-7]+|0x[0-9a-fA-F]+", text):
        return int(text, 0)
    if re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text


def value(node):
    if isinstance(node, yaml.MappingNode):
        return {key.value: value(item) for key, item in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [value(item) for item in node.value]
    return core(node.value) if node.style is None else node.value


def load(text):
    """The document as an editor sees it, or None when it is no YAML."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return value(node) if node else None
    except (yaml.YAMLError, RecursionError):
        return None


def mapping_of(document, path):
    """The mapping with the last key of a path such as nodes.NAME.disks[].bus."""
    for part in path.split(".")[:-1]:
        if part == "NAME":
            document = next(iter(document.values()))
        else:
            document = document[part.removesuffix("[]")]
            document = document[0] if part.endswith("[]") else document
    return document


class Checks:
    def __init__(self, binary, root):
        self.binary = binary
        self.root = root
        self.passed = self.failed = 0
        self.schema = json.loads(self.virtopo("schema"))
        kind = jsonschema.Draft202012Validator
        kind.check_schema(self.schema)
        self.validator = kind(self.schema)

    def virtopo(self, *words):
        return subprocess.run([self.binary, *words], check=True, capture_output=True).stdout.decode()

    def files(self):
        """The examples and the good cases."""
        files = sorted(self.root.glob("examples/*.yaml"))
        files += sorted(self.root.glob("tests/golden/good/*/cluster.yaml"))
        return files + sorted(self.root.glob("tests/golden/domain/*.yaml"))

    def verdict(self, name, complaint):
        if complaint:
            self.failed += 1
            print(f"FAIL  {name}: {complaint}")
        else:
            self.passed += 1

    def complaint(self, document):
        error = jsonschema.exceptions.best_match(self.validator.iter_errors(document))
        return error and f"{error.json_path}: {error.message[:300]}"

    def takes(self, name, text):
        self.verdict(name, self.complaint(load(text)))

    def references(self):
        """Every $ref leads to a definition, and has no assertions beside it."""
        notes = {"$ref", "description", "default", "examples"}
        found = 0
        todo = [self.schema]
        while todo:
            item = todo.pop()
            todo += item.values() if isinstance(item, dict) else item
            todo = [part for part in todo if isinstance(part, (dict, list))]
            if not isinstance(item, dict) or not isinstance(item.get("$ref"), str):
                continue
            found += 1
            target = self.schema
            for part in item["$ref"].removeprefix("#/").split("/"):
                target = target.get(part, {})
            self.verdict(item["$ref"], "leads nowhere" if not target else
                         "has assertions beside it" if set(item) - notes else None)
        self.verdict("references", None if found > 20 else "there are none")

    def good_files(self):
        for file in self.files():
            self.takes(file.relative_to(self.root), file.read_text())
        self.verdict("good files", None if len(self.files()) >= 24 else "there are too few")
        self.takes("the starter file", self.virtopo("init", "-f", "-", "lab"))

    def included_files(self):
        """What a file includes is a part, which need not have what a whole one needs."""
        whole = self.validator
        part = json.loads(self.virtopo("schema", "--part"))
        jsonschema.Draft202012Validator.check_schema(part)
        self.validator = jsonschema.Draft202012Validator(part)
        self.takes("an empty mapping as a part", "{}")
        self.takes("a part of an image", "images: { a: { format: raw } }")
        self.verdict("a part with an unknown key",
                     None if self.complaint({"no-such-key": 1}) else "not refused")
        for file in self.files():
            names = load(file.read_text()).get("include", [])
            for name in [names] if isinstance(names, str) else names:
                if (file.parent / name).exists():
                    self.takes(f"{file.relative_to(self.root)}: {name}",
                               (file.parent / name).read_text())
        self.validator = whole
        self.takes("a file that completes an image of another, and takes a network away",
                   "{ include: [a.yaml], images: { a: { format: raw } }, networks: { b: ~ } }")
        self.verdict("an image that nothing completes", None if self.complaint(
            load("{ cluster: lab, images: { a: { format: raw } } }")) else "not refused")

    def examples(self):
        """What explain shows of each key; that with an expression in it, where the example is a
        scalar; and the same mapping with a key that nobody knows, which must be refused."""
        keys = json.loads(self.virtopo("explain", "--recursive", "--json"))["keys"]
        expressions = 0
        for key in keys:
            shown = json.loads(self.virtopo("explain", key["key"], "--json"))
            document = load(shown["example"])
            document.setdefault("cluster", "lab")
            parent = mapping_of(document, shown["path"])
            own = key["key"].rpartition(".")[2]
            self.verdict(f"example of {key['path']}", self.complaint(document))
            parent["no-such-key"] = 1
            self.verdict(f"unknown key beside {key['path']}",
                         None if self.complaint(document) else "not refused")
            del parent["no-such-key"]
            if not isinstance(parent[own], (dict, list)):
                expressions += 1
                parent[own] = "a${name:-b}c"
                self.verdict(f"an expression in {key['path']}", self.complaint(document))
        self.verdict("examples", None if expressions > 60 else f"only {expressions} of scalars")

    def bad_files(self):
        refused = 0
        for folder in sorted(self.root.glob("tests/golden/bad/*/")):
            # Nothing behind a colon looks like null, which takes an inherited key away.
            findings = {finding for message, finding in
                        re.findall(r": error: (.*) \[([a-z0-9-]+)\]$",
                                   (folder / "error.txt").read_text(), re.M)
                        if not message.endswith(" has no value")}
            if not findings or any(finding.startswith("yaml-") for finding in findings):
                continue
            text = (folder / "cluster.yaml").read_bytes().decode()
            elsewhere = "${" in text or re.search(r"^include:", text, re.M)
            seen = self.complaint(load(text)) is not None
            refused += seen
            if folder.name in UNSEEN:
                self.verdict(folder.name, "the schema sees it now" if seen else None)
            elif findings & SEEN and not elsewhere:
                self.verdict(folder.name, None if seen else f"not refused: {findings & SEEN}")
        self.verdict("bad files", None if refused >= LEAST else f"{refused} refused, not {LEAST}")
        print(f"check-schema: {refused} bad files refused")


def main():
    checks = Checks(sys.argv[1], pathlib.Path(sys.argv[2]))
    checks.references()
    checks.good_files()
    checks.included_files()
    checks.examples()
    checks.bad_files()
    print(f"check-schema: {checks.passed} passed, {checks.failed} failed")
    pathlib.Path(sys.argv[3]).write_text(f"{checks.passed} {checks.failed}\n")
    return checks.failed != 0


sys.exit(main())
