// SPDX-License-Identifier: GPL-3.0-or-later
// What a convolution of the gpu family does with a sum: bias, addend, scale. Pads
// stay zero, since bias and weights have zeros there. Takes bindings 2 to 5; the shader
// has `p`, which is a GpuConvParams, and include/element.glsl before it. `precise`, so
// that a sum finished here or in reduce_splits.comp has the same bits for every tile.

layout(binding = 2) restrict readonly buffer Bias { vec4 bias[]; };      // [parts, O], padded
layout(binding = 3) readonly buffer Residual { ELEMENT4 residual[]; };   // as y, may lie there
layout(binding = 4) restrict readonly buffer Vector { float vector[]; }; // [N, O]
layout(binding = 5) writeonly buffer Y { ELEMENT4 y[]; };                // NHWC

vec4 addend_of(uint pixel, uint quad)
{
    vec4 other = vec4(0.0);

    if (p.addend == GPU_ADDEND_RESIDUAL)
        return load4(residual[pixel * p.out_quads + quad]);
    if (p.addend == GPU_ADDEND_VECTOR) {
        const uint first = pixel / p.image_pixels * p.out_channels;
        for (uint k = 0; k < 4; k++) {
            if (quad * 4 + k < p.out_channels)
                other[k] = vector[first + quad * 4 + k];
        }
    }
    return other;
}

void finish(uint part, uint pixel, uint quad, vec4 sum)
{
    precise vec4 result = sum + bias[part * p.out_quads + quad];
    if (p.addend != GPU_ADDEND_NONE)
        result = (result + addend_of(pixel, quad)) * p.scale;
    y[(part * p.all_pixels + pixel) * p.out_quads + quad] = stored4(result);
}
