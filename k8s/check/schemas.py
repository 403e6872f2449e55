"""Strict schemas: Kubernetes' own from kubernetes-validate, the operators' from operators.yaml."""

from pathlib import Path

import yaml

# The oldest release that the manifests are for: preStop.sleep and matchLabelKeys are on by default.
KUBERNETES = "1.34"


def _closed(schema):
    """The schema, with every object that lists its fields refusing others."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict):
        closed.setdefault("additionalProperties", False)
    return closed


def _operators():
    text = (Path(__file__).parent / "operators.yaml").read_text()
    schemas = yaml.safe_load(text)
    definitions = schemas.pop("definitions")
    return {kind: _closed({**schema, "definitions": definitions})
            for kind, schema in schemas.items()}


def faults(manifests):
    """Every fault of every object; raises ImportError where kubernetes-validate is missing."""
    import jsonschema
    import kubernetes_validate

    operators = _operators()
    for each in manifests.objects:
        where = f"{each['kind']}/{each['metadata']['name']}"
        schema = operators.get(f"{each['apiVersion']}/{each['kind']}")
        try:
            if schema is None:
                kubernetes_validate.validate(each, KUBERNETES, strict=True)
            else:
                if not set(each) <= {"apiVersion", "kind", "metadata", "spec"}:
                    yield f"{where}: has more than a spec"
                jsonschema.validate(each["spec"], schema)
        except (kubernetes_validate.ValidationError, jsonschema.ValidationError) as error:
            path = ".".join(str(step) for step in error.path)
            yield f"{where}: {path}: {error.message}"
        except (kubernetes_validate.SchemaNotFoundError,
                kubernetes_validate.InvalidSchemaError) as error:
            yield f"{where}: no schema of {each['apiVersion']} {error}"
