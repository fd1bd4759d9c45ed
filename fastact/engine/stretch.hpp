// One dimension of any layout through a kernel that only knows contiguous, aligned blocks.
#pragma once

#include "convert.hpp"

namespace fastact {

// The signature of NumPy's own inner loops; ours are always handed contiguous arguments. `dims`
// holds the elements of a row and how many rows there are; `steps` those from one element to the
// next and, behind them, from one row to the next.
typedef void (*Loop)(char** args, const npy_intp* dims, const npy_intp* steps, void* data);

constexpr int MAX_ARGS = 8;
// Elements per block: with every argument of the widest call in scratch it still fits in L1.
constexpr npy_intp BLOCK = 1024;

struct Kernel {
  Loop loop = nullptr;
  void* data = nullptr;
  bool is_double = false;
  bool strict = false;  // wants disjoint arguments, none of them a scalar of step 0
  bool rows = false;    // takes several rows at once; with any data it stores past the caches
  // Constants bound behind the inputs: a ufunc of NumPy's with an argument fixed.
  int bound = 0;
  double constants[2] = {0, 0};
  npy_intp itemsize() const { return is_double ? 8 : 4; }
};

// What the arguments of one call look like in memory.
struct Layout {
  int nin, nout;
  bool native[MAX_ARGS];  // already the kernel's dtype and byte order
  Gather gather[MAX_ARGS];
  Scatter scatter[MAX_ARGS];

  int nargs() const { return nin + nout; }

  // False if an argument has a dtype that no conversion is written for.
  bool set(int arg, int type, bool swapped, bool is_double) {
    native[arg] = !swapped && type == (is_double ? NPY_DOUBLE : NPY_FLOAT);
    if (arg < nin) {
      gather[arg] = find_gather(type, swapped, is_double);
      return gather[arg] != nullptr;
    }
    scatter[arg] = find_scatter(type, swapped, is_double);
    return scatter[arg] != nullptr;
  }
};

inline bool aligned(const char* p, npy_intp itemsize) {
  return (reinterpret_cast<uintptr_t>(p) & (itemsize - 1)) == 0;
}

// `steps` are those of a Loop; a scalar's is 0.
inline void call(const Kernel& kernel, char** args, npy_intp n, npy_intp rows,
                 const npy_intp* steps, int nin, int nargs) {
  const npy_intp dims[] = {n, rows};
  if (kernel.bound == 0) return kernel.loop(args, dims, steps, kernel.data);

  char* with_constants[MAX_ARGS];
  npy_intp all_steps[MAX_ARGS];
  float floats[2] = {float(kernel.constants[0]), float(kernel.constants[1])};
  double doubles[2] = {kernel.constants[0], kernel.constants[1]};
  int k = 0;
  for (int a = 0; a < nin; ++a, ++k) {
    with_constants[k] = args[a];
    all_steps[k] = steps[a];
  }
  for (int b = 0; b < kernel.bound; ++b, ++k) {
    with_constants[k] = kernel.is_double ? reinterpret_cast<char*>(doubles + b)
                                         : reinterpret_cast<char*>(floats + b);
    all_steps[k] = 0;
  }
  for (int a = nin; a < nargs; ++a, ++k) {
    with_constants[k] = args[a];
    all_steps[k] = steps[a];
  }
  kernel.loop(with_constants, dims, all_steps, kernel.data);
}

inline bool overlaps(const char* a, const char* b, npy_intp bytes) {
  return a < b + bytes && b < a + bytes;
}

// Runs n elements. The caller has seen to it that outputs overlap inputs exactly or not at all.
inline void run_stretch(const Kernel& kernel, const Layout& layout, char* const* pointers,
                        const npy_intp* strides, npy_intp n) {
  const npy_intp size = kernel.itemsize();
  const int nin = layout.nin, nargs = layout.nargs();
  bool direct[MAX_ARGS];
  npy_intp steps[2 * MAX_ARGS];
  bool all_direct = true;
  for (int a = 0; a < nargs; ++a) {
    direct[a] = layout.native[a] && aligned(pointers[a], size);
    const bool scalar = direct[a] && a < nin && strides[a] == 0 && n > 1 && !kernel.strict;
    direct[a] &= strides[a] == size || n == 1 || scalar;
    all_direct &= direct[a];
    steps[a] = scalar ? 0 : size;
    steps[nargs + a] = 0;
  }
  char* args[MAX_ARGS];
  if (kernel.strict)
    for (int in = 0; in < nin; ++in)
      for (int out = nin; out < nargs; ++out)
        if (direct[in] && direct[out] && overlaps(pointers[in], pointers[out], n * size)) {
          direct[in] = false;
          all_direct = false;
        }
  if (all_direct) {
    for (int a = 0; a < nargs; ++a) args[a] = pointers[a];
    call(kernel, args, n, 1, steps, nin, nargs);
    return;
  }

  alignas(64) char scratch[MAX_ARGS][BLOCK * sizeof(double)];
  const npy_intp first = n < BLOCK ? n : BLOCK;
  for (int a = 0; a < nin; ++a)  // a scalar fills its block once
    if (!direct[a] && strides[a] == 0) layout.gather[a](pointers[a], 0, scratch[a], first);
  for (npy_intp done = 0; done < n; done += BLOCK) {
    const npy_intp m = n - done < BLOCK ? n - done : BLOCK;
    for (int a = 0; a < nargs; ++a) {
      args[a] = direct[a] ? pointers[a] + done * strides[a] : scratch[a];
      if (a < nin && !direct[a] && strides[a] != 0)
        layout.gather[a](pointers[a] + done * strides[a], strides[a], args[a], m);
    }
    call(kernel, args, m, 1, steps, nin, nargs);
    for (int a = nin; a < nargs; ++a)
      if (!direct[a]) layout.scatter[a](scratch[a], pointers[a] + done * strides[a], strides[a], m);
  }
}

}  // namespace fastact
