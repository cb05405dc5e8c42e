"""Draws parameters for endpoint rule sets, and prints what botocore's resolver makes of each: a line of JSON a rule set.

Arguments: the table of partitions, a seed, how many draws a rule set, and the files that have rule sets: models, or documents
with `ruleSet`. A draw hangs on the seed, its file and its number. Where the resolver complains of what a rule set leaves open, in
words of its own and not in those of a rule, the case says only that: `{"error": null}`.
"""

import json
import pathlib
import random
import sys

from botocore.endpoint_provider import EndpointProvider, ErrorRule
from botocore.exceptions import EndpointProviderError

ODD = ["", " ", "a", "a.b", "a b", "é", "-", "us-east-1.", "aws-global", "xx-nowhere-9", "us-gov-nowhere-1", "%41", "a/b", "A"]
URLS = [
    "https://example.com",
    "https://example.com:8443/a/b",
    "http://127.0.0.1:4566",
    "http://[::1]:80/",
    "https://example.com/a/",
    "https://bucket.example.com",
    "https://example.com?a=b",
    "example.com",
    "https://",
    "ftp://example.com",
    "https://example.com/a%20b",
]

told = []
rule = ErrorRule.evaluate


def evaluate(self, scope_vars, rule_lib):
    """As it is, but for a note of what the rule says."""
    try:
        return rule(self, scope_vars, rule_lib)
    except EndpointProviderError as error:
        told.append(error.kwargs["msg"])
        raise


ErrorRule.evaluate = evaluate


def rule_sets(document):
    if "ruleSet" in document:
        yield document["ruleSet"]
    for shape in document.get("shapes", {}).values():
        if "smithy.rules#endpointRuleSet" in shape.get("traits", {}):
            yield shape["traits"]["smithy.rules#endpointRuleSet"]


def texts(value):
    """All texts of a value that a rule could compare a parameter with."""
    if isinstance(value, str):
        if "{" not in value and value not in ("endpoint", "error", "tree"):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name != "documentation":
                yield from texts(item)


def draw(choice, spec, name, pool, regions):
    """A value, or None for none."""
    if choice.random() < 0.3 and not (spec.get("required") and "default" not in spec):
        return None
    kind = spec["type"].lower()
    if kind == "boolean":
        return choice.random() < 0.5
    if kind == "stringarray":
        return [choice.choice(pool + ODD) for _ in range(choice.randrange(3))]
    if spec.get("builtIn") == "SDK::Endpoint":
        return choice.choice(URLS + ODD if choice.random() < 0.5 else URLS)
    if name == "Region" and choice.random() < 0.8:
        return choice.choice(regions)
    return choice.choice(pool + ODD + URLS)


def expected(provider, params):
    told.clear()
    params = {name: tuple(value) if isinstance(value, list) else value for name, value in params.items()}
    try:
        endpoint = provider.ruleset.evaluate(params)
    except EndpointProviderError:
        return {"error": told[-1] if told else None}
    if endpoint is None:
        return {"error": None}
    return {"endpoint": {"url": endpoint.url, "properties": endpoint.properties, "headers": endpoint.headers}}


def main():
    partitions, seed, count, *files = sys.argv[1:]
    partitions = json.loads(pathlib.Path(partitions).read_text())
    regions = [region for partition in partitions["partitions"] for region in partition["regions"]]
    for file in map(pathlib.Path, files):
        for rules in rule_sets(json.loads(file.read_text())):
            provider = EndpointProvider(rules, partitions)
            pool = sorted(set(texts(rules["rules"])))
            cases = []
            for number in range(int(count)):
                choice = random.Random(f"{seed}/{file.stem}/{number}")
                drawn = {name: draw(choice, spec, name, pool, regions) for name, spec in rules["parameters"].items()}
                params = {name: value for name, value in drawn.items() if value is not None}
                about = f"{file.stem}, seed {seed}, number {number}: {json.dumps(params)}"
                cases.append({"documentation": about, "params": params, "expect": expected(provider, params)})
            document = {"ruleSet": rules, "tests": {"version": "1.0", "testCases": cases}}
            print(json.dumps({"name": file.stem, "document": document}))


main()
