/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIMULATION_DRAW_H
#define SIMULATION_DRAW_H

#include <stdint.h>

#include "simulation/tcp_simulation.h"

/* Settings drawn from a seed: any behaviour of the server over any link. */
struct simulation_settings simulation_draw(uint64_t seed);

#endif
