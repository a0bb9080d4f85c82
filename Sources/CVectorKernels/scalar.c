// The reference: what every other instruction set is held against.
#include "key_list.h"
#include "tables.h"

static float dot_row(const float *q, const float *x, size_t d) {
  float sum = 0;
  for (size_t j = 0; j < d; j++) sum += q[j] * x[j];
  return sum;
}

static float squared_euclidean_row(const float *q, const float *x, size_t d) {
  float sum = 0;
  for (size_t j = 0; j < d; j++) {
    float difference = q[j] - x[j];
    sum += difference * difference;
  }
  return sum;
}

static int32_t code_row(const int8_t *u, const uint8_t *codes, size_t d) {
  int32_t sum = 0;
  for (size_t j = 0; j < d; j++) sum += (int32_t)u[j] * (int32_t)codes[j];
  return sum;
}

F32_GATHER(dot_gather, , dot_row)
F32_GATHER(squared_euclidean_gather, , squared_euclidean_row)
CODE_GATHER(code_gather, , code_row)

static float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t exponent = (half >> 10) & 0x1f;
  uint32_t fraction = half & 0x3ff;
  uint32_t bits;
  if (exponent == 0x1f) {
    bits = sign | 0x7f800000u | fraction << 13;
  } else if (exponent != 0) {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  } else {
    // Below the normal range: a multiple of 2⁻²⁴, exact in single precision.
    float value = (float)fraction * 0x1p-24f;
    memcpy(&bits, &value, sizeof bits);
    bits |= sign;
  }
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static int32_t edge_dot(const int8_t *q, engram_edge_shape shape, const uint8_t *codes, size_t lane) {
  const uint32_t groups[3] = {shape.groups4, shape.groups2, shape.groups1};
  int32_t sum = 0;
  for (int kind = 0; kind < 3; kind++) {
    int width = 4 >> kind;
    for (uint32_t g = 0; g < groups[kind]; g++, codes += 4 * ENGRAM_EDGE_LANES)
      for (int shift = 0; shift < 8; shift += width)
        for (int byte = 0; byte < 4; byte++)
          sum += *q++ * ((codes[lane * 4 + byte] >> shift) & ((1 << width) - 1));
  }
  return sum;
}

static size_t score_edges(const engram_edge_query *query, engram_edge_shape shape,
                          const uint8_t *codes, const uint16_t *a, const uint16_t *b, size_t blocks,
                          float threshold, const uint8_t *ahead, uint32_t *out_places,
                          float *out_distances) {
  (void)ahead;
  size_t count = 0;
  size_t block_bytes = 64 * (size_t)(shape.groups4 + shape.groups2 + shape.groups1);
  for (size_t place = 0; place < blocks * ENGRAM_EDGE_LANES; place++) {
    const uint8_t *block = codes + place / ENGRAM_EDGE_LANES * block_bytes;
    int32_t dot = edge_dot(query->codes, shape, block, place % ENGRAM_EDGE_LANES);
    float distance =
        edge_distance(query, half_to_float(a[place]), half_to_float(b[place]), dot);
    if (!(distance < threshold)) continue;
    out_places[count] = (uint32_t)place;
    out_distances[count++] = distance;
  }
  return count;
}

static void multiply_s8(const int8_t *matrix, const uint8_t *x, size_t out_blocks, size_t columns,
                        int32_t *out) {
  for (size_t block = 0; block < out_blocks; block++, matrix += 16 * columns, out += 16)
    for (size_t row = 0; row < 16; row++) {
      int32_t sum = 0;
      for (size_t i = 0; i < columns; i++)
        sum += matrix[i / 4 * 64 + row * 4 + i % 4] * (int32_t)x[i];
      out[row] = sum;
    }
}

static float dot_wide_row(const float *q, const uint8_t *high, const int8_t *low, float scale,
                          size_t d) {
  float sum = 0;
  for (size_t j = 0; j < d; j++) sum += q[j] * wide_value(high, low, j);
  return sum * scale;
}

static float squared_euclidean_wide_row(const float *q, const uint8_t *high, const int8_t *low,
                                        float scale, size_t d) {
  float sum = 0;
  for (size_t j = 0; j < d; j++) {
    float difference = q[j] - scale * wide_value(high, low, j);
    sum += difference * difference;
  }
  return sum;
}

WIDE_GATHER(dot_wide, , dot_wide_row)
WIDE_GATHER(squared_euclidean_wide, , squared_euclidean_wide_row)

EDGE_ENCODER(encode_edge, )
QUANTIZER(quantize_s8, )
SELECT(select_below, )

const engram_kernel_table engram_table_scalar = {
    "scalar",    dot_gather,  squared_euclidean_gather, code_gather, score_edges,
    multiply_s8, dot_wide,    squared_euclidean_wide,
    encode_edge, quantize_s8, select_below, NULL, NULL, engram_insert_keys};
