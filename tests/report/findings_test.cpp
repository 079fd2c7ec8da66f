// What is said of figures and tables that are given, without a fit.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>

#include "longhand/report.h"
#include "report/cautions.h"

namespace longhand::report {
namespace {

// A metric with its interval, and what a constant guess has.
struct Figure {
  std::string name;
  double value, low, high, guess;
};

// All that a page looks at: 200 learned rows and 100 held-out ones of which there is nothing to say.
struct Situation {
  explicit Situation(Task task = Task::binary) {
    model.inputs = {{.name = "a"}, {.name = "b", .kind = ColumnKind::category, .categories = {"u", "v", "w", "x"}}};
    target = {.name = "y", .task = task, .classes = task == Task::regression ? std::vector<std::string>() : std::vector<std::string>{"no", "yes"}};
    if (task == Task::multiclass) target.classes.emplace_back("maybe");
    for (int i = 0; i < 300; ++i) {
      a.push_back(std::to_string(i * 7 % 300) + ".5");
      b.push_back(std::string(1, "uvwx"[i % 4]));
      const int code = i % 10 < 5 ? 1 : i % 10 < 8 ? 0 : 2;
      y.push_back(task == Task::regression ? std::to_string(i % 10) : code == 1 ? "yes" : code == 2 && task == Task::multiclass ? "maybe" : "no");
    }
    figures = {task == Task::regression ? Figure{"rmse", 1, 0.8, 1.2, 3} : Figure{"accuracy", 0.9, 0.85, 0.95, 0.5}};
    if (task == Task::binary) figures.push_back({"auc", 0.95, 0.9, 0.98, 0.5});
    if (task == Task::multiclass) figures.push_back({"log_loss", 0.3, 0.2, 0.4, 1});
    if (task != Task::regression) metrics.confusion.assign(target.classes.size(), std::vector<std::int64_t>(target.classes.size(), 11));
    on_learned = task == Task::regression ? 0.9 : 0.93;
    training.history = {{.loss = 1, .validation_loss = 1}, {.loss = 0.5, .validation_loss = 0.6}, {.loss = 0.4, .validation_loss = 0.7}};
    training.epochs = 2;
  }

  // Every third row is held out.
  template <class Look>
  auto look(const Look& look) {
    std::string text = "a,b,y\n";
    for (std::size_t i = 0; i < a.size(); ++i) text += a[i] + "," + b[i] + "," + y[i] + "\n";
    const auto table = parse_csv(text, "t.csv");
    std::vector<std::int32_t> here, there;
    for (std::int32_t i = 0; i < table.rows(); ++i) (i % 3 == 0 ? there : here).push_back(i);
    const auto learned = table.select_rows(here), held_out = table.select_rows(there);
    Metrics baseline, learned_metrics;
    Intervals intervals;
    metrics.task = target.task;
    for (const auto& one : figures) {
      metrics.values.emplace_back(one.name, one.value);
      baseline.values.emplace_back(one.name, one.guess);
      learned_metrics.values.emplace_back(one.name, on_learned);
      intervals.bounds.push_back({one.low, one.high});
    }
    const auto& first = figures.front();
    const Bounds gain{first.guess - first.high, first.guess - first.low};
    Evidence evidence{.table = &table, .learned = &learned, .held_out = are_apart ? &held_out : &learned, .model = &model, .described = &model, .target = &target,
                      .metrics = &metrics, .intervals = &intervals, .baseline = &baseline, .gain = gain, .on_learned = &learned_metrics, .training = &training,
                      .folds = has_folds ? &folds : nullptr, .seen = seen, .told = told};
    if (is_evaluated) {
      evidence.training = nullptr;
      evidence.learned = nullptr;
      evidence.on_learned = nullptr;
    }
    return look(evidence);
  }

  std::vector<std::string> a, b, y;
  Model model;
  TargetColumn target;
  std::vector<Figure> figures;
  Metrics metrics{.task = Task::binary, .rows = 100, .values = {}, .confusion = {}};
  double on_learned = 0;
  TrainResult training;
  CrossValidation folds;
  bool are_apart = true, has_folds = false, is_evaluated = false;
  train::Seen seen = train::Seen::no;
  std::vector<double> told{0.5, 0.5};
};

struct Said {
  bool is_serious;
  std::string title;
  std::string part_of_text = "";  // begins with ! where it is not there
};

void expect_said(const std::vector<Caution>& cautions, const std::vector<Said>& said) {
  ASSERT_EQ(cautions.size(), said.size()) << (cautions.empty() ? "" : cautions.front().title + " … " + cautions.back().title);
  for (std::size_t i = 0; i < said.size(); ++i) {
    EXPECT_EQ(cautions[i].title, said[i].title);
    EXPECT_EQ(cautions[i].is_serious, said[i].is_serious) << said[i].title;
    const bool is_missing = said[i].part_of_text.starts_with('!');
    EXPECT_EQ(cautions[i].text.find(said[i].part_of_text.substr(is_missing ? 1 : 0)) == std::string::npos, is_missing && said[i].part_of_text.size() > 1) << cautions[i].text;
  }
}

TEST(AgainstGuess, IsByTheGainOfNumbersAndTheIntervalOfAccuracy) {
  struct Case {
    Task task;
    std::int64_t rows;
    std::vector<Figure> figures;
    std::vector<Said> said;
    const char* found;
  };
  const Figure sure{"auc", 0.9, 0.8, 0.95, 0.5}, fair{"auc", 0.7, 0.6, 0.8, 0.5}, none{"auc", 0.9, 0.49, 0.95, 0.5};
  const auto accuracy = [](double low, double high) { return Figure{"accuracy", (low + high) / 2, low, high, 0.8}; };
  const auto rmse = [](double low, double high) { return Figure{"rmse", (low + high) / 2, low, high, 3}; };
  const auto log_loss = [](double low, double high) { return Figure{"log_loss", (low + high) / 2, low, high, 1}; };
  const std::string no_better = "Accuracy is no better than that of a constant guess, but ", unclear = "Not clearly better than a constant guess";
  for (const auto& [task, rows, figures, said, found] : std::vector<Case>{
           {Task::binary, 100, {accuracy(0.81, 0.9), none}, {}, "yes"},
           {Task::binary, 10, {accuracy(0.81, 0.9), none}, {}, "yes"},
           {Task::binary, 9, {accuracy(0.81, 0.9), none}, {{true, unclear, "may not say much about “y”"}}, "not clearly"},
           {Task::binary, 100, {accuracy(0.7, 0.9), sure}, {{false, no_better + "it ranks the rows well", "its AUC is 0.900 (95% interval 0.800 to 0.950), so that of two rows, one of them “yes”"}}, "not clearly"},
           {Task::binary, 100, {accuracy(0.7, 0.9), fair}, {{false, no_better + "it ranks the rows better than chance", "is right for 80.0%, where the network has 80.0% (95% interval 70.0% to 90.0%)"}}, "not clearly"},
           {Task::binary, 100, {accuracy(0.7, 0.9), none}, {{true, unclear}}, "not clearly"},
           {Task::binary, 100, {accuracy(0.5, 0.79), sure}, {{false, "Accuracy is worse than that of a constant guess, but it ranks the rows well"}}, "no, worse"},
           {Task::binary, 100, {accuracy(0.5, 0.79), none}, {{true, "Clearly worse than a constant guess"}}, "no, worse"},
           {Task::multiclass, 100, {accuracy(0.7, 0.9), log_loss(0.5, 0.9)}, {{false, no_better + "the probabilities tell something", "the log loss is 0.700 (95% interval 0.500 to 0.900), against 1.000"}}, "not clearly"},
           {Task::multiclass, 100, {accuracy(0.7, 0.9), log_loss(0.8, 1.1)}, {{true, unclear}}, "not clearly"},
           {Task::regression, 100, {rmse(1, 2.9)}, {}, "yes"},
           {Task::regression, 100, {rmse(2, 3.1)}, {{true, "Not clearly better than guessing the mean", "gives an error of 3, where the network has 2.55 (95% interval 2 to 3.1)"}}, "not clearly"},
           {Task::regression, 100, {rmse(3.1, 4)}, {{true, "Clearly worse than guessing the mean"}}, "no, worse"}}) {
    Situation all(task);
    all.figures = figures;
    all.metrics.rows = rows;
    const auto [caution, check] = all.look(against_guess);
    SCOPED_TRACE(found);
    expect_said(caution ? std::vector{*caution} : std::vector<Caution>(), said);
    EXPECT_EQ(check.found, found);
    EXPECT_EQ(check.is_caution, !said.empty());
  }
}

TEST(AgainstGuess, IsNotToldWhereThereIsOneClass) {
  for (const auto& [task, others] : {std::pair{Task::binary, "Test on rows of both."}, {Task::multiclass, "Test on rows of all of them."}}) {
    Situation all(task);
    for (std::size_t i = 0; i < all.metrics.confusion.size(); ++i) all.metrics.confusion[i].assign(all.metrics.confusion.size(), i == 1 ? 5 : 0);
    const auto [caution, check] = all.look(against_guess);
    expect_said({*caution}, {{true, "All rows to test on are “yes”", others}});
    EXPECT_EQ(check.found, "cannot be told");
  }
}

std::map<std::string, std::string> found_of(const Findings& findings) {
  std::map<std::string, std::string> found;
  for (const auto& check : findings.checks) found.emplace(check.what, check.found);
  return found;
}

TEST(Cautions, AreNoneWhereThereIsNothingToSay) {
  for (const auto task : {Task::binary, Task::multiclass, Task::regression}) {
    Situation all(task);
    const auto findings = all.look(look_for_cautions);
    expect_said(findings.cautions, {});
    std::map<std::string, std::string> expected{{"Rows to test on", "100 rows"}, {"Better than a constant guess", "yes"}, {"A single column that gives the target away", "none"},
                                                {"Held-out rows that repeat a learned row", "none"}, {"Columns filled differently in the two parts", "none"},
                                                {"Learned rows against held-out rows", task == Task::regression ? "0.9 and 1" : "93.0% and 90.0%"}, {"Learning came to its end", "yes"},
                                                {"Empty cells", "none"}, {"Columns left out because they tell nothing", "none"}, {"Columns that only number the rows, or never change", "none"}};
    if (task != Task::regression) expected.emplace("A rare class", "none");
    EXPECT_EQ(found_of(findings), expected);
    for (const auto& check : findings.checks) EXPECT_FALSE(check.is_caution) << check.what;
  }
}

struct Case {
  const char* what;
  std::function<void(Situation&)> change;
  std::vector<Said> said;
  std::map<std::string, std::string> found = {};  // of what is looked for
  Task task = Task::binary;
};

void expect_cases(const std::vector<Case>& cases) {
  for (const auto& [what, change, said, found, task] : cases) {
    SCOPED_TRACE(what);
    Situation all(task);
    change(all);
    const auto findings = all.look(look_for_cautions);
    expect_said(findings.cautions, said);
    const auto all_found = found_of(findings);
    for (const auto& [looked_for, text] : found) EXPECT_EQ(all_found.contains(looked_for) ? all_found.at(looked_for) : "not looked for", text);
  }
}

const std::string kGuess = "Better than a constant guess", kRepeats = "Held-out rows that repeat a learned row", kDrift = "Columns filled differently in the two parts",
                  kGap = "Learned rows against held-out rows", kNumbering = "Columns that only number the rows, or never change";

TEST(Cautions, OfTheRowsToTestOn) {
  const std::string learned_from = "Rows that it has learned from", none = "not looked for";
  expect_cases({{"none apart", [](auto& all) { all.are_apart = false; }, {{true, "No rows were held out"}}, {{kGuess, none}, {kRepeats, none}, {kDrift, none}, {kGap, none}}},
                {"of a cross-validation", [](auto& all) { all.are_apart = false; all.has_folds = true; }, {}, {{kGuess, "yes"}, {kRepeats, none}, {kGap, "93.0% and 90.0%"}}},
                {"few", [](auto& all) { all.metrics.rows = 99; }, {{false, "Only 99 rows to judge by"}}, {{"Rows to test on", "99 rows"}, {learned_from, none}}},
                {"of other rows", [](auto& all) { all.is_evaluated = true; }, {}, {{learned_from, "not recognised"}, {kNumbering, none}, {"Learning came to its end", none}}},
                {"of its own rows", [](auto& all) { all.is_evaluated = true; all.seen = train::Seen::learned; },
                 {{true, "The network has learned from these very rows", "They are those that it was trained with."}}, {{learned_from, "all of them"}}},
                {"of its own table", [](auto& all) { all.is_evaluated = true; all.seen = train::Seen::partly; },
                 {{true, "The network has learned from most of these rows", "of which a part was held out"}}, {{learned_from, "most of them"}}}});
}

TEST(Cautions, OfColumnsThatGiveTheTargetAway) {
  const std::string away = "A single column that gives the target away";
  expect_cases({{"nearly", [](auto& all) { all.told = {0.94, 0}; }, {}, {{away, "none"}}},
                {"all but", [](auto& all) { all.told = {0.1, 0.96}; }, {{true, "“b” all but gives “y” away", "one that removes 96.0% of the error would. Ask whether it is known before"}}, {{away, "“b”"}}},
                {"all", [](auto& all) { all.told = {1, 0}; }, {{true, "“a” all but gives “y” away", "as well as knowing it would"}}},
                {"may be left out", [](auto& all) { all.told = {1, 0}; }, {{true, "“a” all but gives “y” away", "Leave it out with --drop a and learn again."}}},
                {"rows are held out by it", [](auto& all) { all.told = {1, 0}; all.model.training.emplace_back("split_by", "\"a\""); }, {{true, "“a” all but gives “y” away", "!--drop"}}}});
}

// So many held-out rows become copies of the learned row beside them.
auto repeating(std::size_t rows) {
  return [rows](Situation& all) {
    for (std::size_t i = 0; i < 3 * rows; i += 3) {
      all.a[i] = all.a[i + 1];
      all.b[i] = all.b[i + 1];
      all.y[i] = all.y[i + 1];
    }
  };
}

TEST(Cautions, OfRowsThatRepeat) {
  const std::string repeat = " of the held-out rows repeat a row that was learned from";
  expect_cases({{"one of a hundred", repeating(1), {}, {{kRepeats, "1 of 100"}}},
                {"some", repeating(2), {{false, "2.0%" + repeat}}, {{kRepeats, "2 of 100"}}},
                {"a quarter", repeating(25), {{false, "25.0%" + repeat}}},
                {"more", repeating(26), {{true, "26.0%" + repeat, "26 held-out rows have the same cells"}}},
                {"there are but four", [](auto& all) { all.model.inputs.erase(all.model.inputs.begin()); all.told = {0.5}; }, {}, {{kRepeats, "100 of 100; there can be no more than 8 different rows"}}}});
}

TEST(Cautions, OfPartsThatDiffer) {
  const std::string differ = "The test rows differ from the rows learned from";
  const auto move = [](Situation& all) {
    for (std::size_t i = 0; i < 300; i += 3) all.a[i] = "1000." + std::to_string(i);
  };
  const auto shift = [](Situation& all) {
    for (std::size_t i = 0; i < 300; i += 3) all.y[i] = i % 30 == 0 ? "yes" : "no";
  };
  const auto both = [&](Situation& all) { move(all), shift(all); };
  expect_cases({{"a column", move, {{true, differ, "“a” is filled differently"}}, {{kDrift, "“a”"}}},
                {"the target", shift, {{true, differ, "“y” is filled differently"}}, {{kDrift, "“y”"}}},
                {"both", both, {{true, differ, "“a” and “y” are filled differently"}}},
                {"by which they are held out", [&](auto& all) { move(all); all.model.training.emplace_back("split_time", "\"a\""); }, {}, {{kDrift, "none"}}},
                {"by chance, of few rows", [](auto& all) {
                   for (auto* column : {&all.a, &all.b, &all.y}) column->resize(36);
                   for (std::size_t i = 0; i < 36; i += 3) all.b[i] = i % 6 == 0 ? "u" : "v";
                 }, {}, {{kDrift, "none"}}},
                {"clearly, but little", [](auto& all) {
                   for (auto* column : {&all.a, &all.b, &all.y}) {
                     const auto once = *column;
                     for (int k = 1; k < 40; ++k) column->insert(column->end(), once.begin(), once.end());
                   }
                   for (std::size_t i = 0; i < all.a.size(); ++i) all.a[i] = std::to_string(i) + ".5";
                   for (std::size_t i = 0; i < all.b.size(); i += 45) all.b[i] = "u";
                 }, {}, {{kDrift, "none"}}}});
}

// So many of 300 rows are of the class; the others alternate between the rest.
auto with_class(const char* name, int rows, const std::vector<std::string>& rest) {
  return [=](Situation& all) {
    for (int i = 0; i < 300; ++i) {
      const int place = i * 7 % 300;
      all.y[static_cast<std::size_t>(i)] = place < rows ? name : rest[static_cast<std::size_t>(i % 7) % rest.size()];
    }
  };
}

TEST(Cautions, OfARareClass) {
  const std::string rare = "A rare class";
  expect_cases({{"of two", with_class("yes", 24, {"no"}), {{false, "“yes” is rare: 8.0% of all rows", "Saying “no” for every row would already be right for 92.0%"}}, {{rare, "“yes”, 8.0%"}}},
                {"with advice", with_class("yes", 24, {"no"}), {{false, "“yes” is rare: 8.0% of all rows", "consider --class-weight balanced or another threshold"}}},
                {"evaluated", [](auto& all) { with_class("yes", 24, {"no"})(all); all.is_evaluated = true; }, {{false, "“yes” is rare: 8.0% of all rows", "!--class-weight"}}},
                {"a tenth", with_class("yes", 30, {"no"}), {}, {{rare, "none"}}},
                {"of three", with_class("yes", 19, {"no", "maybe"}), {{false, "“yes” is rare: 6.3% of all rows", "!another threshold"}}, {{rare, "“yes”, 6.3%"}}, Task::multiclass},
                {"a fifteenth of three", with_class("yes", 20, {"no", "maybe"}), {}, {{rare, "none"}}, Task::multiclass},
                {"a class that is not there", with_class("yes", 150, {"no"}), {}, {{rare, "none"}}, Task::multiclass}});
}

TEST(Cautions, OfLearningByHeart) {
  const std::string better = "Better on the rows it learned from than on others";
  const auto figures = [](double here, double low, double high, double there) {
    return [=](Situation& all) {
      all.figures[0].value = here;
      all.figures[0].low = low;
      all.figures[0].high = high;
      all.on_learned = there;
    };
  };
  expect_cases({{"a gap", figures(0.8, 0.75, 0.85, 0.9), {{false, better, "Accuracy: 90.0% on learned rows, 80.0% on held-out ones. Part of what"}}, {{kGap, "90.0% and 80.0%"}}},
                {"that may be chance", figures(0.8, 0.7, 0.91, 0.9), {}},
                {"that is little", figures(0.8, 0.77, 0.83, 0.84), {}},
                {"the other way round", figures(0.9, 0.87, 0.93, 0.8), {}},
                {"of errors", figures(1.3, 1.1, 1.5, 1), {{false, better}}, {{kGap, "1 and 1.3"}}, Task::regression},
                {"of errors, little", figures(1.2, 1.1, 1.5, 1), {}, {}, Task::regression},
                {"of errors, that may be chance", figures(1.3, 0.9, 1.5, 1), {}, {}, Task::regression},
                {"with another target", [&](auto& all) {
                   figures(0.8, 0.75, 0.85, 0.9)(all);
                   for (std::size_t i = 0; i < 300; i += 3) all.y[i] = i % 30 == 0 ? "yes" : "no";
                 }, {{true, "The test rows differ from the rows learned from"}, {false, better + ", which differ", "need not be rows learned by heart"}}}});
}

TEST(Cautions, OfLearningThatMayGoOn) {
  const std::string ended = "Learning came to its end", title = "Learning had not come to its end";
  expect_cases({{"the last epoch was the best", [](auto& all) { all.training.epochs = 3; }, {{false, title}}, {{ended, "no, the last epoch was the best"}}},
                {"without rows to tell", [](auto& all) { all.training.epochs = 3; for (auto& epoch : all.training.history) epoch.validation_loss.reset(); }, {}, {{ended, "yes"}}},
                {"without epochs", [](auto& all) { all.training.history.clear(); all.training.epochs = 0; }, {}, {{ended, "yes"}}}});
}

TEST(Cautions, OfColumns) {
  const auto each = [](const std::function<std::string(int)>& cell) {
    return [=](Situation& all) {
      for (int i = 0; i < 300; ++i) all.a[static_cast<std::size_t>(i)] = cell(i * 7 % 300);
    };
  };
  const auto with_gaps = [](int gaps) {
    return [=](Situation& all) {
      for (int i = 0; i < 300; ++i) {
        if (i * 7 % 300 < gaps) all.a[static_cast<std::size_t>(i)] = "";
      }
    };
  };
  const auto number = [](int i) { return std::to_string(i); };
  const std::string repeat = " of the held-out rows repeat a row that was learned from", numbers_rows = "“a” looks like a row's number or name";
  expect_cases(
      {{"a fifth is missing", with_gaps(60), {{false, "20.0%" + repeat}}, {{"Empty cells", "60"}}},
       {"more is missing", with_gaps(61), {{false, "21.0%" + repeat}, {false, "Many cells are empty in “a”"}}, {{"Empty cells", "61"}}},
       {"one value", each([](int) { return "7"; }), {{false, "“a” has the same value in every row"}}, {{kNumbering, "“a”"}}},
       {"numbers of rows", each(number), {{false, numbers_rows}}, {{kNumbering, "“a”"}}},
       {"numbers with gaps of rows", each([](int i) { return std::to_string(2 * i - i % 2); }), {{false, numbers_rows}}},
       {"with wider gaps", each([](int i) { return std::to_string(3 * i); }), {}},
       {"one of them twice", each([](int i) { return std::to_string(i == 299 ? 0 : i); }), {}},
       {"one of them missing", each([](int i) { return i == 299 ? "" : std::to_string(i); }), {}},
       {"no whole numbers", each([](int i) { return std::to_string(i) + ".25"; }), {}},
       {"rows are held out by them", [&](auto& all) { each(number)(all); all.model.training.emplace_back("split_by", "\"a\""); }, {}},
       {"names", [&](auto& all) {
          all.model.inputs[0].kind = ColumnKind::category;
          for (int i = 0; i < 300; ++i) all.model.inputs[0].categories.push_back("n" + std::to_string(i));
          each([](int i) { return "n" + std::to_string(i); })(all);
        }, {{false, numbers_rows}}},
       {"left out before", [](auto& all) {
          for (const auto& [name, kind] : {std::pair{"id", ColumnKind::identifier}, {"one", ColumnKind::constant}, {"a", ColumnKind::number}}) all.training.columns.push_back({.name = name, .kind = kind});
        }, {}, {{"Columns left out because they tell nothing", "“id” and “one”"}}}});
  // Of 20 rows such numbers may be chance.
  for (const std::size_t rows : {20, 21}) {
    Situation all;
    each(number)(all);
    for (auto* column : {&all.a, &all.b, &all.y}) column->resize(rows);
    for (std::size_t i = 0; i < rows; ++i) all.a[i] = std::to_string(i);
    EXPECT_EQ(found_of(all.look(look_for_cautions))[kNumbering], rows == 20 ? "none" : "“a”");
  }
}

TEST(Cautions, BeginWithTheSeriousOnes) {
  Situation all;
  all.metrics.rows = 99;
  all.training.epochs = 3;
  all.told = {1, 0};
  with_class("yes", 24, {"no"})(all);
  std::vector<std::string> titles;
  for (const auto& caution : all.look(look_for_cautions).cautions) titles.push_back(caution.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"“a” all but gives “y” away", "Only 99 rows to judge by", "“yes” is rare: 8.0% of all rows", "Learning had not come to its end"}));
}

TEST(Traps, AreWhatMakesFiguresPromiseTooMuch) {
  const auto titles = [](Situation& all) {
    std::set<std::string> found;
    for (const auto& caution : all.look(look_for_traps)) found.insert(caution.title);
    return found;
  };
  const std::string no_better = "Not clearly better than a constant guess", rare = "“yes” is rare: 8.0% of all rows",
                    repeat = "24.0% of the held-out rows repeat a row that was learned from";
  Situation none, all, learned;
  EXPECT_EQ(titles(none), std::set<std::string>());
  for (auto* one : {&all, &learned}) {
    one->figures = {{"accuracy", 0.5, 0.4, 0.6, 0.5}, {"auc", 0.5, 0.4, 0.6, 0.5}};
    repeating(26)(*one);
    with_class("yes", 24, {"no"})(*one);
  }
  EXPECT_EQ(titles(all), (std::set<std::string>{no_better, rare, repeat}));
  learned.are_apart = false;
  EXPECT_EQ(titles(learned), std::set<std::string>{rare});
}

}  // namespace
}  // namespace longhand::report
