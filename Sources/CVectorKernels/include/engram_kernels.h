// Distance kernels, one table of functions per instruction set.
//
// Rows are addressed as `base + id * stride`; the caller has checked every id, and that rows hold
// `d` elements. `ids == NULL` means rows 0, 1, 2, …. All loads are unaligned-safe.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "engram_flat.h"
#include "engram_key_list.h"

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

/// Lanes of a block of edges: each 32-bit lane holds the codes of one edge.
#define ENGRAM_EDGE_LANES 16

/// A block of edge codes: `groups4` groups of 64 bytes with 8 codes of 4 bits a lane, then `groups2` with
/// 16 codes of 2 bits, then `groups1` with 32 codes of 1 bit. Within a lane the code of axis 4·s + b of a
/// group stands in byte b at bit s · width, so that one shift and one mask give four axes.
typedef struct {
  uint32_t groups4, groups2, groups1;
} engram_edge_shape;

/// A query as `engram_edge_score` wants it. An edge's distance is
/// `base + unit_a · a + (unit_b · b) · (dot − offset)`, where dot is the integer product of `codes` with
/// the edge's codes and a, b are half-precision factors of the edge.
typedef struct {
  const int8_t *codes;
  float base, unit_a, unit_b, offset;
} engram_edge_query;

/// Scores the edges of a node, a whole number of blocks, and keeps those below `threshold`: their place
/// in the node's list and distance, in order. Returns how many. `a` and `b` hold one half-precision
/// number a lane. Every instruction set gives the same bits. `ahead` are the codes to be scored next, or
/// `codes` again: their cache lines are asked for, and never read, a few at a time while others are scored (all at
/// once they would hold up the loads of those). The scalar kernel leaves that out.
typedef size_t (*engram_edge_score)(const engram_edge_query *query, engram_edge_shape shape,
                                    const uint8_t *codes, const uint16_t *a, const uint16_t *b,
                                    size_t blocks, float threshold, const uint8_t *ahead,
                                    uint32_t *out_places, float *out_distances);

/// out[j] = Σ matrix[j][i] · x[i] for 16 · `out_blocks` outputs; the matrix is stored in blocks of 16
/// rows, in which 4 consecutive columns of each row stand together: [block][columns / 4][16][4].
/// `columns` is a multiple of 4.
typedef void (*engram_matrix_vector)(const int8_t *matrix, const uint8_t *x, size_t out_blocks,
                                     size_t columns, int32_t *out);

/// Exact distances from vectors of two bytes an axis. Row i is `factor · B · (256 · (high − 128) + low)`
/// with B and the high bytes from a code row as above, and the low bytes from a matrix of their own.
/// Writes Σ q · row, or Σ (q − row)².
typedef void (*engram_wide_gather)(const float *q, const uint8_t *base, size_t stride,
                                   const int8_t *low_base, size_t low_stride, const uint32_t *ids,
                                   size_t n, size_t d, float factor, float *out);

/// out[i] = (x[i] − center[i]) · weight[i], scaled to −127…127 and rounded; `center` and `weight` may be
/// NULL. Returns what one step is worth, 0 if all is zero. Every instruction set gives the same bits.
typedef float (*engram_quantize)(const float *x, const float *center, const float *weight, size_t n,
                                 int8_t *out);

/// How an axis of an edge is encoded: a value v becomes v · inverse_weight + offset, rounded and held
/// within 0…level_max. `count` floats each.
typedef struct {
  const float *inverse_deviation, *weight, *inverse_weight, *offset, *level_max;
  size_t count;
} engram_edge_axes;

/// What an edge's factors are made of: `scale` multiplies the axes' weights, r is target − source and r'
/// its decoded codes.
typedef struct {
  float scale, r_dot_decoded, source_dot_decoded;
} engram_edge_sums;

/// Encodes target − source, one code a byte.
typedef void (*engram_edge_encode)(const float *target, const float *source,
                                   const engram_edge_axes *axes, uint8_t *codes,
                                   engram_edge_sums *sums);

/// Rows of signed bytes for `engram_pairwise`: row i stands for `scale[i] · codes`, has the squared length
/// `norm[i]`, and `sum[i]` is the sum of its codes.
typedef struct {
  const float *scale, *norm;
  const int32_t *sum;
} engram_byte_rows;

/// Rows and columns that `engram_pairwise` computes at once: `a` and its arrays hold whole groups of rows,
/// packed columns come in whole groups, and `out` has room for them.
#define ENGRAM_PAIRWISE_ROWS 12
#define ENGRAM_PAIRWISE_COLUMNS 32

/// Squared distances of `m` rows to `n` columns: out[i · ldo + j] = |aᵢ − bⱼ|², never below 0. `a` has rows
/// of `k` bytes, a multiple of 4; `b` was packed by `engram_pairwise_pack` with the same k.
typedef void (*engram_pairwise)(const int8_t *a, engram_byte_rows a_rows, size_t m,
                                const uint8_t *b, engram_byte_rows b_rows, size_t n, size_t k,
                                float *out, size_t ldo);

/// Places from `start` up to, not including, `end`.
typedef struct {
  size_t start, end;
} engram_range;

/// For each place the near pairs found: `keys[place · stride + n]` has the bits of a distance in its upper
/// half and the other place in its lower, for n below `counts[place]`. Only distances below
/// `limits[place]` are added.
typedef struct {
  const float *limits;
  uint64_t *keys;
  size_t stride;
  uint32_t *counts;
} engram_near_lists;

/// Compares rows with columns of one set, each pair once: for every row i and column j < i the distance
/// goes to the list of i and to that of j where it is below their limits. `a` holds all rows, `b` is the
/// same packed, and both ranges start at whole groups of rows and of columns. A list of `row_range` can
/// grow by the columns, one of `column_range` by the rows.
typedef void (*engram_join)(const int8_t *a, const uint8_t *b, engram_byte_rows rows, size_t k,
                            engram_range row_range, engram_range column_range,
                            engram_near_lists lists);

/// Writes the places and values of `x` that are below `threshold`, in order; returns how many.
typedef size_t (*engram_select)(const float *x, size_t n, float threshold, uint32_t *places,
                                float *values);

typedef struct {
  const char *name;
  engram_f32_gather dot_f32;
  engram_f32_gather squared_euclidean_f32;
  engram_code_gather code_distance;
  engram_edge_score score_edges;
  engram_matrix_vector multiply_s8;
  engram_wide_gather dot_wide;
  engram_wide_gather squared_euclidean_wide;
  engram_edge_encode encode_edge;
  engram_quantize quantize_s8;
  engram_select select_below;
  /// NULL where matrix products of floats are as fast.
  engram_pairwise pairwise;
  engram_join join;
  engram_key_insert insert_keys;
} engram_kernel_table;

/// Packs `n` rows of `k` signed bytes as the columns of `engram_pairwise`: groups of 32 columns, in which 4
/// bytes of each column stand together, made unsigned. `out` has room for whole groups.
void engram_pairwise_pack(const int8_t *rows, size_t n, size_t k, uint8_t *out);

/// Puts the codes of one edge, one a byte, into its lane of a block.
void engram_edge_pack(const uint8_t *codes, engram_edge_shape shape, size_t lane, uint8_t *block);

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

/// Carries the CRC-32C register (not inverted) over the whole 8-byte words of `bytes`; returns how many bytes
/// those were, 0 if the processor has no instruction for it.
size_t engram_crc32c_words(uint32_t *crc, const uint8_t *bytes, size_t n);

/// Asks for the cache line at `address`.
static inline void engram_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// Asks for every cache line of `bytes` bytes at `address`.
static inline void engram_prefetch_lines(const void *address, size_t bytes) {
  const char *line = (const char *)address;
  for (size_t at = 0; at < bytes; at += 64) __builtin_prefetch(line + at, 0, 3);
}

#ifdef __cplusplus
}
#endif
