"""Makes random inputs for the operations of Lambda from botocore's own model of it, and prints a line of JSON each.

Arguments: the model of this repository, a seed, how many inputs an operation, and, to make one again, an operation and
a number. The model is asked for names alone: what botocore's has beside it is newer, is left out, and told in the first
line. An input hangs on the seed, its operation and its number, and on nothing else. Blobs are base64, and timestamps
text as in RFC 3339: what the types of the generated client read.
"""

import base64
import datetime
import json
import random
import sys

import botocore.session

# Text of each kind, from ordinary to what a careless encoder would spoil.
ORDINARY = [
    "my-function",
    "arn:aws:lambda:us-east-2:123456789012:function:my-function:PROD",
    "123456789012:function:my-function",
    "$LATEST",
    "python3.13",
    "a",
    "0",
    "true",
    "null",
    "2026-11-22T10:00:00Z",
]
TRICKY = [
    " ",
    "  a b  c ",
    "%",
    "%41%zz%2F",
    "a/b//c/",
    "/",
    "a+b=c&d?e#f",
    "!*'();:@,$[]",
    "{}<>|\\^`\"",
    "\"quoted\" and \\back\\slashed\\",
    "-._~",
    "...",
    "a,b, \"c\"",
]
UNICODE = ["Größe", "測定", "🛠", "e\u0301", "\u2028\u2029", "\ufeff", "\ue000\U0010ffff", "\x80\xff", "\xa0"]
CONTROLS = ["\n", "\r\n", "tab\there", "\0", "\x01\x1f\x7f", "\b\f"]
ASCII = [chr(code) for code in range(0x20, 0x7F)]


def main(model, seed, count, operation=None, number=None):
    with open(model, encoding="utf-8") as file:
        shapes = {shape.split("#")[1]: facts for shape, facts in json.load(file)["shapes"].items()}
    ours = {name: set(facts.get("members", ())) for name, facts in shapes.items()}
    operations = {name for name, facts in shapes.items() if facts["type"] == "operation"}
    service = botocore.session.get_session().get_service_model("lambda")
    known = [name for name in service.operation_names if name in operations]
    missing = sorted(operations.difference(known))
    print(json.dumps({"operations": known, "missing": missing, "newer": newer(service, ours)}), flush=True)
    for name in [operation] if operation else known:
        for index in [int(number)] if number else range(int(count)):
            inputs = Inputs(ours, random.Random(f"{seed} {name} {index}"))
            shape = service.operation_model(name).input_shape
            made = inputs.structure(shape, "body", 0) if shape else {}
            sent = {place: at(shape, made, place) for place in ("uri", "header")}
            line = {"operation": name, "number": index, "input": made, "labels": sent["uri"], "headers": sent["header"]}
            print(json.dumps(line), flush=True)


def at(shape, made, place):
    """The members of an input that are sent at a place."""
    return [value for name, value in made.items() if shape.members[name].serialization.get("location") == place]


def newer(service, ours):
    """What botocore's model has and ours has not."""
    operations = [name for name in service.operation_names if name not in ours]
    members = [
        f"{name}.{member}"
        for name in service.shape_names
        if name in ours and service.shape_for(name).type_name == "structure"
        for member in service.shape_for(name).members
        if member not in ours[name]
    ]
    return operations + members


class Inputs:
    """Random inputs of one operation."""

    def __init__(self, ours, random):
        self.ours = ours
        self.random = random
        # How often an optional member is set: none of them, some, or all down to some depth.
        self.fullness = random.choice([0.0, 0.1, 0.4, 0.8, 1.0])

    def value(self, shape, place, depth):
        """A value of a shape; `place` is where it is sent."""
        return getattr(self, shape.type_name)(shape, place, depth)

    def structure(self, shape, place, depth):
        members = [name for name in shape.members if name in self.ours[shape.name]]
        if getattr(shape, "is_tagged_union", False):
            chosen = [self.random.choice(members)]
        else:
            fullness = self.fullness / (depth + 1) if depth > 2 else self.fullness
            chosen = [m for m in members if m in shape.required_members or self.random.random() < fullness]
        return {name: self.member(shape, name, place, depth) for name in chosen}

    def member(self, shape, name, place, depth):
        member = shape.members[name]
        if depth == 0:
            place = "payload" if shape.serialization.get("payload") == name else "body"
        return self.value(member, member.serialization.get("location", place), depth + 1)

    def list(self, shape, place, depth):
        return [self.value(shape.member, place, depth + 1) for _ in range(self.random.choice([0, 1, 1, 2, 3]))]

    def map(self, shape, place, depth):
        keys = {self.value(shape.key, place, depth + 1) for _ in range(self.random.choice([0, 1, 2, 3]))}
        return {key: self.value(shape.value, place, depth + 1) for key in sorted(keys)}

    def string(self, shape, place, depth):
        if getattr(shape, "enum", None) and self.random.random() < 0.8:
            return self.random.choice(shape.enum)
        if place == "uri" and self.random.random() < 0.02:
            return self.random.choice(["", ".", ".."])
        pool = [TRICKY, UNICODE, CONTROLS]
        kind = self.random.randrange(10)
        if kind == 0 and place != "uri":
            return ""
        if kind < 3:
            return self.random.choice(ORDINARY)
        if kind < 5:
            return "".join(self.random.choices(ASCII, k=self.random.randrange(1, 40)))
        pieces = [*pool, ORDINARY]
        return "".join(self.random.choice(self.random.choice(pieces)) for _ in range(self.random.randrange(1, 5)))

    character = string

    def blob(self, shape, place, depth):
        length = self.random.choice([0, 1, 2, 3, 17, 300])
        content = self.random.randbytes(length) if length != 300 else bytes(range(256)) + self.random.randbytes(44)
        return base64.b64encode(content).decode()

    def boolean(self, shape, place, depth):
        return self.random.random() < 0.5

    def integer(self, shape, place, depth):
        return self.number(shape, 31)

    def long(self, shape, place, depth):
        return self.number(shape, 63)

    def number(self, shape, bits):
        limits = [shape.metadata[limit] for limit in ("min", "max") if limit in shape.metadata]
        ends = [0, 1, -1, -(1 << bits), (1 << bits) - 1, *limits]
        if self.random.random() < 0.5:
            return self.random.choice(ends)
        return self.random.randrange(-(1 << bits), 1 << bits) >> self.random.randrange(bits)

    def double(self, shape, place, depth):
        some = [0.0, -0.0, 1.0, -1.5, 0.1, 1e-7, 1e16, 123456789.125, 5e-324, 1.7976931348623157e308, 100.0]
        return self.random.choice([*some, self.random.random(), self.random.uniform(-1e6, 1e6)])

    float = double

    def timestamp(self, shape, place, depth):
        seconds = self.random.choice([0, 1, 1763800000, self.random.randrange(0, 4102444800)])
        fraction = self.random.choice(["", "", ".5", ".123", ".000001", ".999999"])
        # 4102444800 is the first second of 2100.
        return instant(seconds) + fraction + "Z"


def instant(seconds):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


if __name__ == "__main__":
    main(*sys.argv[1:])
