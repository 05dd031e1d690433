# SPDX-License-Identifier: MIT
"""The schema and the loader agree: documents made from the schema, whole and damaged, get one verdict of both.

agree.py VERDICT SCHEMA [COUNT]: VERDICT is the program of verdict.c; the schema's verdict is python3-jsonschema's.
"""
import copy
import json
import random
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator

WORDS = {
    "^[A-Za-z_$][A-Za-z0-9_$]*$": ["a", "_x", "B2", "$v"],
    "^[A-Za-z_$][A-Za-z0-9_$.]*$": ["NSObject", "App.Item", "Desk"],
    "^-?(0[xX][0-9a-fA-F]+|[0-9]+)$": ["12", "-0x1F", "0"],
    "^x-": ["x-tool"],
    "^[{(].*[})]$": ["{P=ii}", "(U=id)"],
}


def text_for(schema, rng):
    pattern = schema.get("pattern")
    if pattern is None:
        return rng.choice(["a", "key", "int", "NSString *", "é"])
    if pattern in WORDS:
        return rng.choice(WORDS[pattern])
    if "p" in pattern and "xX" in pattern and "[pP]" in pattern:
        return rng.choice(["0x1p3", "-0x1.8p-2"])
    if "eE" in pattern:
        return rng.choice(["1.5", "-2e3", "0x10", "7"])
    return rng.choice(["count", "a:b:", ":", "setName:", "a::"])


def make(schema, root, rng, depth):
    if schema is True:
        return rng.choice([None, 1, "x"])
    if "$ref" in schema:
        target = root
        for part in schema["$ref"][2:].split("/"):
            target = target[part]
        return make(target, root, rng, depth)
    for choice in ("oneOf", "anyOf"):
        if choice in schema and "properties" not in schema:
            options = schema[choice]
            if depth <= 0:
                options = sorted(options, key=lambda o: len(json.dumps(o)))[:4]
            return make(rng.choice(options), root, rng, depth - 1)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    if "if" in schema and "type" not in schema:
        return make(schema["then"] if depth > 0 and rng.random() < 0.7 else schema["else"], root, rng, depth - 1)
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = rng.choice(kind)
    if kind == "object":
        return make_object(schema, root, rng, depth)
    if kind == "array":
        if "prefixItems" in schema:
            return [make(item, root, rng, depth - 1) for item in schema["prefixItems"]]
        count = rng.randint(schema.get("minItems", 0), 2 if depth > 0 else max(1, schema.get("minItems", 0)))
        return [make(schema["items"], root, rng, depth - 1) for _ in range(count)]
    if kind == "string":
        return text_for(schema, rng)
    if kind == "integer":
        return rng.choice([schema.get("minimum", -3), schema.get("minimum", 0) + 1, 2.0])
    if kind == "number":
        return rng.choice([0, 1.5, -7, 1e300])
    if kind == "boolean":
        return rng.random() < 0.5
    return None


def make_object(schema, root, rng, depth):
    made = {}
    for name, part in schema.get("properties", {}).items():
        if name in schema.get("required", []) or rng.random() < (0.35 if depth > 0 else 0.05):
            made[name] = make(part, root, rng, depth - 1)
    free = schema.get("additionalProperties")
    if isinstance(free, dict):
        for _ in range(rng.randint(0, 2)):
            made[rng.choice(["a", "b", "Duo"])] = make(free, root, rng, depth - 1)
    return made


def places(value, found):
    if isinstance(value, dict):
        found.extend((value, key) for key in value)
        for part in value.values():
            places(part, found)
    elif isinstance(value, list):
        found.extend((value, index) for index in range(len(value)))
        for part in value:
            places(part, found)
    return found


def damage(document, rng):
    document = copy.deepcopy(document)
    found = places(document, [])
    if not found:
        return document
    holder, key = rng.choice(found)
    how = rng.randrange(6)
    if how == 0:
        del holder[key]
    elif how == 1:
        holder[key] = rng.choice([None, True, False, 0, -1, 1.5, "", "x", "9x", "a:b", [], {}, {"do": "let"}, {"var": "a"}])
    elif how == 2 and isinstance(holder, dict):
        holder[rng.choice(["extra", "do", "type", "format", "receiver", "message", "isBlock", "args"])] = rng.choice([1, True, "if", []])
    elif how == 3 and isinstance(holder, dict):
        holder[key + "s"] = holder.pop(key)
    elif how == 4:
        other, other_key = rng.choice(found)
        holder[key] = copy.deepcopy(other[other_key])
    else:
        holder[key] = [holder[key]]
    return document


def main():
    verdict, path = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 250
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    rng = random.Random(6)
    documents = []
    while len(documents) < count:
        made = make(schema, schema, rng, rng.randint(3, 9))
        text = json.dumps(made, ensure_ascii=False)
        if len(text) > 4000:
            continue
        if made.get("format") != 2 and rng.random() < 0.7:
            made["format"] = 2
        documents.append(made)
        for _ in range(3):
            documents.append(damage(made, rng))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as lines:
        for document in documents:
            lines.write(json.dumps(document, ensure_ascii=False) + "\n")
        lines.flush()
        answers = subprocess.run([verdict, lines.name], check=True, capture_output=True, text=True).stdout.split("\n")
    wrong = good = 0
    for document, answer in zip(documents, answers):
        valid = validator.is_valid(document)
        good += valid
        if valid != (answer == "yes"):
            wrong += 1
            if wrong <= 5:
                error = next(validator.iter_errors(document), None)
                print(json.dumps(document)[:1500])
                print("  schema:", "valid" if valid else error.message[:200] if error else "?", " loader:", answer)
    print(f"{len(documents)} documents, {good} of them valid, {wrong} verdicts differ")
    return 1 if wrong or good < len(documents) // 10 or good > len(documents) * 9 // 10 else 0


sys.exit(main())
