"""Reads texts with the Prometheus project's own Python client, and says what it read: one JSON line for each text.

Standard input: JSON lines of {"format": "text" | "openmetrics", "text": ...}.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as text

for line in sys.stdin:
    asked = json.loads(line)
    try:
        parse = openmetrics if asked["format"] == "openmetrics" else text
        samples = [
            [sample.name, sample.labels, repr(float(sample.value))]
            for family in parse(asked["text"])
            for sample in family.samples
        ]
        print(json.dumps({"samples": samples}))
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
