#include "flat.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma,f16c")))
#define INLINE static inline __attribute__((always_inline))

// Queries of a tile, which has 8 rows: the sums of 16 and of 32 bits fill the registers.
#define HEIGHT 4
// Steps of 8 components after which sums of 16 bits are widened: a step adds at most 2 · 2 · 15 · 127.
#define STEPS 4

AVX2 INLINE __m256i broadcast4(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, sizeof four);
  return _mm256_set1_epi32(four);
}

AVX2 INLINE __m256i multiply_add(__m256i sum, __m256i u, __m256i s) {
  return _mm256_add_epi16(sum, _mm256_maddubs_epi16(u, s));
}

AVX2 INLINE engram_flat_hit *offer(const engram_flat_rows *rows, const engram_flat_queries *queries,
                                   size_t query, size_t first, __m256i dots, engram_flat_hit *out) {
  __m256 line = _mm256_fmadd_ps(_mm256_set1_ps(queries->slope[query]), _mm256_cvtepi32_ps(dots),
                                _mm256_set1_ps(queries->offset[query]));
  __m256 estimate = _mm256_fmadd_ps(_mm256_loadu_ps(rows->scale + first), line,
                                    _mm256_loadu_ps(rows->constant + first));
  __m256 bound = _mm256_fmadd_ps(_mm256_set1_ps(queries->residual_factor[query]),
                                 _mm256_loadu_ps(rows->residual + first), estimate);
  bound = _mm256_fmadd_ps(_mm256_set1_ps(queries->norm_factor[query]),
                          _mm256_loadu_ps(rows->norm + first), bound);
  uint32_t kept = (uint32_t)_mm256_movemask_ps(
      _mm256_cmp_ps(bound, _mm256_set1_ps(queries->threshold[query]), _CMP_NGT_UQ));
  if (__builtin_expect(kept == 0, 1)) return out;
  float bounds[8], estimates[8];
  _mm256_storeu_ps(bounds, bound);
  _mm256_storeu_ps(estimates, estimate);
  for (; kept; kept &= kept - 1) {
    uint32_t lane = (uint32_t)__builtin_ctz(kept);
    *out++ = (engram_flat_hit){(uint32_t)query, (uint32_t)first + lane, bounds[lane], estimates[lane]};
  }
  return out;
}

// `height` queries by the 8 rows of quarter `quarter` of a group; the lower halves only if `whole`.
AVX2 INLINE engram_flat_hit *tile(const engram_flat_rows *rows, const engram_flat_queries *queries,
                                  size_t group, size_t quarter, size_t first, const int height,
                                  const int whole, engram_flat_hit *out) {
  const __m256i mask = _mm256_set1_epi8(15);
  size_t columns = rows->columns, at = group * flat_group_bytes(columns) + quarter * 32;
  const int8_t *q = queries->codes + first * columns;
  __m256i sums[HEIGHT];
#pragma clang loop unroll(full)
  for (int r = 0; r < height; r++) sums[r] = _mm256_setzero_si256();
  for (size_t start = 0; start < columns; start += 8 * STEPS) {
    size_t end = columns - start < 8 * STEPS ? columns : start + 8 * STEPS;
    __m256i upper[HEIGHT], lower[HEIGHT];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) upper[r] = lower[r] = _mm256_setzero_si256();
    for (size_t i = start; i < end; i += 8, at += 128) {
      __m256i h = _mm256_loadu_si256((const __m256i *)(rows->high + at));
      __m256i h0 = _mm256_and_si256(h, mask), h1 = _mm256_and_si256(_mm256_srli_epi16(h, 4), mask);
      __m256i l0 = h0, l1 = h1;
      if (whole) {
        __m256i l = _mm256_loadu_si256((const __m256i *)(rows->low + at));
        l0 = _mm256_and_si256(l, mask);
        l1 = _mm256_and_si256(_mm256_srli_epi16(l, 4), mask);
      }
#pragma clang loop unroll(full)
      for (int r = 0; r < height; r++) {
        __m256i q0 = broadcast4(q + (size_t)r * columns + i);
        __m256i q1 = broadcast4(q + (size_t)r * columns + i + 4);
        upper[r] = multiply_add(multiply_add(upper[r], h0, q0), h1, q1);
        if (whole) lower[r] = multiply_add(multiply_add(lower[r], l0, q0), l1, q1);
      }
    }
    const __m256i one = _mm256_set1_epi16(1), unit = _mm256_set1_epi16(whole ? 16 : 1);
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
      sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(upper[r], unit));
      if (whole) sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(lower[r], one));
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < height; r++) {
    if (first + (size_t)r >= queries->count) break;
    out = offer(rows, queries, first + (size_t)r, group * ENGRAM_FLAT_ROWS + quarter * 8, sums[r], out);
  }
  return out;
}

AVX2 size_t engram_flat_scan_avx2(const engram_flat_rows *rows, const engram_flat_queries *queries,
                                  engram_flat_hit *hits) {
  engram_flat_hit *out = hits;
  for (size_t group = 0; group < rows->groups; group++)
    for (size_t quarter = 0; quarter < 4; quarter++) {
      size_t query = 0;
      if (!rows->low) {
        for (; query < queries->count; query++)
          out = tile(rows, queries, group, quarter, query, 1, 0, out);
        continue;
      }
      for (; query + 1 < queries->count; query += HEIGHT)
        out = tile(rows, queries, group, quarter, query, HEIGHT, 1, out);
      if (query < queries->count) out = tile(rows, queries, group, quarter, query, 1, 1, out);
    }
  return (size_t)(out - hits);
}
#endif
