/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <string.h>

#include "dot/certificate_key.h"
#include "dot/certificate_signature.h"
#include "dot/chain_path.h"
#include "dot/chain_status.h"

#define MINIMUM_STRENGTH 112 /* bits; NIST SP 800-57 allows nothing less since 2014 */

struct judge {
	struct chain_link presented[OBSERVATION_CHAIN];
	size_t presented_count;
	int64_t now_s;
	struct chain_path path;
	struct chain_verdict verdict;
	bool has_error; /* the label stands: later errors only add flags */
};

static void
report(struct judge *judge, enum certificate_status status, enum certificate_flag flag)
{
	judge->verdict.flags |= CERTIFICATE_FLAG_BIT(flag);
	if (!judge->has_error)
		judge->verdict.status = status;
	judge->has_error = true;
}

static void
judge_path(struct judge *judge)
{
	const struct chain_path *path = &judge->path;
	const struct chain_link *top = path->links[path->count - 1];

	if (path->links[0]->is_self_signed)
		judge->verdict.flags |= CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_SELF_SIGNED);
	if (path->is_anchored)
		return;
	if (!top->is_self_signed) {
		report(judge, CERTIFICATE_STATUS_UNABLE_TO_VERIFY_FIRST,
			CERTIFICATE_FLAG_INCOMPLETE_CHAIN);
	} else if (path->count == 1) {
		report(judge, CERTIFICATE_STATUS_SELF_SIGNED, CERTIFICATE_FLAG_SELF_SIGNED);
	} else {
		judge->verdict.flags |= CERTIFICATE_FLAG_BIT(CERTIFICATE_FLAG_UNTRUSTED_ROOT);
		report(judge, CERTIFICATE_STATUS_SELF_SIGNED_IN_CHAIN,
			CERTIFICATE_FLAG_SELF_SIGNED_IN_CHAIN);
	}
}

static bool
may_sign(const struct chain_link *link)
{
	const struct x509_certificate *certificate = &link->certificate;

	if (certificate->has_key_usage && !(certificate->key_usage & KEY_USAGE_CERT_SIGN))
		return false;
	if (certificate->has_basic_constraints)
		return certificate->is_ca;
	/* Roots older than extensions, and issuers that only keyUsage marks. */
	return (certificate->version == 1 && link->is_self_signed) || certificate->has_key_usage;
}

static bool
may_serve(const struct x509_certificate *certificate, bool is_leaf)
{
	const unsigned int server_usage =
		KEY_USAGE_DIGITAL_SIGNATURE | KEY_USAGE_KEY_ENCIPHERMENT | KEY_USAGE_KEY_AGREEMENT;

	if (certificate->has_extended_key_usage && !certificate->allows_server)
		return false;
	return !is_leaf || !certificate->has_key_usage ||
	       (certificate->key_usage & server_usage) != 0;
}

static void
judge_extensions(struct judge *judge)
{
	const struct chain_path *path = &judge->path;
	int intermediates = 0;

	for (size_t i = 0; i < path->count; i++) {
		const struct chain_link *link = path->links[i];
		const struct x509_certificate *certificate = &link->certificate;

		if (certificate->has_unknown_critical || certificate->has_broken_extension)
			report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_UNPARSED);
		if (i > 0 && !may_sign(link))
			report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_NOT_A_CA);
		if (!may_serve(certificate, i == 0))
			report(judge, CERTIFICATE_STATUS_PURPOSE, CERTIFICATE_FLAG_PURPOSE);
		if (i > 1 && certificate->path_length != X509_PATH_LENGTH_NONE &&
			intermediates > certificate->path_length)
			report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_NOT_A_CA);
		if (i > 0 && !link->is_self_issued)
			intermediates++;
	}
}

static void
judge_strength(struct judge *judge)
{
	const struct chain_path *path = &judge->path;

	for (size_t i = 0; i < path->count; i++) {
		const struct x509_certificate *certificate = &path->links[i]->certificate;

		if (certificate_key_strength(certificate) < MINIMUM_STRENGTH)
			report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_WEAK_KEY);
		/* Nobody relies on what a root, or a leaf on its own, signed with its own key. */
		if (!path->links[i]->is_self_signed &&
			certificate_signature_strength(certificate) < MINIMUM_STRENGTH)
			report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_WEAK_SIGNATURE);
	}
}

static void
judge_signature(struct judge *judge, size_t index)
{
	const struct chain_path *path = &judge->path;
	const struct chain_link *link = path->links[index];
	const struct chain_link *issuer = link;

	if (index + 1 < path->count)
		issuer = path->links[index + 1];
	else if (!link->is_self_signed || index >= path->untrusted_count)
		return; /* the issuer is absent, or the certificate is trusted as it is */
	switch (certificate_signature_check(&link->certificate, &issuer->certificate)) {
	case SIGNATURE_VALID:
		break;
	case SIGNATURE_INVALID:
		report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_BAD_SIGNATURE);
		break;
	case SIGNATURE_UNSUPPORTED:
		report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_UNPARSED);
		break;
	}
}

/* The verdict stands until the next date of any certificate that could be part of it. */
static void
bound_by(struct judge *judge, int64_t edge_s)
{
	if (edge_s <= judge->now_s && edge_s > judge->verdict.stands_from)
		judge->verdict.stands_from = edge_s;
	if (edge_s > judge->now_s && edge_s < judge->verdict.stands_until)
		judge->verdict.stands_until = edge_s;
}

static void
bound_by_dates(struct judge *judge, const struct x509_certificate *certificate)
{
	if (!certificate->has_validity)
		return;
	bound_by(judge, certificate->not_before);
	bound_by(judge, certificate->not_after + 1);
}

static void
judge_dates(struct judge *judge, const struct x509_certificate *certificate)
{
	if (!certificate->has_validity)
		report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_UNPARSED);
	else if (certificate->not_before > judge->now_s)
		report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_NOT_YET_VALID);
	else if (certificate->not_after < judge->now_s)
		report(judge, CERTIFICATE_STATUS_EXPIRED, CERTIFICATE_FLAG_EXPIRED);
}

static void
judge_signatures_and_dates(struct judge *judge)
{
	const struct chain_path *path = &judge->path;

	for (size_t i = path->count; i > 0; i--) {
		judge_signature(judge, i - 1);
		judge_dates(judge, &path->links[i - 1]->certificate);
	}
}

/* Certificates that cannot be read are passed over, as the search for issuers would do; the leaf must be readable. */
static bool
read_presented(struct judge *judge, const struct peer_der *chain, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct chain_link *link = &judge->presented[judge->presented_count];

		if (chain_link_init(link, chain[i].bytes, chain[i].length)) {
			bound_by_dates(judge, &link->certificate);
			judge->presented_count++;
		} else {
			report(judge, CERTIFICATE_STATUS_OTHER, CERTIFICATE_FLAG_UNPARSED);
			if (i == 0)
				return false;
			judge->has_error = false;
			judge->verdict.status = CERTIFICATE_STATUS_OK;
		}
	}
	return true;
}

void
chain_status_judge(const struct ca_store *store, const struct peer_der *chain, size_t count,
	int64_t now_s, struct chain_verdict *verdict_out)
{
	struct judge judge = {
		.now_s = now_s,
		.verdict = { .status = CERTIFICATE_STATUS_OK,
			.stands_from = INT64_MIN,
			.stands_until = INT64_MAX },
	};

	assert(count > 0 && count <= OBSERVATION_CHAIN);
	if (read_presented(&judge, chain, count)) {
		chain_path_build(&judge.path, store, judge.presented, judge.presented_count, now_s);
		for (size_t i = judge.path.untrusted_count; i < judge.path.count; i++)
			bound_by_dates(&judge, &judge.path.links[i]->certificate);
		judge_path(&judge);
		judge_extensions(&judge);
		judge_strength(&judge);
		judge_signatures_and_dates(&judge);
	}
	*verdict_out = judge.verdict;
}
