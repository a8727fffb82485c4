# SPDX-License-Identifier: GPL-3.0-or-later
"""
The lab's packet filter. Port 853 of each prefix is rewritten, without any state, to the local port of its server and back.
Loss on the way out is made by sending the packet into the loopback device, where it is dropped: a drop in the output hook
would tell TCP, which then would not behave as it does on a lossy path.
"""
LOST_MARK = 1
LOSS_UNITS = 100000


def elements(items):
    items = list(items)
    return f"elements = {{ {', '.join(map(str, items))} }}" if items else ""


def address_set(name, networks):
    return f"\tset {name} {{ type ipv4_addr; flags interval; {elements(networks)}; }}\n".replace("; ; }", "; }")


def loss_rules(percent):
    """Replaces the rules for random loss, in both directions, by those for percent (0: none)."""
    lost = round(percent * LOSS_UNITS / 100)
    text = "flush chain ip lab lossy_in\nflush chain ip lab lossy_out\n"
    if lost:
        draw = f"numgen random mod {LOSS_UNITS} < {lost} counter"
        text += (f"add rule ip lab lossy_in iifname \"lab0\" ip daddr 198.18.0.0/15 {draw} drop\n"
                 f"add rule ip lab lossy_out oifname \"lab0\" ip saddr 198.18.0.0/15 {draw} meta mark set {LOST_MARK}\n")
    return text


def ruleset(lab, only_small, loss_percent):
    dropped = lab.filtered("drop") + ([lab.big] if only_small else [])
    rewritten = [entry for entry in lab.entries if entry.port and not entry.intercept]
    ports = elements(f"{entry.network} : {entry.port}" for entry in rewritten)
    intercepts = "".join(f"\t\tip daddr {entry.network} tcp dport 853 tproxy to {entry.intercept}:{entry.port} accept;\n"
                         for entry in lab.entries if entry.intercept)
    return f"""table ip lab {{
	map ports {{ type ipv4_addr : inet_service; flags interval; {ports}; }}
{address_set("dropped", dropped)}{address_set("stalled", lab.filtered("stall"))}\
{address_set("resetting", lab.filtered("reset"))}{address_set("unreachable", lab.filtered("host-unreachable"))}\
{address_set("prohibited", lab.filtered("admin-prohibited"))}\
	chain lossy_in {{ type filter hook prerouting priority -400; policy accept; }}
	chain arriving {{ type filter hook prerouting priority -300; policy accept;
		iifname "lo" meta mark {LOST_MARK} drop;
		iifname != "lab0" accept;
		ip daddr @dropped drop;
		ip daddr @stalled tcp flags & syn == 0 drop;
{intercepts}\
		tcp dport 853 tcp dport set ip daddr map @ports;
	}}
	chain delivered {{ type filter hook input priority 0; policy accept;
		ip daddr @resetting tcp flags & syn == 0 reject with tcp reset;
		ip daddr @unreachable reject with icmp type host-unreachable;
		ip daddr @prohibited reject with icmp type admin-prohibited;
	}}
	chain leaving {{ type route hook output priority -150; policy accept;
		oifname "lab0" tcp sport 10000-29999 tcp sport set 853;
	}}
	chain lossy_out {{ type route hook output priority -140; policy accept; }}
}}
{loss_rules(loss_percent)}"""
