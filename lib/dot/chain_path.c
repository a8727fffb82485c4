/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dot/chain_path.h"
#include "dot/ca_store.h"

struct builder {
	const struct ca_store *store;
	const struct chain_link *presented;
	size_t presented_count;
	int64_t now_s;
	bool is_used[OBSERVATION_CHAIN];
	struct chain_path *path;
};

static bool
is_in_time(const struct x509_certificate *certificate, int64_t now_s)
{
	return certificate->has_validity && certificate->not_before <= now_s &&
	       now_s <= certificate->not_after;
}

/* Of several issuers OpenSSL takes the first that is valid now, or else the one that expired last. */
static bool
is_better(const struct builder *builder, const struct chain_link *candidate,
	const struct chain_link *best)
{
	if (best == NULL)
		return true;
	if (is_in_time(&best->certificate, builder->now_s))
		return false;
	return is_in_time(&candidate->certificate, builder->now_s) ||
	       candidate->certificate.not_after > best->certificate.not_after;
}

static const struct chain_link *
find_trusted(const struct builder *builder, const struct chain_link *child)
{
	const struct chain_link *best = NULL;

	for (size_t i = ca_store_find(builder->store, child->issuer_id, 0);
		i < ca_store_count(builder->store);
		i = ca_store_find(builder->store, child->issuer_id, i + 1)) {
		const struct chain_link *candidate = ca_store_at(builder->store, i);
		if (chain_link_may_have_issued(candidate, child) &&
			is_better(builder, candidate, best))
			best = candidate;
	}
	return best;
}

static const struct chain_link *
take_presented(struct builder *builder, const struct chain_link *child)
{
	const struct chain_link *best = NULL;

	for (size_t i = 1; i < builder->presented_count; i++) {
		const struct chain_link *candidate = &builder->presented[i];
		if (!builder->is_used[i] && chain_link_may_have_issued(candidate, child) &&
			is_better(builder, candidate, best))
			best = candidate;
	}
	if (best != NULL)
		builder->is_used[best - builder->presented] = true;
	return best;
}

/* Returns false when the store leads no further. */
static bool
extend_by_store(struct builder *builder)
{
	struct chain_path *path = builder->path;
	const struct chain_link *top = path->links[path->count - 1];
	const struct chain_link *issuer = find_trusted(builder, top);

	if (issuer == NULL)
		return false;
	if (!top->is_self_signed) {
		path->links[path->count++] = issuer;
		path->is_anchored = issuer->is_self_signed;
		return true;
	}
	/* A root that came over the wire is trusted only if it is the very one in the store. */
	if (!byte_span_equal(top->certificate.der, issuer->certificate.der))
		return false;
	path->links[path->count - 1] = issuer;
	if (path->untrusted_count == path->count)
		path->untrusted_count--;
	path->is_anchored = true;
	return true;
}

static bool
extend_by_presented(struct builder *builder)
{
	struct chain_path *path = builder->path;
	const struct chain_link *top = path->links[path->count - 1];

	if (top->is_self_signed)
		return false;
	const struct chain_link *issuer = take_presented(builder, top);
	if (issuer == NULL)
		return false;
	path->links[path->count++] = issuer;
	path->untrusted_count++;
	return true;
}

void
chain_path_build(struct chain_path *path, const struct ca_store *store,
	const struct chain_link *presented, size_t presented_count, int64_t now_s)
{
	struct builder builder = { store, presented, presented_count, now_s, { false }, path };

	*path = (struct chain_path){ .links = { &presented[0] }, .count = 1, .untrusted_count = 1 };
	/* The store is asked first at each step; once it has answered, only it is asked. */
	while (!path->is_anchored && path->count < CHAIN_PATH_LINKS) {
		if (extend_by_store(&builder))
			continue;
		if (path->untrusted_count < path->count || !extend_by_presented(&builder))
			break;
	}
}
