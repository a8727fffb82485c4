# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of records.jsonl as the scanner writes them, for tests of what is made of them."""
import hashlib
import ipaddress

NO_CERTIFICATE = ('{"status":null,"flags":null,"sha256":null,"spki_sha256":null,"subject":null,"common_name":null,'
                  '"issuer":null,"names":null,"ip_in_names":null,"not_before":null,"not_after":null,"key":null,'
                  '"signature":null,"chain_sha256":null}')
FLAGS = {"ok": ["name-unchecked"], "expired": ["expired", "name-unchecked"],
         "self-signed": ["self-signed", "name-unchecked"],
         "self-signed-in-chain": ["self-signed-in-chain", "name-unchecked"],
         "unable-to-verify-first": ["incomplete-chain", "name-unchecked"], "purpose": ["purpose", "name-unchecked"],
         "other": ["weak-key", "name-unchecked"]}
PADDED = '{"version":0,"udp":1232,"do":false,"padding":388,"options":[12],"broken":false}'
RCODES = {"dns-formerr": "FORMERR", "dns-servfail": "SERVFAIL", "dns-nxdomain": "NXDOMAIN", "dns-refused": "REFUSED"}


def text(value):
    return "null" if value is None else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def digest(value):
    return hashlib.sha256(value.encode()).hexdigest()


def stage_of(outcome):
    for prefix, stage in (("not-tls", "tls"), ("not-dns", "dns"), ("tcp", "tcp"), ("tls", "tls"), ("dns", "dns")):
        if outcome.startswith(prefix):
            return stage
    return "answer"


def certificate(status, name, key, names=(), subject=None, issuer="CN=Example CA", kind="ecdsa-256"):
    """key: any text that stands for the public key."""
    flags = ",".join(text(flag) for flag in FLAGS[status])
    subject = subject or ("" if name is None else "CN=" + name)
    sha = digest(f"{status} {name} {key} {subject} {' '.join(names)}")
    end = "2019-04-20" if status == "expired" else "2019-07-20"
    return (f'{{"status":"{status}","flags":[{flags}],"sha256":"{sha}","spki_sha256":"{digest(key)}",'
            f'"subject":{text(subject or None)},"common_name":{text(name)},"issuer":{text(issuer)},'
            f'"names":[{",".join(text(each) for each in names)}],"ip_in_names":false,'
            f'"not_before":"2019-04-01T00:00:00Z","not_after":"{end}T00:00:00Z","key":"{kind}",'
            f'"signature":"rsa-sha256","chain_sha256":["{sha}"]}}')


def record(address, outcome, leaf=None, port=853, day="2019-05-01", us=1000, version="TLSv1.3", answer="192.0.2.53",
           scan="made", second=0, octets=468, edns=PADDED):
    """One line. leaf is what certificate() gave; us spreads the latencies. octets None: as scans before this key wrote it."""
    stage = stage_of(outcome)
    has_tls = stage in ("dns", "answer")
    if not isinstance(address, str):
        address = str(ipaddress.ip_address(address))
    has_reply = stage == "answer" or outcome in RCODES
    tls = (f'{{"version":"{version}","cipher":"TLS_AES_128_GCM_SHA256","group":"x25519","alpn":"dot","alert":null}}'
           if has_tls else '{"version":null,"cipher":null,"group":null,"alpn":null,"alert":null}')
    queries = ""
    if has_tls:
        rcode = f'"{RCODES.get(outcome, "NOERROR")}"' if has_reply else "null"
        answers = "null" if not has_reply else "[]" if stage != "answer" else (
            f'[{{"name":"a.probe.example.","type":"A","ttl":60,"data":"{answer}"}}]')
        flags = '["qr","rd","ra"]' if has_reply else "null"
        duration = us * 2 if has_reply else "null"
        form = "" if octets is None else f',"octets":{octets},"edns":{edns}' if has_reply else ',"octets":null,"edns":null'
        queries = (f'{{"name":"a.probe.example.","type":"A","id":7,"rcode":{rcode},"flags":{flags},'
                   f'"answers":{answers},"duration_us":{duration}{form}}}')
    first_bytes = '"485454502f312e3120343030"' if outcome == "not-tls" else "null"
    return (f'{{"schema":1,"scan":"{scan}","ip":"{address}","port":{port},"timestamp":"{day}T03:04:{second:02d}.000000Z",'
            f'"outcome":"{outcome}","stage":"{stage}","attempts":1,'
            f'"syn":{{"rtt_us":{us},"ttl":54,"window":64240,"mss":1460}},'
            f'"timing_us":{{"tcp":{us},"tls":{us * 3 if has_tls else "null"},"dns":{us * 2 if has_reply else "null"},'
            f'"total":{us * 6}}},"tls":{tls},"certificate":{leaf if has_tls and leaf else NO_CERTIFICATE},'
            f'"dns":[{queries}],"first_bytes":{first_bytes},"error":null}}\n')
