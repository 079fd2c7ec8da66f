#include "explain/slope.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace longhand {
namespace {

constexpr double kLargestMove = 1.0 / 16;
constexpr double kAgreement = 1e-10;
// Past these the slope is not known: rounding outweighs what a difference so narrow shows.
constexpr double kNarrowest = 1e-5, kPoorAgreement = 1e-8, kUnknown = 5e-7;
constexpr int kMostLevels = 8;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Slopes less than this count as zero, as in the relative error of a check.
double scale_of(double slope) { return std::max(std::abs(slope), 1e-8); }

class Differences {
 public:
  Differences(Perturbation& perturbation, std::size_t entry, double at, double rounding)
      : perturbation_(perturbation), entry_(entry), at_(at), rounding_(rounding) {}

  Slope measure() {
    double width = first_width();
    const double narrowest = width * kNarrowest;
    bool met_kink = false;
    Slope best{.value = std::numeric_limits<double>::quiet_NaN(), .error = kInfinity};
    double error_before = kInfinity;
    for (int attempt = 0; attempt < kMostAttempts && at_ + width != at_; ++attempt) {
      const auto difference = at_width(width);
      if (difference.is_kink && width < narrowest) break;
      met_kink = met_kink || difference.is_kink;
      if (difference.is_kink || !std::isfinite(difference.slope)) {
        levels_ = 0;
        best.error = error_before = kInfinity;
        width /= 8;
        continue;
      }
      extrapolate(difference, best);
      if (best.error <= kAgreement * scale_of(best.value)) break;
      if (levels_ == kMostLevels || has_parted(best)) {
        if (best.error <= kPoorAgreement * scale_of(best.value) || best.error >= error_before) break;
        error_before = best.error;
        levels_ = 0;  // still too wide for extrapolation
        width /= 8;
        continue;
      }
      width /= 2;
    }
    best.is_known = best.error <= kUnknown * scale_of(best.value);
    best.met_kink = met_kink;
    return best;
  }

 private:
  static constexpr int kMostAttempts = 60;

  struct Difference {
    double slope = 0;
    double rounding = 0;  // how much of the slope it may be
    bool is_kink = false;
  };

  double first_width() {
    double width = kLargestMove * std::max(1.0, std::abs(at_));
    for (int i = 0; i < 20; ++i) {
      const double move = perturbation_.move(entry_, at_ + width).largest_move;
      if (move <= kLargestMove) break;
      width *= std::isfinite(move) ? std::max(0.9 * kLargestMove / move, 1e-6) : 1.0 / 8;
    }
    return width;
  }

  Difference at_width(double width) {
    const double high = at_ + width, low = at_ - width;
    const auto above = perturbation_.move(entry_, high);
    const auto below = perturbation_.move(entry_, low);
    const bool is_reached = above.is_reached || below.is_reached;
    const double last_digit = std::max(std::abs(above.result), std::abs(below.result)) * std::numeric_limits<double>::epsilon();
    return {(above.result - below.result) / (high - low), std::max(is_reached ? last_digit : 0, rounding_) / width,
            above.crosses_kink || below.crosses_kink};
  }

  // Adds a row to Neville's table: the error of a central difference is a series in width². Two
  // extrapolations may agree by chance, but no better than rounding allows.
  void extrapolate(const Difference& difference, Slope& best) {
    const auto previous = row_;
    row_[0] = difference.slope;
    double factor = 1;
    for (std::size_t j = 1; j <= static_cast<std::size_t>(levels_); ++j) {
      factor *= 4;
      row_[j] = row_[j - 1] + (row_[j - 1] - previous[j - 1]) / (factor - 1);
      const double error = std::max({std::abs(row_[j] - row_[j - 1]), std::abs(row_[j] - previous[j - 1]), difference.rounding});
      if (error <= best.error) {
        best.value = row_[j];
        best.error = error;
      }
    }
    last_step_ = levels_ == 0 ? 0 : std::abs(row_[static_cast<std::size_t>(levels_)] - previous[static_cast<std::size_t>(levels_) - 1]);
    ++levels_;
  }

  // Higher orders have become worse: what is left is rounding.
  bool has_parted(const Slope& best) const { return levels_ > 3 && last_step_ >= 2 * best.error; }

  Perturbation& perturbation_;
  const std::size_t entry_;
  const double at_, rounding_;
  std::array<double, kMostLevels> row_{};
  int levels_ = 0;
  double last_step_ = 0;
};

}  // namespace

Slope measure_slope(Perturbation& perturbation, std::size_t entry, double at, double rounding) {
  return Differences(perturbation, entry, at, rounding).measure();
}

}  // namespace longhand
