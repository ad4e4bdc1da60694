"""Makes `jsonschema.validate` do nothing twice.

Upstream reads its schema anew for every configuration, asks whether it is one, and then validates;
that takes most of the time. Here the file is read once, a schema is checked once, and a part of a
configuration that satisfied its part of the schema is known to do so. What does not satisfy it is
validated as before, so that the complaint is the same.
"""

import json
import types

import jsonschema
from ray.autoscaler._private import util

# So many parts are remembered.
MOST = 200_000

_read = {}
_validators = {}
_valid = set()


def load(file):
    """As `json.load`. Nobody changes what it returns."""
    if file.name not in _read:
        _read[file.name] = json.load(file)
    return _read[file.name]


def validate(instance, schema):
    # Schemas live as long as the process, so that no other gets their address.
    validator = _validators.get(id(schema))
    if validator is None:
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        remember(kind)
        validator = _validators[id(schema)] = kind(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(instance))
    if error is not None:
        raise error


def remember(kind):
    """What is valid depends on nothing but the value, which `repr` tells apart with its types."""
    if kind.descend.__name__ == "remembered":
        return
    descend = kind.descend

    def remembered(self, instance, schema, *arguments, **named):
        part = (id(schema), repr(instance))
        if part in _valid:
            return
        valid = True
        for error in descend(self, instance, schema, *arguments, **named):
            valid = False
            yield error
        if valid:
            if len(_valid) >= MOST:
                _valid.clear()
            _valid.add(part)

    kind.descend = remembered


jsonschema.validate = validate
util.json = types.SimpleNamespace(**{**vars(json), "load": load})
