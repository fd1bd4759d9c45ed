// The row-wise functions whose loop sees a row as a whole.
#pragma once

#include "rows.hpp"
// GCC schedules these worse than they are written, but for 32 registers.
#if defined(__GNUC__) && !defined(__clang__) && !defined(__AVX512F__)
#pragma GCC push_options
#pragma GCC optimize("no-schedule-insns")
#include "projections.hpp"
#include "standardize.hpp"
#pragma GCC pop_options
#else
#include "projections.hpp"
#include "standardize.hpp"
#endif

namespace fastact {
namespace {

struct WholeRowEntry {
  const char* activation;
  char dtype;
  Loop loop;
};

#define FASTACT_WHOLE_ROW(S) \
  {#S, 'f', S<float>}, { #S, 'd', S<double> }

const WholeRowEntry WHOLE_ROW_LOOPS[] = {
    FASTACT_WHOLE_ROW(sparsemax),
    FASTACT_WHOLE_ROW(entmax15),
    FASTACT_WHOLE_ROW(standardize),
};
constexpr int WHOLE_ROW_LOOP_COUNT = sizeof(WHOLE_ROW_LOOPS) / sizeof(WHOLE_ROW_LOOPS[0]);

}  // namespace
}  // namespace fastact
