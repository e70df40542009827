// SPDX-License-Identifier: GPL-3.0-or-later
// Maximum over the workgroup, for one-dimensional groups of GROUP_SIZE threads,
// a power of two. Every thread must call it; every thread gets the maximum.

shared float max_slots[GROUP_SIZE];

float group_max(float value)
{
    const uint me = gl_LocalInvocationID.x;

    max_slots[me] = value;
    barrier();
    for (uint half_size = GROUP_SIZE / 2; half_size > 0; half_size /= 2) {
        if (me < half_size)
            max_slots[me] = max(max_slots[me], max_slots[me + half_size]);
        barrier();
    }

    const float maximum = max_slots[0];
    barrier(); // no thread may start the next maximum before all have read this one
    return maximum;
}
