"""Parses an exposition with prometheus_client (Debian's python3-prometheus-client) and prints it as JSON.

    python3 parse_exposition.py [openmetrics|prometheus] < exposition
    python3 parse_exposition.py --serve

The first reads one document and ends with 1 when it is refused. The second reads as many as come, each as a line
"<format> <bytes>" and so many bytes, and answers each with one line, until its input ends.

What the parsers let through, though no format allows it, is refused too: a series twice, a family in two places,
a histogram whose buckets are not cumulative and whole, a negative counter.

Numbers are as Python writes them, which JavaScript reads as the same double; those that JSON does not have are
"NaN", "+Inf" and "-Inf".
"""

import json
import math
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as text

PARSERS = {
    "openmetrics": openmetrics.text_string_to_metric_families,
    "prometheus": text.text_string_to_metric_families,
}


def number(value):
    if value is None:
        return None
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return value


def exemplar(value):
    if value is None:
        return None
    return {
        "labels": value.labels,
        "value": number(value.value),
        "timestamp": number(value.timestamp),
    }


def sample(value):
    return {
        "name": value.name,
        "labels": value.labels,
        "value": number(value.value),
        "timestamp": number(value.timestamp),
        "exemplar": exemplar(value.exemplar),
    }


def family(value):
    return {
        "name": value.name,
        "type": value.type,
        "help": value.documentation,
        "unit": value.unit,
        "samples": [sample(s) for s in value.samples],
    }


def check(format, families, document):
    # Of a series that comes twice the parser may keep one without a word.
    lines = sum(1 for line in document.split("\n") if line and not line.startswith("#"))
    kept = sum(len(family.samples) for family in families)
    if kept != lines:
        raise ValueError("Of %d samples it keeps %d" % (lines, kept))
    places = {}
    series = set()
    for place, family in enumerate(families):
        for s in family.samples:
            if places.setdefault(s.name, place) != place:
                raise ValueError("Samples in two places: " + s.name)
            identity = (s.name, tuple(sorted(s.labels.items())))
            if identity in series:
                raise ValueError("Series twice: %s%s" % (s.name, s.labels))
            series.add(identity)
            if family.type == "counter" and not s.value >= 0:
                raise ValueError("Counter is negative or NaN: %s%s" % (s.name, s.labels))
        if family.type == "histogram":
            check_buckets(format, family)


def check_buckets(format, family):
    groups = {}
    for s in family.samples:
        labels = tuple(sorted((k, v) for k, v in s.labels.items() if k != "le"))
        group = groups.setdefault(labels, {"buckets": []})
        if s.name == family.name + "_bucket":
            if "le" not in s.labels:
                raise ValueError("Bucket without le: " + family.name)
            group["buckets"].append((float(s.labels["le"]), s.value))
        else:
            group[s.name] = s.value
    for group in groups.values():
        buckets = group["buckets"]
        for (lower, below), (upper, count) in zip(buckets, buckets[1:]):
            if not lower < upper:
                raise ValueError("Buckets out of order: " + family.name)
            if not below <= count:
                raise ValueError("Buckets decrease: " + family.name)
        if not buckets or buckets[-1][0] != math.inf:
            raise ValueError("No bucket +Inf: " + family.name)
        # Without a sum, which cannot be negative, OpenMetrics has no count either.
        sums = {family.name + "_sum", family.name + "_count"}
        if format == "openmetrics" and not sums & group.keys():
            continue
        if group.get(family.name + "_count") != buckets[-1][1]:
            raise ValueError("Count is not that of +Inf: " + family.name)


def parse(format, document):
    # Whatever it fails with: a parser that is surprised has not understood it either.
    try:
        decoded = document.decode("utf-8")
        families = list(PARSERS[format](decoded))
        check(format, families, decoded)
        return {"families": [family(f) for f in families], "error": None}
    except Exception as error:
        return {"families": [], "error": "%s: %s" % (type(error).__name__, error)}


def serve(requests, answers):
    for line in iter(requests.readline, b""):
        format, size = line.split()
        parsed = parse(format.decode(), requests.read(int(size)))
        answers.write(json.dumps(parsed) + "\n")
        answers.flush()


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve(sys.stdin.buffer, sys.stdout)
    else:
        answer = parse((sys.argv[1:] or ["openmetrics"])[0], sys.stdin.buffer.read())
        print(json.dumps(answer))
        sys.exit(0 if answer["error"] is None else 1)
