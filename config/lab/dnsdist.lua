-- dnsdist: the cheapest of the real DoT servers, so it answers for the largest prefix. It answers by itself and has no server behind it.
setVerboseHealthChecks(false)
setSecurityPollSuffix("")
setMaxTCPClientThreads(2)
setMaxTCPQueuedConnections(0)
setTCPRecvTimeout(60)
setTCPSendTimeout(60)
setACL({"0.0.0.0/0"})
setLocal("127.0.0.1:5301")

local kinds = {[10020] = "right", [10021] = "servfail", [10022] = "notimp", [10023] = "formerr", [10024] = "yxdomain"}
for port in pairs(kinds) do
	addTLSLocal("0.0.0.0:" .. port, "@certificates@/ok.crt", "@certificates@/ok.key",
		{provider = "openssl", tcpListenQueueSize = 65535, maxInFlight = 8})
end

local function onPort(wanted)
	return LuaRule(function(query)
		return kinds[query.localaddr:getPort()] == wanted
	end)
end
addAction(onPort("servfail"), RCodeAction(DNSRCode.SERVFAIL))
addAction(onPort("notimp"), RCodeAction(DNSRCode.NOTIMP))
addAction(onPort("formerr"), RCodeAction(DNSRCode.FORMERR))
addAction(onPort("yxdomain"), RCodeAction(DNSRCode.YXDOMAIN))
addAction("probe.example.", SpoofAction("192.0.2.53", {ttl = 3600}))
addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))
