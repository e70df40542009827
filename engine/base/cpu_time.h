// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_BASE_CPU_TIME_H
#define SFM_BASE_CPU_TIME_H

// Milliseconds that all threads of this process, those of a driver too, have
// spent on processors so far, in the program and in the kernel for it. What other
// programs do beside does not count, and so differences of it are what a machine
// that is busy can be trusted with.
double sfm_cpu_milliseconds(void);

#endif
