/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <libpsl.h>
#include <string.h>

#include "survey/provider.h"

/* Devices that make a certificate of their own, with their serial number for a name. */
static const struct {
	const char *sign;
	const char *name;
} vendors[] = {
	{ "support@fortinet.com", "Fortinet (factory certificates)" },
	{ "O=Fortinet", "Fortinet (factory certificates)" },
};

static bool
is_address(const char *name)
{
	return strchr(name, ':') != NULL || name[strspn(name, "0123456789.")] == '\0';
}

/* Lower case, without the wildcard's star and the root's dot. */
static size_t
normalise(const char *common_name, char name[PROVIDER_SIZE])
{
	size_t length = 0;

	if (common_name[0] == '*' && common_name[1] == '.')
		common_name += 2;
	while (common_name[length] != '\0' && length < PROVIDER_SIZE - 1) {
		name[length] = (char)tolower((unsigned char)common_name[length]);
		length++;
	}
	while (length > 0 && name[length - 1] == '.')
		length--;
	name[length] = '\0';
	return length;
}

bool
provider_name(const char *common_name, const char *subject, char name[PROVIDER_SIZE],
	bool *is_factory_out)
{
	*is_factory_out = false;
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		if (strstr(subject, vendors[i].sign) != NULL) {
			strcpy(name, vendors[i].name);
			*is_factory_out = true;
			return true;
		}
	}
	if (normalise(common_name, name) == 0)
		return false;
	if (is_address(name) || strchr(name, '.') == NULL)
		return true;
	const char *domain = psl_registrable_domain(psl_builtin(), name);
	if (domain != NULL)
		memmove(name, domain, strlen(domain) + 1);
	return true;
}

int
provider_assign(struct survey_set *set)
{
	char name[PROVIDER_SIZE];

	for (uint32_t i = 0; i < set->certificate_count; i++) {
		struct survey_certificate *leaf = &set->certificates[i];

		if (!provider_name(survey_text(set, leaf->common_name),
			    survey_text(set, leaf->subject), name, &leaf->is_factory))
			continue;
		const int error = text_pool_add(&set->texts, name, strlen(name), &leaf->provider);
		if (error != 0)
			return error;
	}
	return 0;
}
