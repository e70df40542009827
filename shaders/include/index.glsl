// SPDX-License-Identifier: GPL-3.0-or-later
// Where an invocation stands in a launch made by sfm_launch_count() or gpu_dispatch(), whose
// groups fill rows of x before they start the next y. The shader declares
// local_size_x = GROUP_SIZE and returns at once where the number is at or beyond
// its count.

// The running number of this group: for launches with a group size of 1, in
// which the shader's whole group makes one thing. A row is as long as the launch
// makes it, and not gl_NumWorkGroups.x, since a launch may come in parts.
uint group_index()
{
    const uint row_groups = 65535;
    return gl_WorkGroupID.y * row_groups + gl_WorkGroupID.x;
}

// The running number of this invocation.
uint invocation_index()
{
    return group_index() * GROUP_SIZE + gl_LocalInvocationID.x;
}
