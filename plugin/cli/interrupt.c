// SPDX-License-Identifier: GPL-3.0-or-later
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>

// A signal handler has no other way to them.
static _Atomic(SfmEngine *) watched;
static atomic_int came;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

static void on_signal(int signal)
{
    atomic_store(&came, signal);
    sfm_engine_cancel(atomic_load(&watched));
}

void interrupt_watch(SfmEngine *engine)
{
    // SA_RESETHAND: the second signal finds the default, which ends the program.
    const struct sigaction watching = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND };
    const struct sigaction otherwise = { .sa_handler = SIG_DFL };

    atomic_store(&watched, engine);
    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
        sigaction(signals[i], engine ? &watching : &otherwise, NULL);
}

int interrupt_signal(void)
{
    return atomic_load(&came);
}
