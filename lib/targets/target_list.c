/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "base/error.h"
#include "targets/reserved_ranges.h"
#include "targets/target_file.h"
#include "targets/target_list.h"

/* Takes entries into ranges; refused, normal, is what they may not wholly lie in, or NULL. */
struct entry_sink {
	struct range_list *ranges;
	const struct range_list *refused;
};

/* Everything that is built on the way to the set; cleared in one place. */
struct target_sums {
	struct range_list included;
	struct range_list excluded;
	struct range_list reserved;
	struct range_list wanted;
	struct range_list kept;
	struct range_list planned;
};

static int
refuse_reserved(const char *entry, const struct target_place *place, struct ipv4_range range,
	struct fault *fault)
{
	const struct reserved_range *reserved = reserved_ranges_find(range.first);
	char problem[192];

	(void)snprintf(problem, sizeof(problem),
		"lies wholly in reserved address space (%s); accepted are public addresses, and reserved ones only with allow_reserved: true",
		reserved == NULL ? "" : reserved->name);
	return target_place_fault(fault, ERROR_INPUT, place, entry, problem);
}

static int
take_entry(void *context, const char *entry, const struct target_place *place, struct fault *fault)
{
	const struct entry_sink *sink = context;
	struct ipv4_range range = { 0, 0 };

	if (!ipv4_range_parse(entry, &range))
		return target_place_fault(fault, ERROR_INPUT, place, entry,
			"is not a target; accepted is " TARGET_ENTRY_ACCEPTED);
	if (sink->refused != NULL) {
		const struct ipv4_range *refused = range_list_find(sink->refused, range.first);

		if (refused != NULL && refused->last >= range.last)
			return refuse_reserved(entry, place, range, fault);
	}
	return range_list_add(sink->ranges, range);
}

static int
take_texts(struct entry_sink *sink, const char *name, const struct target_texts *texts,
	struct fault *fault)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct target_place place = { name, i, false };
		int error = take_entry(sink, texts->texts[i], &place, fault);
		if (error != 0)
			return error;
	}
	return 0;
}

static int
take_files(struct entry_sink *sink, const struct target_texts *paths, struct fault *fault)
{
	for (size_t i = 0; i < paths->count; i++) {
		int error = target_file_read(paths->texts[i], take_entry, sink, fault);
		if (error != 0)
			return error;
	}
	return 0;
}

static int
read_included(const struct target_settings *settings, struct target_sums *sums, struct fault *fault)
{
	struct entry_sink sink = { &sums->included,
		settings->allow_reserved ? NULL : &sums->reserved };
	int error = take_texts(&sink, "scan.targets.include", &settings->include, fault);

	if (error == 0)
		error = take_files(&sink, &settings->include_files, fault);
	range_list_normalise(&sums->included);
	return error;
}

static int
read_excluded(const struct target_settings *settings, struct target_sums *sums, struct fault *fault)
{
	struct entry_sink sink = { &sums->excluded, NULL };
	int error = take_texts(&sink, "scan.targets.exclude", &settings->exclude, fault);

	if (error == 0)
		error = take_files(&sink, &settings->exclude_files, fault);
	range_list_normalise(&sums->excluded);
	return error;
}

/*
 * Included addresses that the selection leaves; the selection alone where nothing was to be
 * included by name.
 */
static int
apply_selection(const struct target_settings *settings, struct target_sums *sums)
{
	const struct range_list everything = { &(struct ipv4_range){ 0, UINT32_MAX }, 1, 1 };
	bool has_names = settings->include.count > 0 || settings->include_files.count > 0;
	const struct range_list *selection = settings->selection;

	if (selection == NULL)
		selection = &everything;
	else if (!has_names)
		return range_list_intersect(&everything, selection, &sums->wanted);
	return range_list_intersect(&sums->included, selection, &sums->wanted);
}

static int
take_away(
	const struct target_settings *settings, struct target_sums *sums, struct target_list *list)
{
	const struct range_list nothing = { 0 };
	int error = range_list_subtract(&sums->wanted, &sums->excluded, &sums->kept);

	if (error == 0)
		error = range_list_subtract(&sums->kept,
			settings->allow_reserved ? &nothing : &sums->reserved, &sums->planned);
	if (error != 0)
		return error;
	uint64_t kept = range_list_address_count(&sums->kept);
	list->included = range_list_address_count(&sums->wanted);
	list->excluded = list->included - kept;
	list->planned = range_list_address_count(&sums->planned);
	list->reserved = kept - list->planned;
	return 0;
}

static int
find_reserved_only(const struct target_sums *sums, struct target_list *list)
{
	struct range_list public_part = { 0 };
	int error = range_list_subtract(&sums->planned, &sums->reserved, &public_part);

	list->is_reserved_only = error == 0 && list->planned > 0 && public_part.count == 0;
	range_list_clear(&public_part);
	return error;
}

static int
work_out(const struct target_settings *settings, struct target_sums *sums, struct target_list *list,
	struct fault *fault)
{
	int error = reserved_ranges_list(&sums->reserved);

	if (error == 0)
		error = read_included(settings, sums, fault);
	if (error == 0)
		error = read_excluded(settings, sums, fault);
	if (error == 0)
		error = apply_selection(settings, sums);
	if (error == 0)
		error = take_away(settings, sums, list);
	if (error == 0)
		error = find_reserved_only(sums, list);
	if (error == 0)
		error = address_set_init(&list->set, &sums->planned);
	return error;
}

int
target_list_init(
	struct target_list *list, const struct target_settings *settings, struct fault *fault)
{
	struct target_sums sums = { 0 };
	struct target_list built = { 0 };
	int error = work_out(settings, &sums, &built, fault);

	range_list_clear(&sums.included);
	range_list_clear(&sums.excluded);
	range_list_clear(&sums.reserved);
	range_list_clear(&sums.wanted);
	range_list_clear(&sums.kept);
	range_list_clear(&sums.planned);
	if (error == ERROR_MEMORY)
		return fault_set(fault, error, "scan.targets: out of memory");
	if (error == 0)
		*list = built;
	return error;
}

void
target_list_clear(struct target_list *list)
{
	if (list == NULL)
		return;
	address_set_clear(&list->set);
	*list = (struct target_list){ 0 };
}
