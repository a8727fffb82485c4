# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of schema 1: reading records.jsonl, and whether each value is well-formed. See docs/records.md."""
import ipaddress
import json
import re

# In the order of how far a server got, with the stage where it ended.
OUTCOMES = {
    **dict.fromkeys("tcp-timeout tcp-reset".split(), "tcp"),
    **dict.fromkeys("tls-silent tls-closed tls-reset not-tls tls-alert tls-error tls-timeout".split(), "tls"),
    **dict.fromkeys("dns-silent dns-closed not-dns dns-malformed dns-mismatch dns-formerr dns-servfail dns-nxdomain "
                    "dns-notimp dns-refused dns-other-rcode dns-nodata dns-referral".split(), "dns"),
    **dict.fromkeys("answer-wrong answer-unchecked answer-right".split(), "answer"),
}
STATUSES = "ok expired self-signed self-signed-in-chain unable-to-verify-first purpose other".split()
TLS_STOOD = ("dns", "answer")

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"


def text(value):
    return isinstance(value, str)


def integer(low, high=2**63 - 1):
    return lambda value: type(value) is int and low <= value <= high


def pattern(expression):
    return lambda value: isinstance(value, str) and re.fullmatch(expression, value) is not None


def or_null(check):
    return lambda value: value is None or check(value)


def list_of(check):
    return lambda value: isinstance(value, list) and all(map(check, value))


def boolean(value):
    return type(value) is bool


DIGEST = pattern("[0-9a-f]{64}")
MICROSECONDS = integer(0)
ANSWER = {"name": text, "type": text, "ttl": integer(0, 2**32 - 1), "data": text}
DNS = {"name": text, "type": text, "id": integer(0, 65535), "rcode": or_null(text), "flags": or_null(list_of(text)),
       "answers": or_null(list_of(lambda value: isinstance(value, dict))), "duration_us": or_null(MICROSECONDS),
       "octets": or_null(integer(12, 65535)), "edns": or_null(lambda value: isinstance(value, dict))}
EDNS = {"version": integer(0, 255), "udp": integer(0, 65535), "do": boolean, "padding": or_null(integer(0, 65535)),
        "options": list_of(integer(0, 65535)), "broken": boolean}
SYN = {"rtt_us": MICROSECONDS, "ttl": integer(0, 255), "window": integer(0, 65535), "mss": or_null(integer(0, 65535))}
TIMING = dict.fromkeys(("tcp", "tls", "dns", "total"), or_null(MICROSECONDS))
TLS = dict.fromkeys(("version", "cipher", "group", "alpn", "alert"), or_null(text))
CERTIFICATE = {
    "status": STATUSES.__contains__, "flags": list_of(text), "sha256": DIGEST, "spki_sha256": or_null(DIGEST),
    "subject": or_null(text), "common_name": or_null(text), "issuer": or_null(text), "names": list_of(text), "ip_in_names": boolean,
    "not_before": or_null(pattern(TIME + r"(\.\d+)?Z")), "not_after": or_null(pattern(TIME + r"(\.\d+)?Z")),
    "key": or_null(text), "signature": or_null(text), "chain_sha256": list_of(DIGEST),
}
RECORD = {
    "schema": integer(1, 1), "scan": text, "ip": text, "port": integer(1, 65535), "timestamp": pattern(TIME + r"\.\d{6}Z"),
    "outcome": OUTCOMES.__contains__, "stage": list(set(OUTCOMES.values())).__contains__, "attempts": integer(1, 100),
    "syn": lambda value: isinstance(value, dict), "timing_us": lambda value: isinstance(value, dict),
    "tls": or_null(lambda value: isinstance(value, dict)), "certificate": or_null(lambda value: isinstance(value, dict)),
    "dns": or_null(lambda value: isinstance(value, list)), "first_bytes": or_null(pattern("([0-9a-f]{2}){1,64}")), "error": or_null(text),
}


def faults_of_object(value, fields, where=""):
    if not isinstance(value, dict):
        return [f"{where or 'record'} is no object"]
    faults = [f"{where}{key} is missing" for key in fields if key not in value]
    faults += [f"{where}{key} is unknown" for key in value if key not in fields]
    faults += [f"{where}{key} is {json.dumps(value[key])[:60]}" for key, check in fields.items()
               if key in value and not check(value[key])]
    return faults


def is_absent(part):
    """A part that does not exist is null, or keeps its keys with every value null."""
    return part is None or (bool(part) and all(value is None for value in part.values()))


def faults_of_parts(record):
    faults = faults_of_object(record["syn"], SYN, "syn.") + faults_of_object(record["timing_us"], TIMING, "timing_us.")
    if record["tls"] is not None:
        faults += faults_of_object(record["tls"], TLS, "tls.")
    if is_absent(record["certificate"]):
        faults += [f"certificate.{key} is missing" for key in CERTIFICATE if key not in (record["certificate"] or CERTIFICATE)]
    else:
        faults += faults_of_object(record["certificate"], CERTIFICATE, "certificate.")
    for query in record["dns"] or []:
        faults += faults_of_object(query, DNS, "dns.")
        if isinstance(query, dict) and query.get("edns") is not None:
            faults += faults_of_object(query["edns"], EDNS, "dns.edns.")
        for answer in (query.get("answers") if isinstance(query, dict) else None) or []:
            faults += faults_of_object(answer, ANSWER, "dns.answers.")
    return faults


def faults_between_parts(record):
    """Values that contradict one another: a stage that was not reached is null, one that was is not."""
    stage, outcome = record["stage"], record["outcome"]
    stood = stage in TLS_STOOD
    rules = {
        "stage does not belong to the outcome": OUTCOMES[outcome] == stage,
        "tls must be null at stage tcp": stage != "tcp" or is_absent(record["tls"]),
        "certificate must be null at stage tcp": stage != "tcp" or is_absent(record["certificate"]),
        "TLS stood, so tls.version and tls.cipher exist": not stood or (record["tls"] or {}).get("cipher") is not None,
        "TLS stood, so timing_us.tls exists": not stood or record["timing_us"]["tls"] is not None,
        "dns exists exactly when TLS stood": stood == bool(record["dns"]),
        "first_bytes exists exactly for not-tls": (outcome == "not-tls") == (record["first_bytes"] is not None),
        "tls.alert is named for tls-alert": outcome != "tls-alert" or (record["tls"] or {}).get("alert") is not None,
    }
    return [sentence for sentence, holds in rules.items() if not holds]


def faults_of_record(record):
    """What is wrong with the form of one record; an empty list if nothing is."""
    faults = faults_of_object(record, RECORD)
    if not faults:
        faults = faults_of_parts(record)
    return faults or faults_between_parts(record)


def without_repeated_keys(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key is there twice")
    return dict(pairs)


def read_records(path):
    """Yields (line number, address or None, record or None, fault or None). The last line must be whole as well."""
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                if not line.endswith(b"\n"):
                    raise ValueError("the line is cut off")
                record = json.loads(line.decode("utf-8"), object_pairs_hook=without_repeated_keys)
                yield number, int(ipaddress.IPv4Address(record["ip"])), record, None
            except (ValueError, KeyError, TypeError) as problem:
                yield number, None, None, f"line {number}: {repr(problem)[:160]}"
