"""Answers questions of one kind, a JSON object a line: `python ask.py KIND`.

The answer is the question with `out`, as `answer` of the kind's module gives it. What the module
can't make sense of is refused; what upstream's code raises is an answer. With `--version` it prints
Ray's version instead.
"""

import gc
import importlib
import json
import logging
import sys

import quick_copy  # noqa: F401
import ray


def main():
    if sys.argv[1] == "--version":
        print(ray.__version__)
        return
    logging.disable(logging.CRITICAL)
    module = importlib.import_module(sys.argv[1].replace("-", "_"))
    # Nothing of what was imported is garbage; circles are rare, and are looked for rarely.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            answered = module.answer(json.loads(line))
        except Exception as error:  # The question is not whole.
            answered = {"refused": repr(error)}
        answers.write(json.dumps(answered, separators=(",", ":")) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
