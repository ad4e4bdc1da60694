"""Makes `jsonschema.validate` check only once that the schema is one.

Ray reads the same schema for every configuration, and asks each time whether it is a schema; that
takes most of the time. Configurations are validated as before.
"""

import jsonschema

_checked = []


def validate(instance, schema):
    kind = jsonschema.validators.validator_for(schema)
    if schema not in _checked:
        kind.check_schema(schema)
        _checked.append(schema)
    error = jsonschema.exceptions.best_match(kind(schema).iter_errors(instance))
    if error is not None:
        raise error


jsonschema.validate = validate
