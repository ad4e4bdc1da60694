"""Writes tests/cases/ray/<engine>.jsonl: a header line, then one case with upstream's answer a line.

    python generate.py scheduler [seed] [cases] [out]
"""

import importlib
import json
import logging
import pathlib
import random
import sys

import ray

DEFAULT_CASES = {"scheduler": 450, "config": 800, "provider": 1200, "status": 200}


def main():
    logging.disable(logging.CRITICAL)
    engine = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else DEFAULT_CASES[engine]
    here = pathlib.Path(__file__).resolve().parents[2]
    out = pathlib.Path(sys.argv[4]) if len(sys.argv) > 4 else here / "cases/ray" / f"{engine}.jsonl"
    module = importlib.import_module(engine)
    rng = random.Random(f"{engine}-{seed}")
    with open(out, "w") as file:
        header = {"engine": engine, "upstream": f"ray {ray.__version__}", "seed": seed, "cases": count}
        print(json.dumps(header), file=file)
        for _ in range(count):
            case = module.answer(module.build_case(rng))
            print(json.dumps(case, separators=(",", ":")), file=file)


if __name__ == "__main__":
    main()
