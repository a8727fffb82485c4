-- Knot Resolver: GnuTLS, resolving through the lab's own tree.
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
modules.load('hints')
hints.root_file('@config@/root.hints')
policy.add(policy.suffix(policy.PASS, policy.todnames({'probe.example.'})))
policy.add(policy.all(policy.REFUSE))
