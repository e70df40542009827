// SPDX-License-Identifier: GPL-3.0-or-later
// The running number of this invocation in a launch made by sfm_launch_count(),
// whose groups fill rows of x before they start the next y. The shader declares
// local_size_x = GROUP_SIZE and returns at once where the index is at or beyond
// its count.

uint invocation_index()
{
    return (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * GROUP_SIZE +
           gl_LocalInvocationID.x;
}
