// target[c][r] = source[r][c]: rows of an array whose reduced axis is not the last one.
#pragma once

#include <numpy/npy_common.h>

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace fastact {

// Strides are those of a row, in elements.
template <class T>
inline void transpose_plain(const T* source, npy_intp source_stride, npy_intp rows, npy_intp columns,
                            T* target, npy_intp target_stride) {
  for (npy_intp c = 0; c < columns; ++c)
    for (npy_intp r = 0; r < rows; ++r)
      target[c * target_stride + r] = source[r * source_stride + c];
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) inline void transpose_square(const float* s, npy_intp ss, float* t,
                                                             npy_intp ts) {
  __m256 a[8], b[8];
  for (int i = 0; i < 8; ++i) a[i] = _mm256_loadu_ps(s + i * ss);
  for (int i = 0; i < 8; i += 2) {
    b[i] = _mm256_unpacklo_ps(a[i], a[i + 1]);
    b[i + 1] = _mm256_unpackhi_ps(a[i], a[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    a[i] = _mm256_shuffle_ps(b[i], b[i + 2], 0x44);
    a[i + 1] = _mm256_shuffle_ps(b[i], b[i + 2], 0xee);
    a[i + 2] = _mm256_shuffle_ps(b[i + 1], b[i + 3], 0x44);
    a[i + 3] = _mm256_shuffle_ps(b[i + 1], b[i + 3], 0xee);
  }
  for (int i = 0; i < 4; ++i) {
    _mm256_storeu_ps(t + i * ts, _mm256_permute2f128_ps(a[i], a[i + 4], 0x20));
    _mm256_storeu_ps(t + (i + 4) * ts, _mm256_permute2f128_ps(a[i], a[i + 4], 0x31));
  }
}

__attribute__((target("avx2"))) inline void transpose_square(const double* s, npy_intp ss,
                                                             double* t, npy_intp ts) {
  __m256d a[4], b[4];
  for (int i = 0; i < 4; ++i) a[i] = _mm256_loadu_pd(s + i * ss);
  for (int i = 0; i < 4; i += 2) {
    b[i] = _mm256_unpacklo_pd(a[i], a[i + 1]);
    b[i + 1] = _mm256_unpackhi_pd(a[i], a[i + 1]);
  }
  for (int i = 0; i < 2; ++i) {
    _mm256_storeu_pd(t + i * ts, _mm256_permute2f128_pd(b[i], b[i + 2], 0x20));
    _mm256_storeu_pd(t + (i + 2) * ts, _mm256_permute2f128_pd(b[i], b[i + 2], 0x31));
  }
}

template <class T>
__attribute__((target("avx2"))) inline void transpose_avx2(const T* source, npy_intp source_stride,
                                                           npy_intp rows, npy_intp columns,
                                                           T* target, npy_intp target_stride) {
  constexpr npy_intp SIDE = 32 / sizeof(T);
  const npy_intp whole_rows = rows / SIDE * SIDE, whole_columns = columns / SIDE * SIDE;
  for (npy_intp r = 0; r < whole_rows; r += SIDE)
    for (npy_intp c = 0; c < whole_columns; c += SIDE)
      transpose_square(source + r * source_stride + c, source_stride,
                       target + c * target_stride + r, target_stride);
  transpose_plain(source + whole_columns, source_stride, whole_rows, columns - whole_columns,
                  target + whole_columns * target_stride, target_stride);
  transpose_plain(source + whole_rows * source_stride, source_stride, rows - whole_rows, columns,
                  target + whole_rows, target_stride);
}
#endif

template <class T>
inline void transpose(const T* source, npy_intp source_stride, npy_intp rows, npy_intp columns,
                      T* target, npy_intp target_stride) {
#if defined(__x86_64__)
  static const bool avx2 = __builtin_cpu_supports("avx2");
  if (avx2)
    return transpose_avx2(source, source_stride, rows, columns, target, target_stride);
#endif
  transpose_plain(source, source_stride, rows, columns, target, target_stride);
}

}  // namespace fastact
