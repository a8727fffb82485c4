/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trace/server_check.h"
#include "dns/dns_rdata.h"
#include "record/dns_rcode.h"
#include "record/observation.h"
#include "trace/name_tree.h"

static const struct dns_name *
name_of(const struct comparison *comparison, const struct probe *probe)
{
	return &comparison->cut.servers[probe->server].name;
}

static bool
has_status(
	const struct probe *probe, enum exchange_transport transport, enum exchange_status status)
{
	for (int question = 0; question < COMPARISON_QUESTIONS; question++) {
		const struct exchange *exchange = probe->exchanges[transport][question];
		if (exchange != NULL && exchange->status == status)
			return true;
	}
	return false;
}

static void
add(const struct comparison *comparison, const struct probe *probe, enum finding_kind kind,
	const char *detail, struct finding_list *findings)
{
	finding_add(findings, kind, &comparison->cut.zone, name_of(comparison, probe),
		&probe->address, "%s", detail);
}

/* Why a transport brought no reply at all. */
static const char *
silence_of(const struct probe *probe, enum exchange_transport transport)
{
	return has_status(probe, transport, EXCHANGE_REFUSED) ? "connection refused" : "no reply";
}

/* Whether it answered anything. Told only where the server was asked in vain: what we could not send says nothing about it. */
static bool
check_reach(const struct comparison *comparison, const struct probe *probe,
	struct finding_list *findings)
{
	const bool by_udp = has_status(probe, EXCHANGE_UDP, EXCHANGE_REPLIED);
	const bool by_tcp = has_status(probe, EXCHANGE_TCP, EXCHANGE_REPLIED);
	const bool is_broken = has_status(probe, EXCHANGE_UDP, EXCHANGE_BROKEN) ||
			       has_status(probe, EXCHANGE_TCP, EXCHANGE_BROKEN);

	if (has_status(probe, EXCHANGE_UDP, EXCHANGE_NO_ROUTE)) {
		add(comparison, probe, FINDING_NO_ROUTE, "", findings);
		return false;
	}
	if (has_status(probe, EXCHANGE_UDP, EXCHANGE_GIVEN_UP) ||
		has_status(probe, EXCHANGE_TCP, EXCHANGE_GIVEN_UP))
		add(comparison, probe, FINDING_GIVEN_UP, "", findings);
	else if (!by_udp && !by_tcp && !is_broken)
		add(comparison, probe, FINDING_UNREACHABLE, silence_of(probe, EXCHANGE_UDP),
			findings);
	else if (!by_udp && !has_status(probe, EXCHANGE_UDP, EXCHANGE_BROKEN))
		add(comparison, probe, FINDING_NO_UDP, silence_of(probe, EXCHANGE_UDP), findings);
	else if (!by_tcp && !has_status(probe, EXCHANGE_TCP, EXCHANGE_BROKEN))
		add(comparison, probe, FINDING_NO_TCP, silence_of(probe, EXCHANGE_TCP), findings);
	return by_udp || by_tcp;
}

static enum finding_kind lameness_of(enum reply_class class)
{
	switch (class) {
	case REPLY_REFUSES:
		return FINDING_LAME_REFUSED;
	case REPLY_SERVER_FAILS:
		return FINDING_LAME_SERVFAIL;
	case REPLY_OTHER_RCODE:
		return FINDING_LAME_RCODE;
	case REPLY_NOT_AUTHORITATIVE:
		return FINDING_LAME_NOT_AUTHORITATIVE;
	case REPLY_UPWARD:
		return FINDING_LAME_UPWARD;
	case REPLY_ANSWER:
	case REPLY_ALIAS:
	case REPLY_SUBTREE_ALIAS:
	case REPLY_NO_DATA:
	case REPLY_NO_NAME:
	case REPLY_REFERRAL:
	case REPLY_AA_REFERRAL:
	case REPLY_EMPTY:
		break;
	}
	return FINDING_LAME_NO_ZONE;
}

/* Whether it has the zone, by its SOA, the one record that every zone has. */
static void
check_authority(const struct comparison *comparison, const struct probe *probe,
	struct finding_list *findings)
{
	enum reply_class class = REPLY_EMPTY;
	const struct exchange *exchange =
		comparison_reply(comparison, probe, COMPARISON_SOA, &class);
	char rcode[DNS_RCODE_SIZE];

	if (exchange == NULL || class == REPLY_ANSWER)
		return;
	finding_add(findings, lameness_of(class), &comparison->cut.zone, name_of(comparison, probe),
		&probe->address, "asked for its SOA: %s%s",
		dns_rcode_format(exchange->walk->rcode, rcode),
		(exchange->walk->flags & DNS_FLAG_AA) != 0 ? ", aa" : ", no aa");
}

/* What all its exchanges together show. */
struct manners {
	unsigned int ignored;
	const char *broken_reason;
	bool case_lost;
	bool lacks_edns;
	bool offers_recursion;
};

static void
note_manners(const struct exchange *exchange, struct manners *manners)
{
	manners->ignored += exchange->ignored;
	if (exchange->status == EXCHANGE_BROKEN)
		manners->broken_reason = exchange->broken_reason;
	if (exchange->walk == NULL)
		return;
	manners->case_lost |= exchange->case_lost;
	manners->offers_recursion |= (exchange->walk->flags & DNS_FLAG_RA) != 0;
	/* A bare error says nothing about EDNS: OPT may be left out with FORMERR and the like (RFC 6891 section 7). */
	manners->lacks_edns |=
		exchange->edns_failed ||
		(exchange->walk->rcode == 0 && dns_walk_find_opt(exchange->walk) == NULL);
}

static void
check_manners(const struct comparison *comparison, const struct probe *probe,
	struct finding_list *findings)
{
	struct manners manners = { .ignored = 0 };

	for (int transport = EXCHANGE_UDP; transport <= EXCHANGE_TCP; transport++) {
		for (int question = 0; question < COMPARISON_QUESTIONS; question++) {
			if (probe->exchanges[transport][question] != NULL)
				note_manners(probe->exchanges[transport][question], &manners);
		}
	}
	if (manners.broken_reason != NULL)
		add(comparison, probe, FINDING_BROKEN_REPLY, manners.broken_reason, findings);
	if (manners.case_lost)
		add(comparison, probe, FINDING_CASE_LOST, "", findings);
	else if (manners.ignored > 0)
		finding_add(findings, FINDING_STRANGE_REPLIES, &comparison->cut.zone,
			name_of(comparison, probe), &probe->address, "%u ignored", manners.ignored);
	if (manners.lacks_edns)
		add(comparison, probe, FINDING_NO_EDNS, "", findings);
	if (manners.offers_recursion)
		add(comparison, probe, FINDING_RECURSION_OFFERED, "", findings);
}

void
server_check_probe(const struct comparison *comparison, const struct probe *probe,
	struct finding_list *findings)
{
	if (probe->is_special) {
		add(comparison, probe, FINDING_NS_SPECIAL_ADDRESS,
			trace_address_special(&probe->address), findings);
		return;
	}
	if (check_reach(comparison, probe, findings))
		check_authority(comparison, probe, findings);
	check_manners(comparison, probe, findings);
}

/* Glue is held against the zone's word only in both families that both sides speak of. */
static void
check_glue(const struct comparison *comparison, size_t server, struct finding_list *findings)
{
	const struct host *host = comparison->hosts[server];

	if (host == NULL || host->state != HOST_KNOWN)
		return;
	for (size_t i = 0; i < comparison->probe_count; i++) {
		const struct probe *probe = &comparison->probes[i];
		bool has_family = false;

		for (size_t j = 0; j < host->address_count; j++)
			has_family |= host->addresses[j].family == probe->address.family;
		if (probe->server != server || probe->sources != PROBE_BY_GLUE || !has_family)
			continue;
		add(comparison, probe, FINDING_GLUE_MISMATCH, "only in the glue", findings);
	}
}

void
server_check_name(const struct comparison *comparison, size_t server, struct finding_list *findings)
{
	const struct dns_name *name = &comparison->cut.servers[server].name;
	const struct dns_name *zone = &comparison->cut.zone;
	const struct host *host = comparison->hosts[server];

	if (host == NULL)
		return;
	if (host->is_alias)
		finding_add(findings, FINDING_NS_IS_ALIAS, zone, name, NULL, "%s", "");
	switch (host->state) {
	case HOST_WITHOUT_ADDRESS:
		finding_add(findings, FINDING_NS_WITHOUT_ADDRESS, zone, name, NULL, "%s", "");
		break;
	case HOST_OUT_OF_REACH:
		/* Where there is glue, the server has been asked, and that says it better. */
		if (comparison->cut.servers[server].address_count == 0)
			finding_add(findings, FINDING_NS_WITHOUT_ADDRESS, zone, name, NULL, "%s",
				"the zone of its name does not answer");
		break;
	case HOST_CIRCULAR:
		finding_add(findings, FINDING_NS_CIRCULAR, zone, name, NULL, "%s", "");
		break;
	case HOST_LIMITED:
		finding_add(findings, FINDING_GIVEN_UP, zone, name, NULL, "%s",
			"while looking for its address");
		break;
	case HOST_IN_PROGRESS:
	case HOST_PENDING:
	case HOST_KNOWN:
		break;
	}
	check_glue(comparison, server, findings);
}
