// SPDX-License-Identifier: GPL-3.0-or-later
//
// A convolution takes the upsampling before it, where nobody else reads what that
// makes, and the sum behind it: `add_channels` (a time embedding) or `add`
// (a residual) becomes its addend, where nobody else reads what it was before. The
// fused call stands where the sum stood, for there all that it reads exists. Bits
// stay as they were in fp32: kernels add last, in the order in which the calls did.
// A layer of a perceptron likewise takes the activation behind it.
//
// When all else is fused, a convolution takes a group norm before it, if a kernel does both.
// Only the usual kernels are replaced: a choice is of one that runs a convolution alone.

#include "ops/add.h"
#include "ops/conv2d.h"
#include "ops/linear.h"
#include "ops/norm_conv2d.h"
#include "plan/passes.h"

#define NO_CALL UINT32_MAX

typedef struct {
    SfmPlan *plan;
    uint32_t *maker;   // by value: the call that makes it; NO_CALL: none
    uint32_t *readers; // by value: how often calls and the graph's outputs read it
} Fusing;

static void fusing_clear(Fusing *f)
{
    g_free(f->maker);
    g_free(f->readers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fusing, fusing_clear)

static SfmNode *call_at(const Fusing *f, uint32_t i)
{
    return &g_array_index(f->plan->calls, SfmNode, i);
}

static bool is(const SfmNode *node, const char *op)
{
    return node->call.op && g_str_equal(node->call.op->name, op);
}

static void fusing_init(Fusing *f, SfmPlan *plan)
{
    const uint32_t num_values = sfm_plan_num_values(plan);
    *f = (Fusing){
        .plan = plan,
        .maker = g_new(uint32_t, num_values + 1),
        .readers = g_new0(uint32_t, num_values + 1),
    };
    for (uint32_t v = 0; v <= num_values; v++)
        f->maker[v] = NO_CALL;
    for (uint32_t i = 0; i < plan->calls->len; i++) {
        const SfmNode *node = call_at(f, i);
        for (int k = 0; k < node->call.num_inputs; k++)
            f->readers[node->in[k]]++;
        for (int k = 0; k < node->call.op->num_outputs; k++)
            f->maker[node->out[k]] = i;
    }
    for (uint32_t i = 0; i < sfm_graph_num_outputs(plan->graph); i++)
        f->readers[sfm_graph_output_at(plan->graph, i)]++;
}

// The convolution that makes `value` for one reader alone and has no addend yet.
static uint32_t open_convolution(const Fusing *f, SfmValue value)
{
    const uint32_t i = f->maker[value];
    if (i == NO_CALL || f->readers[value] != 1)
        return NO_CALL;
    const SfmNode *node = call_at(f, i);
    return is(node, "conv2d") && node->call.num_inputs == 3 ? i : NO_CALL;
}

// Which operand of a sum becomes a convolution's result before the addition; -1:
// none. Of two the later one, as then nothing is computed later than it was.
static int open_operand(const Fusing *f, const SfmNode *sum)
{
    const uint32_t a = open_convolution(f, sum->in[0]);
    if (is(sum, "add_channels"))
        return a != NO_CALL ? 0 : -1;
    const uint32_t b = open_convolution(f, sum->in[1]);
    if (a != NO_CALL && b != NO_CALL)
        return a > b ? 0 : 1;
    return a != NO_CALL ? 0 : b != NO_CALL ? 1 : -1;
}

// Weights are packed for the kernel that reads them, and none packs an addend.
static bool is_weight(const Fusing *f, SfmValue value)
{
    return sfm_graph_value(f->plan->graph, value)->kind == SFM_VALUE_WEIGHT;
}

// Attributes of a convolution that are the plan's, to be changed.
static SfmConv2d *own_attrs(SfmPlan *plan, const SfmCall *convolution)
{
    SfmConv2d *attrs = g_memdup2(convolution->attrs, sizeof(SfmConv2d));
    g_ptr_array_add(plan->attrs, attrs);
    return attrs;
}

static void fuse_sum(Fusing *f, uint32_t i)
{
    SfmNode *sum = call_at(f, i);
    const int operand = open_operand(f, sum);
    if (operand < 0 || is_weight(f, sum->in[1 - operand]))
        return;

    SfmNode *convolution = call_at(f, f->maker[sum->in[operand]]);
    SfmNode fused = *convolution;
    SfmConv2d *attrs = own_attrs(f->plan, &convolution->call);
    attrs->scale = is(sum, "add") ? ((const SfmAdd *)sum->call.attrs)->scale : 1;
    fused.call.attrs = attrs;
    fused.call.num_inputs = 4;
    fused.call.in[3] = sum->call.in[1 - operand];
    fused.in[3] = sum->in[1 - operand];
    fused.out[0] = sum->out[0];

    convolution->call.op = NULL; // it goes, when all are done
    *sum = fused;
}

// What it sees is the same, and so are its bits.
static void fuse_upsampling(Fusing *f, SfmNode *convolution)
{
    const SfmValue x = convolution->in[0];
    const uint32_t i = f->maker[x];
    if (i == NO_CALL || f->readers[x] != 1 || !is(call_at(f, i), "upsample_nearest"))
        return;

    SfmNode *upsampling = call_at(f, i);
    SfmConv2d *attrs = own_attrs(f->plan, &convolution->call);
    attrs->doubled = true;
    convolution->call.attrs = attrs;
    convolution->call.in[0] = upsampling->call.in[0];
    convolution->in[0] = upsampling->in[0];
    upsampling->call.op = NULL;
}

static void fuse_activation(Fusing *f, SfmNode *activation)
{
    const uint32_t i = f->maker[activation->in[0]];
    if (i == NO_CALL || f->readers[activation->in[0]] != 1 || !is(call_at(f, i), "linear"))
        return;

    SfmNode *layer = call_at(f, i);
    if (((const SfmLinear *)layer->call.attrs)->act != SFM_ACTIVATION_NONE)
        return;
    SfmLinear *attrs = g_new(SfmLinear, 1);
    attrs->act = ((const SfmActivation *)activation->call.attrs)->kind;
    g_ptr_array_add(f->plan->attrs, attrs);
    layer->call.attrs = attrs;
    layer->out[0] = activation->out[0];
    activation->call.op = NULL;
}

static void drop_fused(GArray *calls)
{
    guint kept = 0;
    for (guint i = 0; i < calls->len; i++) {
        const SfmNode node = g_array_index(calls, SfmNode, i);
        if (node.call.op)
            g_array_index(calls, SfmNode, kept++) = node;
    }
    g_array_set_size(calls, kept);
}

void sfm_plan_fuse(SfmPlan *plan)
{
    g_auto(Fusing) f;
    fusing_init(&f, plan);
    for (uint32_t i = 0; i < plan->calls->len; i++) {
        if (is(call_at(&f, i), "conv2d"))
            fuse_upsampling(&f, call_at(&f, i));
        if (is(call_at(&f, i), "activation"))
            fuse_activation(&f, call_at(&f, i));
        if (is(call_at(&f, i), "add") || is(call_at(&f, i), "add_channels"))
            fuse_sum(&f, i);
    }
    drop_fused(plan->calls);
}

// ---- norms ------------------------------------------------------------------

// The group norm that makes `value` for one reader alone; NULL: none does.
static SfmNode *own_norm(const Fusing *f, SfmValue value)
{
    const uint32_t i = f->maker[value];
    return i != NO_CALL && f->readers[value] == 1 && is(call_at(f, i), "group_norm") ? call_at(f, i)
                                                                                     : NULL;
}

static SfmNode with_norm(SfmPlan *plan, const SfmNode *convolution, const SfmNode *norm)
{
    SfmNormConv2d *attrs = g_new(SfmNormConv2d, 1);
    SfmNode fused = *convolution;

    attrs->conv = *(const SfmConv2d *)convolution->call.attrs;
    attrs->norm = *(const SfmGroupNorm *)norm->call.attrs;
    g_ptr_array_add(plan->attrs, attrs);
    fused.call.op = &sfm_op_norm_conv2d;
    fused.call.attrs = attrs;
    fused.call.num_inputs += 2;
    fused.call.in[5] = convolution->call.in[3];
    fused.in[5] = convolution->in[3];
    fused.in[0] = norm->in[0];
    for (int i = 1; i < 3; i++) { // gamma, beta
        fused.call.in[2 + i] = norm->call.in[i];
        fused.in[2 + i] = norm->in[i];
    }
    return fused;
}

static bool takes(const SfmKernel *kernel, const SfmCall *call)
{
    return (!kernel->applies || kernel->applies(call)) && (!kernel->pays || kernel->pays(call));
}

static void fuse_norm(Fusing *f, SfmNode *convolution)
{
    const SfmTarget *target = f->plan->target;
    SfmNode *norm = own_norm(f, convolution->in[0]);
    const SfmKernel *usual = sfm_target_rival(target, &convolution->call, 0);

    if (!norm || !usual || !usual->normed || sfm_target_choose(target, &convolution->call) != usual)
        return;
    const SfmNode fused = with_norm(f->plan, convolution, norm);
    if (!takes(usual->normed, &fused.call) ||
        sfm_target_choose(target, &fused.call) != usual->normed)
        return;
    norm->call.op = NULL; // it goes, when all are done
    *convolution = fused;
}

void sfm_plan_fuse_norms(SfmPlan *plan)
{
    g_auto(Fusing) f;
    fusing_init(&f, plan);
    for (uint32_t i = 0; i < plan->calls->len; i++) {
        if (is(call_at(&f, i), "conv2d"))
            fuse_norm(&f, call_at(&f, i));
    }
    drop_fused(plan->calls);
}
