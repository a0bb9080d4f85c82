// Distance kernels, one table of functions per instruction set.
//
// Rows are addressed as `base + id * stride`; the caller has checked every id, and that rows hold
// `d` elements. `ids == NULL` means rows 0, 1, 2, …. All loads are unaligned-safe.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// out[i] = q · row(ids[i]); stride in floats.
typedef void (*engram_f32_gather)(const float *q, const float *base, size_t stride,
                                  const uint32_t *ids, size_t n, size_t d, float *out);

/// out[i] = A + B * (float)(u · (row_codes - 128)) for code rows laid out as {float A, float B,
/// uint8_t codes[d]}; stride in bytes. `u` is the query as signed bytes and `usum` the sum of them.
typedef void (*engram_code_gather)(const int8_t *u, int32_t usum, const uint8_t *base,
                                   size_t stride, const uint32_t *ids, size_t n, size_t d,
                                   float scale, float *out);

typedef struct {
  const char *name;
  engram_f32_gather dot_f32;
  engram_f32_gather squared_euclidean_f32;
  engram_code_gather code_distance;
} engram_kernel_table;

/// The table for an instruction set, or NULL if this machine cannot run it:
/// "avx512vnni", "avx512", "avx2", "neon" or "scalar".
const engram_kernel_table *engram_kernels_named(const char *name);
/// The fastest table this machine can run.
const engram_kernel_table *engram_kernels_best(void);

/// 1 if AVX-512 F, BW, DQ and VL can be used here: processor and operating system.
int engram_cpu_has_avx512(void);
/// 1 if AVX-512 VNNI can be used here as well.
int engram_cpu_has_avx512_vnni(void);
/// 1 if AVX2 and FMA can be used here: processor and operating system.
int engram_cpu_has_avx2(void);

/// Asks for the cache line at `address`.
static inline void engram_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#ifdef __cplusplus
}
#endif
