"""Invokes functions with boto3 and waits for them, as lines of JSON on standard input say; answers each with a line."""

import base64
import json
import sys

import boto3
from botocore.config import Config
from botocore.eventstream import EventStream
from botocore.exceptions import ClientError, WaiterError
from botocore.response import StreamingBody


def main():
    client = boto3.client("lambda", config=Config(retries={"total_max_attempts": 1}))
    for line in sys.stdin:
        call, members = json.loads(line)
        print(json.dumps(answer(client, call, members)), flush=True)


def answer(client, call, members):
    try:
        if call == "wait":
            # Without a pause: what takes time is in how often one looks.
            waiter = client.get_waiter(members.pop("waiter"))
            waiter.wait(**members, WaiterConfig={"Delay": 0, "MaxAttempts": 5})
            return {}
        return read(getattr(client, call)(**members))
    except ClientError as error:
        # What has no type of its own has that of all, and is told by it.
        known = type(error).__name__
        return {"error": known, "message": error.response["Error"]["Message"]}
    except WaiterError as error:
        return {"error": "WaiterError", "message": str(error)}


def read(output):
    """What an output holds, read to its end; of a log, what the function wrote."""
    read = {name: text(value) for name, value in output.items() if name != "ResponseMetadata"}
    if "LogResult" in read:
        read["LogResult"] = base64.b64decode(read["LogResult"]).decode().splitlines()[1]
    return read


def text(value):
    if isinstance(value, StreamingBody):
        return value.read().decode()
    if isinstance(value, EventStream):
        return [text(event) for event in value]
    if isinstance(value, dict):
        return {name: text(member) for name, member in value.items()}
    return value.decode() if isinstance(value, bytes) else value


if __name__ == "__main__":
    main()
