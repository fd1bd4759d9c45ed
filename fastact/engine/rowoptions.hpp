// What a row-wise call asks for besides its family.
#pragma once

namespace fastact {

struct RowOptions {
  bool negate = false;              // softmin: of -x
  bool mean = false;                // logmeanexp: the log of the mean instead of the sum
  bool from_output = false;         // X is the value, and the gradient is made of it
  double scale = 1, scale_low = 0;  // 1 / temperature, and what a double leaves out of it

  // Softmax and its kin are of x * scale; what was made of their value is not.
  bool scaled() const { return scale != 1 && !from_output; }
  double slope() const { return negate ? -scale : scale; }
};

}  // namespace fastact
