// What a date is read within, in days: InputColumn::periods.
#pragma once

namespace longhand {

inline constexpr double kYear = 365.2425, kWeek = 7, kDay = 1;

}  // namespace longhand
