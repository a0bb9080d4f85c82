#pragma once
#include "engram_flat.h"
#include "tables.h"

size_t engram_flat_scan_scalar(const engram_flat_rows *, const engram_flat_queries *, engram_flat_hit *);
#if defined(__x86_64__)
size_t engram_flat_scan_avx2(const engram_flat_rows *, const engram_flat_queries *, engram_flat_hit *);
size_t engram_flat_scan_avx512(const engram_flat_rows *, const engram_flat_queries *, engram_flat_hit *);
size_t engram_flat_scan_avx512vnni(const engram_flat_rows *, const engram_flat_queries *,
                                   engram_flat_hit *);
#endif
#if defined(__aarch64__)
size_t engram_flat_scan_neon(const engram_flat_rows *, const engram_flat_queries *, engram_flat_hit *);
#endif

// Bytes of a group in one plane.
static inline size_t flat_group_bytes(size_t columns) { return columns * (ENGRAM_FLAT_ROWS / 2); }

// Offers `count` rows from `first` on to query `query`: the last step where it is not done in registers.
static inline engram_flat_hit *flat_offer(const engram_flat_rows *rows,
                                          const engram_flat_queries *queries, size_t query,
                                          size_t first, size_t count, const int32_t *dots,
                                          engram_flat_hit *out) {
  for (size_t i = 0; i < count; i++) {
    size_t row = first + i;
    float line = queries->slope[query] * (float)dots[i] + queries->offset[query];
    float estimate = rows->constant[row] + rows->scale[row] * line;
    float bound = estimate + queries->residual_factor[query] * rows->residual[row] +
                  queries->norm_factor[query] * rows->norm[row];
    // A bound that is not a number holds nothing back.
    if (bound > queries->threshold[query]) continue;
    *out++ = (engram_flat_hit){(uint32_t)query, (uint32_t)row, bound, estimate};
  }
  return out;
}
