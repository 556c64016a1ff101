"""Fails when the answers to the shared questions fall below what has been promised."""

import json
import sys

BARS = {
    "article_first": 0.85,
    "article_in_five": 0.95,
    "said": 0.75,
    "refused_right": 1.0,
}

with open(sys.argv[1], encoding="utf-8") as file:
    summary = json.load(file)["summary"]
low = {name: summary[name] for name, bar in BARS.items() if summary[name] < bar}
print("\n".join(f"{name}: {summary[name]:.3f} (at least {bar})" for name, bar in BARS.items()))
sys.exit(f"below the bar: {low}" if low else 0)
