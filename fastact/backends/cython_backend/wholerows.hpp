// The row-wise functions whose loop sees a row as a whole.
#pragma once

#include "projections.hpp"
#include "rows.hpp"
#include "standardize.hpp"

namespace fastact {
namespace {

struct WholeRowEntry {
  const char* activation;
  char dtype;
  Loop loop;
};

#define FASTACT_WHOLE_ROW(S) {#S, 'f', S<float>}, {#S, 'd', S<double>}

const WholeRowEntry WHOLE_ROW_LOOPS[] = {
    FASTACT_WHOLE_ROW(sparsemax),
    FASTACT_WHOLE_ROW(entmax15),
    FASTACT_WHOLE_ROW(standardize),
};
constexpr int WHOLE_ROW_LOOP_COUNT = sizeof(WHOLE_ROW_LOOPS) / sizeof(WHOLE_ROW_LOOPS[0]);

}  // namespace
}  // namespace fastact
