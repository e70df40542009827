// SPDX-License-Identifier: GPL-3.0-or-later
// A workgroup's way through many values. llvmpipe ends all loops of an invocation
// after 65535 turns together, and leaves the rest undone without a word; a turn here
// is therefore TURN values. The shader has GROUP_SIZE, and GL_EXT_control_flow_attributes.

#define TURN 32

// The statement behind it is done for i = first, first + step, ... below `count`, in this
// order.
#define FOR_STEPS(i, first, step, count)                                                    \
    for (uint turn = (first); turn < (count); turn += TURN * (step))                        \
        [[unroll]] for (uint in_turn = 0, i = turn; in_turn < TURN; in_turn++, i += (step)) \
            if (i < (count))

// The same from the invocation's number on, in steps of the group's size.
#define FOR_EACH(i, count) FOR_STEPS(i, gl_LocalInvocationID.x, GROUP_SIZE, count)
