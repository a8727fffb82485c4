/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "trace/name_tree.h"
#include "trace/root_hints.h"
#include "trace/zone_cut.h"

#define LINE_MAX_BYTES 512

static const struct root_server {
	const char *name;
	const char *ipv4;
	const char *ipv6;
} root_servers[] = {
	{ "a.root-servers.net.", "198.41.0.4", "2001:503:ba3e::2:30" },
	{ "b.root-servers.net.", "170.247.170.2", "2801:1b8:10::b" },
	{ "c.root-servers.net.", "192.33.4.12", "2001:500:2::c" },
	{ "d.root-servers.net.", "199.7.91.13", "2001:500:2d::d" },
	{ "e.root-servers.net.", "192.203.230.10", "2001:500:a8::e" },
	{ "f.root-servers.net.", "192.5.5.241", "2001:500:2f::f" },
	{ "g.root-servers.net.", "192.112.36.4", "2001:500:12::d0d" },
	{ "h.root-servers.net.", "198.97.190.53", "2001:500:1::53" },
	{ "i.root-servers.net.", "192.36.148.17", "2001:7fe::53" },
	{ "j.root-servers.net.", "192.58.128.30", "2001:503:c27::2:30" },
	{ "k.root-servers.net.", "193.0.14.129", "2001:7fd::1" },
	{ "l.root-servers.net.", "199.7.83.42", "2001:500:9f::42" },
	{ "m.root-servers.net.", "202.12.27.33", "2001:dc3::35" },
};

static void
add_address(struct zone_cut *cut, struct cut_server *server, const char *text)
{
	struct trace_address address;

	if (trace_address_parse(text, &address))
		zone_cut_add_address(cut, server, &address);
}

void
root_hints_compiled_in(struct zone_cut *cut_out)
{
	struct fault fault = { .text = "" };

	zone_cut_init(cut_out, &name_tree_root, &name_tree_root);
	for (size_t i = 0; i < sizeof(root_servers) / sizeof(root_servers[0]); i++) {
		struct dns_name name;
		if (dns_name_parse(root_servers[i].name, &name, &fault) != 0)
			continue;
		struct cut_server *server = zone_cut_server(cut_out, &name);
		server->is_in_parent = true;
		add_address(cut_out, server, root_servers[i].ipv4);
		add_address(cut_out, server, root_servers[i].ipv6);
	}
}

static int
refuse(const char *file, unsigned int number, struct fault *fault)
{
	return fault_set(fault, ERROR_INPUT,
		"%s:%u: no root hint; accepted: lines such as \". 3600000 NS a.root-servers.net.\" and \"a.root-servers.net. 3600000 A 198.41.0.4\"",
		file, number);
}

/* One record; TTL and class may be missing. */
static int
parse_line(char *line, const char *file, unsigned int number, struct zone_cut *cut,
	struct fault *fault)
{
	char *fields[5];
	size_t count = 0;
	struct dns_name name;
	struct trace_address address;
	struct fault ignored = { .text = "" };

	line[strcspn(line, ";\r")] = '\0';
	for (char *rest = line, *field; (field = strtok_r(rest, " \t", &rest)) != NULL;) {
		if (count == 5)
			return refuse(file, number, fault);
		fields[count++] = field;
	}
	if (count == 0)
		return 0;
	if (count < 3)
		return refuse(file, number, fault);
	const char *type = fields[count - 2];
	const bool is_ns = strcasecmp(type, "NS") == 0;
	if (dns_name_parse(is_ns ? fields[count - 1] : fields[0], &name, &ignored) != 0)
		return refuse(file, number, fault);
	if (is_ns) {
		struct cut_server *server = zone_cut_server(cut, &name);
		if (strcmp(fields[0], ".") != 0 || server == NULL)
			return refuse(file, number, fault);
		server->is_in_parent = true;
		return 0;
	}
	if ((strcasecmp(type, "A") != 0 && strcasecmp(type, "AAAA") != 0) ||
		!trace_address_parse(fields[count - 1], &address) ||
		(address.family == 4) != (strcasecmp(type, "A") == 0))
		return refuse(file, number, fault);
	struct cut_server *server = zone_cut_server(cut, &name);
	if (server == NULL)
		return refuse(file, number, fault);
	zone_cut_add_address(cut, server, &address);
	return 0;
}

int
root_hints_parse(const char *text, const char *file, struct zone_cut *cut_out, struct fault *fault)
{
	unsigned int number = 1;

	zone_cut_init(cut_out, &name_tree_root, &name_tree_root);
	for (; *text != '\0'; number++) {
		const size_t length = strcspn(text, "\n");
		char line[LINE_MAX_BYTES];
		if (length >= sizeof(line))
			return refuse(file, number, fault);
		memcpy(line, text, length);
		line[length] = '\0';
		int error = parse_line(line, file, number, cut_out, fault);
		if (error != 0)
			return error;
		text += length + (text[length] == '\n');
	}
	for (size_t i = 0; i < cut_out->server_count; i++) {
		if (cut_out->servers[i].is_in_parent && cut_out->servers[i].address_count > 0)
			return 0;
	}
	return fault_set(fault, ERROR_INPUT, "%s: no root server with an address in it", file);
}
