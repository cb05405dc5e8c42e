"""Lists layers with boto3: the arguments, variables and output of the programs beside it. ../README.md describes them."""

import json
import os
import sys
import threading
import time

import boto3
import botocore.config

# boto3 itself looks for the older name alone, AWS_DEFAULT_REGION.
REGION = os.environ.get("AWS_REGION")


def main(arguments):
    page = os.environ.get("BENCH_PAGE")
    warm = int(os.environ.get("BENCH_WARM", "0"))
    match arguments:
        case ["calls", count, in_flight]:
            print(json.dumps(calls(int(count), int(in_flight), page and int(page), warm)))
        case ["walk"]:
            print(json.dumps(walk(page and int(page))))
        case _:
            sys.exit("expected `calls N K` or `walk`")


def calls(count, in_flight, page, warm):
    """Makes so many calls, some of them at a time, each on a thread."""
    # As many connections are kept as calls are in flight; by default it would be ten.
    settings = botocore.config.Config(max_pool_connections=max(in_flight, 10))
    client = boto3.client("lambda", region_name=REGION, config=settings)
    limit = {"MaxItems": page} if page else {}
    side_by_side(client, limit, warm, in_flight)
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    checksum, latencies = side_by_side(client, limit, count, in_flight)
    wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
    latencies.sort()

    def at(percent):
        return latencies[min(len(latencies) * percent // 100, len(latencies) - 1)] if latencies else 0

    return {
        "calls": count,
        "checksum": checksum,
        "wall_ns": wall,
        "cpu_ns": cpu,
        "p50_ns": at(50),
        "p99_ns": at(99),
        "peak_bytes": peak_bytes(),
    }


def side_by_side(client, limit, count, in_flight):
    """Lets threads call until the count is reached. Returns how long all names are together, and each call's time."""
    numbers, lock = iter(range(count)), threading.Lock()
    names, latencies, failures = [], [], []

    def begun():
        with lock:
            return next(numbers, None) is not None

    def one_by_one():
        try:
            while begun():
                since = time.perf_counter_ns()
                names.append(sum(map(length, client.list_layers(**limit)["Layers"])))
                latencies.append(time.perf_counter_ns() - since)
        except Exception as failure:
            failures.append(failure)

    callers = [threading.Thread(target=one_by_one) for _ in range(in_flight)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    if failures:
        raise failures[0]
    return sum(names), latencies


def walk(page):
    """Lists everything."""
    client = boto3.client("lambda", region_name=REGION)
    limits = {"PaginationConfig": {"PageSize": page}} if page else {}
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    layers = names = 0
    for found in client.get_paginator("list_layers").paginate(**limits):
        for layer in found["Layers"]:
            layers += 1
            names += length(layer)
    wall, cpu = time.perf_counter_ns() - wall, time.process_time_ns() - cpu
    return {"layers": layers, "checksum": names, "wall_ns": wall, "cpu_ns": cpu, "peak_bytes": peak_bytes()}


def length(layer):
    """How long the name of a layer is, in bytes."""
    return len(layer["LayerName"].encode())


def peak_bytes():
    """The most memory that this process ever held, where the kernel tells it."""
    try:
        with open("/proc/self/status") as status:
            kilobytes = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return None
    return int(kilobytes) * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
