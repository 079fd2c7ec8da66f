#include "train/positive_class.h"

#include <utility>

#include "base/text.h"

namespace longhand::train {

void order_classes(TargetColumn& target, const std::string& positive) {
  if (positive.empty()) return;
  if (target.task != Task::binary) {
    throw ArgumentError("a positive class is one of two, and the task of '" + target.name + "' is " + std::string(name(target.task)));
  }
  const auto code = Classes(target.classes).find(positive);
  if (!code) {
    throw ArgumentError("'" + printable(positive, 40) + "' is no class of '" + target.name + "', which has '" + printable(target.classes[0], 40) + "' and '" +
                        printable(target.classes[1], 40) + "'");
  }
  if (*code == 0) std::swap(target.classes[0], target.classes[1]);
}

Outcomes swapped(Outcomes outcomes) {
  for (auto& p : outcomes.predictions) p = 1 - p;
  for (auto& code : outcomes.codes) code = 1 - code;
  return outcomes;
}

}  // namespace longhand::train
