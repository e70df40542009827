// SPDX-License-Identifier: GPL-3.0-or-later
//
// What embedding must do, worked out by hand.

#include "ops/embedding.h"

#include <math.h>

#include "hand.h"

static const SfmOp *op;

static SfmCall call_of(uint32_t num, uint32_t rows)
{
    return (SfmCall){
        .op = op,
        .num_inputs = 2,
        .in = { SFM_SHAPE(num, 1, 1, 1), SFM_SHAPE(rows, 2, 1, 1) },
    };
}

static const float table[] = { 1, 2, 3, 4, 5, 6 };

static void picks_the_rows_that_the_indices_name(void)
{
    SfmCall call = call_of(4, 3);
    const float index[] = { 2, 0, 1, 2 };
    const float want[] = { 5, 6, 1, 2, 3, 4, 5, 6 };

    gives(&call, (const float *[]){ index, table }, SFM_SHAPE(4, 2, 1, 1), want, 1e-6f);
}

static void never_reads_outside_of_the_table(void)
{
    SfmCall call = call_of(5, 3);
    const float index[] = { -1, 3, 1e30f, -INFINITY, NAN };
    const float want[] = { 1, 2, 5, 6, 5, 6, 1, 2, 1, 2 };

    gives(&call, (const float *[]){ index, table }, SFM_SHAPE(5, 2, 1, 1), want, 1e-6f);
}

static void refuses_shapes_that_do_not_fit(void)
{
    SfmCall call = call_of(4, 3);

    call.in[0] = SFM_SHAPE(4, 2, 1, 1);
    refuses(&call, "embedding: index must be [4, 1, 1, 1], not [4, 2, 1, 1]");
    call = call_of(4, 3);
    call.in[1] = SFM_SHAPE(3, 2, 1, 2);
    refuses(&call, "embedding: table must be [3, 2, 1, 1], not [3, 2, 1, 2]");
    call = call_of(4, 0);
    refuses(&call, "embedding: the table has 0 rows, not 1 to 16777216");
    call = call_of(4, 16777217);
    refuses(&call, "embedding: the table has 16777217 rows, not 1 to 16777216");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);

    op = sfm_op_find("embedding");
    g_assert_nonnull(op);

#define TEST(name) g_test_add_func("/ops/embedding/" #name, name)
    TEST(picks_the_rows_that_the_indices_name);
    TEST(never_reads_outside_of_the_table);
    TEST(refuses_shapes_that_do_not_fit);
    return g_test_run();
}
