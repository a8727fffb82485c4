-- Knot Resolver: GnuTLS, and an answer by policy instead of a walk through the tree.
modules.unload('ta_update')
modules.unload('ta_signal_query')
modules.unload('priming')
modules.unload('detect_time_skew')
trust_anchors.remove('.')
cache.size = 16 * MB
log_level('err')
net.ipv6 = false
net.tls('@certificates@/ok-chain.crts', '@certificates@/ok-chain.key')
net.listen('0.0.0.0', 10030, {kind = 'tls'})
policy.add(policy.suffix(policy.ANSWER({
	[kres.type.A] = {rdata = kres.str2ip('192.0.2.53'), ttl = 3600},
}), policy.todnames({'probe.example.'})))
policy.add(policy.all(policy.REFUSE))
