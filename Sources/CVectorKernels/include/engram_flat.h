// Kernels of exact search: bounds on distances from codes that are scanned in order.
//
// A component is a byte 1…255 that stands for `scale · (byte − 128)`. Its upper and its lower half byte
// lie in planes of their own, so that a scan of the upper halves alone touches half the memory. 32 rows
// form a group. In each plane a group is a sequence of pairs of 64-byte lines, one pair for 8 components:
// the first line for rows 0…15, the second for rows 16…31. The 32-bit lane of a row holds in the lower
// half of its byte b the component 8·i + b and in the upper half the component 8·i + 4 + b.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ENGRAM_FLAT_ROWS 32
/// Query codes stand in whole groups of so many.
#define ENGRAM_FLAT_QUERIES 12

/// Consecutive groups of rows.
typedef struct {
  const uint8_t *high;
  /// NULL for a scan of the upper halves.
  const uint8_t *low;
  /// What is the same for all queries, what a step of the codes is worth, and two norms, for each row.
  const float *constant, *scale, *residual, *norm;
  size_t groups;
  /// Components, a multiple of 8.
  size_t columns;
} engram_flat_rows;

/// Queries as signed bytes. With the integer product D of the codes a row has the estimate
/// `constant + scale · (slope · D + offset)`, and the bound
/// `estimate + residual_factor · residual + norm_factor · norm`.
typedef struct {
  const int8_t *codes;
  const float *slope, *offset, *residual_factor, *norm_factor, *threshold;
  size_t count;
} engram_flat_queries;

/// A row whose bound is not above its query's threshold.
typedef struct {
  uint32_t query, row;
  float bound, estimate;
} engram_flat_hit;

/// Writes what is not above its threshold; `hits` has room for all rows with all queries. Returns how many.
typedef size_t (*engram_flat_scan)(const engram_flat_rows *rows, const engram_flat_queries *queries,
                                   engram_flat_hit *hits);

/// What is kept of a row beside its codes. `high_residual` and `residual` are the distances from the vector
/// to what the upper halves and the whole bytes stand for, `norm` the greater length of these two; all
/// rounded up. `squared_norm` is the squared length of the vector.
typedef struct {
  float scale, high_residual, residual, norm;
  double squared_norm;
} engram_flat_row;

/// Encodes `x − center` as row `lane` of a group; the remaining components of `columns` become zero.
/// `codes` is scratch memory for `columns` bytes.
void engram_flat_encode(const float *x, const float *center, size_t n, size_t columns, size_t lane,
                        uint8_t *codes, uint8_t *high, uint8_t *low, engram_flat_row *row);

/// A query as signed bytes: what a step of them is worth, their sum, the length of the query minus its center
/// and its distance to what the bytes stand for.
typedef struct {
  float scale;
  int32_t sum;
  double norm, residual;
} engram_flat_query;

/// Encodes `q − center`, or `q` if `center` is NULL.
void engram_flat_encode_query(const float *q, const float *center, size_t n, int8_t *codes,
                              engram_flat_query *query);

/// The dot product in double precision.
double engram_flat_dot(const float *a, const float *b, size_t n);

/// The scan of an instruction set, or NULL if this machine cannot run it; names as `engram_kernels_named`.
engram_flat_scan engram_flat_scan_named(const char *name);

#ifdef __cplusplus
}
#endif
