// SPDX-License-Identifier: GPL-3.0-or-later
// Four channels of a pixel in the layouts with channels last: fp32, or with HALF
// fp16, which is computed in fp32 all the same. A shader of the gpu family declares
//
//     layout(binding = 0) restrict readonly buffer X { ELEMENT4 x[]; }; // NHWC
//
// and says load4(x[i]) and x[i] = stored4(v), so that one body makes both. They are
// macros since the storage of halves gives no variables of them.

#ifdef HALF
#extension GL_EXT_shader_16bit_storage : require
#define ELEMENT4   f16vec4
#define stored4(v) f16vec4(v)
#else
#define ELEMENT4   vec4
#define stored4(v) (v)
#endif
#define load4(e) vec4(e)
