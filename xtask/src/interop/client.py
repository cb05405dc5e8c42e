"""Calls Lambda with boto3, as lines of JSON on standard input say, and answers each with a line.

The protocol is that of tests/interop/client.rs, which does the same with the generated client. Alone here are `publish`
and `prepare`, which set a scene; `inspect`, which signs a request that was seen, and reads its body; `implemented`.
"""

import base64
import datetime
import io
import json
import sys
import urllib.request
import uuid
import zipfile

import boto3
import botocore.handlers
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.response import StreamingBody

# What the generated client sends where a caller gives no idempotency token: it is given no randomness either.
TOKEN = uuid.UUID("00000000-0000-4000-8000-000000000000")


def main():
    botocore.handlers.uuid = type("Fixed", (), {"uuid4": staticmethod(lambda: TOKEN)})
    config = Config(retries={"total_max_attempts": 1})
    checked = boto3.client("lambda", config=config)
    # Refuses nothing before it is sent: MaxItems=0 is for the service to judge.
    unchecked = boto3.client("lambda", config=config.merge(Config(parameter_validation=False)))
    for line in sys.stdin:
        request = json.loads(line)
        client = unchecked if request.get("unchecked") else checked
        print(json.dumps(answer(client, request)), flush=True)


def answer(client, request):
    # What botocore does not check, it fails at in ways of its own: any of them is an answer.
    try:
        return {"output": CALLS[request["call"]](client, request)}
    except client.exceptions.ClientError as error:
        return {"error": str(error), "code": error.response["Error"]["Code"], "kind": type(error).__name__}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def call(client, request):
    return without_metadata(client.list_layers(**request["input"]))


def paginate(client, request):
    limits = {"MaxItems": "max_items", "PageSize": "page_size", "StartingToken": "starting_token"}
    config = {theirs: request[ours] for theirs, ours in limits.items() if ours in request}
    pages = client.get_paginator("list_layers").paginate(**request["input"], PaginationConfig=config)
    return pages.build_full_result()


def publish(client, request):
    content = archive("layer.txt", json.dumps(request["input"]))
    return without_metadata(client.publish_layer_version(Content={"ZipFile": content}, **request["input"]))


def operation(client, request):
    """Any operation, by name."""
    model = client.meta.service_model.operation_model(request["operation"])
    shape = model.input_shape
    members = decode(shape, request["input"]) if shape else {}
    # The method of each operation is this one, by another name.
    return encode(without_metadata(client._make_api_call(request["operation"], members)))


def decode(shape, value):
    """What botocore takes for a value as JSON has it."""
    if shape.type_name == "structure":
        return {name: decode(shape.members[name], member) for name, member in value.items()}
    if shape.type_name == "list":
        return [decode(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: decode(shape.value, item) for key, item in value.items()}
    if shape.type_name == "blob":
        return base64.b64decode(value)
    if shape.type_name == "timestamp":
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


def encode(value):
    """What JSON has for a value of botocore's."""
    if isinstance(value, dict):
        return {name: encode(member) for name, member in value.items()}
    if isinstance(value, list):
        return [encode(item) for item in value]
    if isinstance(value, StreamingBody):
        return encode(value.read())
    if isinstance(value, EventStream):
        value.close()
        return None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    return value


def inspect(client, request):
    """The signature that botocore makes for a request that was seen, and its body in one form for all spellings.

    The body comes as text, a character a byte.
    """
    signer = Signer(client._get_credentials(), "lambda", client.meta.region_name)
    body = request["body"].encode("latin-1")
    seen = AWSRequest(request["method"], client.meta.endpoint_url + request["target"], request["headers"], body)
    seen.context["timestamp"] = request["headers"]["x-amz-date"]
    signature = signer.signature(signer.string_to_sign(seen, signer.canonical_request(seen)), seen)
    return {"signature": signature, "body": canonical(body)}


class Signer(SigV4Auth):
    """Takes the spaces of ASCII out of headers, as servers do. botocore takes U+00A0 and its like for spaces too."""

    def _header_value(self, value):
        return b" ".join(value.encode().split()).decode()


def canonical(body):
    """Members sorted, no spaces, numbers by value; nothing if it is not JSON."""
    try:
        read = json.loads(body, parse_float=number, object_pairs_hook=members)
        return json.dumps(read, sort_keys=True, separators=(",", ":"))
    except ValueError:
        return None


def number(text):
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def members(pairs):
    if len(dict(pairs)) != len(pairs):
        raise ValueError(f"a member twice: {pairs}")
    return dict(pairs)


def prepare(client, request):
    """Empties moto, makes its chance repeat itself, and gives it what functions need. None of them is run in Docker."""
    for path, body in [("reset", b""), ("seed?a=42", b""), ("config", b'{"lambda": {"use_docker": false}}')]:
        urllib.request.urlopen(f"{client.meta.endpoint_url}/moto-api/{path}", data=body).close()
    role = boto3.client("iam").create_role(RoleName="of-functions", AssumeRolePolicyDocument="{}")["Role"]
    queues = boto3.client("sqs")
    queue = queues.create_queue(QueueName="events")["QueueUrl"]
    attributes = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    return {
        "Role": role["Arn"],
        "Queue": attributes["QueueArn"],
        "Zip": encode(archive("index.py", "def handler(event, context): return event")),
        "OtherZip": encode(archive("index.py", "def handler(event, context): return None")),
    }


def implemented(client, request):
    """The operations that moto has: a method of that name each."""
    from botocore import xform_name
    from moto.awslambda.responses import LambdaResponse

    return [name for name in client.meta.service_model.operation_names if xform_name(name) in vars(LambdaResponse)]


def without_metadata(output):
    return {name: member for name, member in output.items() if name != "ResponseMetadata"}


def archive(name, content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        # A date of its own would make each one another.
        archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


CALLS = {
    "call": call,
    "paginate": paginate,
    "publish": publish,
    "operation": operation,
    "inspect": inspect,
    "prepare": prepare,
    "implemented": implemented,
}

if __name__ == "__main__":
    main()
