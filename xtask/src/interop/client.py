"""Calls Lambda with boto3, as lines of JSON on standard input say, and answers each with a line.

The protocol is that of tests/interop/client.rs, which does the same with the generated client; `publish` is here alone.
"""

import io
import json
import sys
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError


def main():
    config = Config(retries={"total_max_attempts": 1})
    checked = boto3.client("lambda", config=config)
    # Refuses nothing before it is sent: MaxItems=0 is for the service to judge.
    unchecked = boto3.client("lambda", config=config.merge(Config(parameter_validation=False)))
    for line in sys.stdin:
        request = json.loads(line)
        client = unchecked if request.get("unchecked") else checked
        print(json.dumps(answer(client, request)), flush=True)


def answer(client, request):
    try:
        return {"output": CALLS[request["call"]](client, request)}
    except (BotoCoreError, ClientError) as error:
        return {"error": str(error)}


def call(client, request):
    return without_metadata(client.list_layers(**request["input"]))


def paginate(client, request):
    limits = {"MaxItems": "max_items", "PageSize": "page_size", "StartingToken": "starting_token"}
    config = {theirs: request[ours] for theirs, ours in limits.items() if ours in request}
    pages = client.get_paginator("list_layers").paginate(**request["input"], PaginationConfig=config)
    return pages.build_full_result()


def publish(client, request):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("layer.txt", json.dumps(request["input"]))
    return without_metadata(client.publish_layer_version(Content={"ZipFile": content.getvalue()}, **request["input"]))


def without_metadata(output):
    return {name: member for name, member in output.items() if name != "ResponseMetadata"}


CALLS = {"call": call, "paginate": paginate, "publish": publish}

if __name__ == "__main__":
    main()
