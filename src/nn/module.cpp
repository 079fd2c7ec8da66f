#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "longhand/exec.h"
#include "longhand/nn.h"

namespace longhand::nn {

namespace {

// Where the numbers lie: a tensor that was replaced lies elsewhere.
std::vector<const void*> places(const State& state) {
  std::vector<const void*> result;
  for (const auto& [name, tensor] : state.entries()) result.push_back(tensor.data());
  return result;
}

}  // namespace

struct Module::Compiled {
  Program program;
  Runner runner;
  std::vector<const void*> reads;
};

Module::Module(Module& parent, std::string name) : parent_(&parent), name_(std::move(name)) {
  for (const auto* child : parent.children_) {
    if (child->name_ == name_) {
      throw ArgumentError("module '" + parent.path() + "' has a second child '" + name_ + "'");
    }
  }
  parent.children_.push_back(this);
}

Module::~Module() {
  if (parent_ != nullptr) std::erase(parent_->children_, this);
  for (auto* child : children_) child->parent_ = nullptr;
}

std::string Module::path() const {
  if (parent_ == nullptr) return name_;
  const auto above = parent_->path();
  return above.empty() ? name_ : above + "." + name_;
}

const Module& Module::root() const { return parent_ == nullptr ? *this : parent_->root(); }

std::uint64_t Module::seed() const { return root().seed_; }

void Module::set_seed(std::uint64_t seed) {
  require_root();
  seed_ = seed;
}

void Module::require_root() const {
  if (parent_ == nullptr) return;
  throw ArgumentError("'" + path() + "' is part of a module, whose root has its numbers");
}

void Module::declare(ParameterSpec parameter) { declared_.push_back(std::move(parameter)); }

Var Module::parameter(Graph& graph, const std::string& name) const {
  const auto found = std::ranges::find(declared_, name, &ParameterSpec::name);
  if (found == declared_.end()) throw ArgumentError("'" + path() + "' declares no '" + name + "'");
  const auto prefix = path();
  return graph.state(prefix.empty() ? name : prefix + "." + name, found->shape);
}

void Module::collect(const std::string& prefix,
                     std::vector<std::pair<std::string, ParameterSpec>>& result) const {
  for (const auto& spec : declared_) result.emplace_back(prefix + spec.name, spec);
  // A child without a name is its parent's inside.
  for (const auto* child : children_) child->collect(child->name_.empty() ? prefix : prefix + child->name_ + ".", result);
}

std::vector<std::pair<std::string, ParameterSpec>> Module::tensors() const {
  std::vector<std::pair<std::string, ParameterSpec>> result;
  collect("", result);
  return result;
}

std::vector<std::pair<std::string, ParameterSpec>> Module::parameters() const {
  auto result = tensors();
  std::erase_if(result, [](const auto& tensor) { return tensor.second.is_buffer; });
  return result;
}

State& Module::state() {
  require_root();
  if (!initialized_) initialize(seed_);
  return state_;
}

void Module::initialize(std::uint64_t seed) {
  require_root();
  seed_ = seed;
  compiled_.reset();
  for (const auto& [name, spec] : tensors()) {
    PhiloxStream stream(seed, hash_name(name));
    Tensor values(spec.shape, dtype_);
    for (std::int64_t i = 0; i < values.count(); ++i) {
      values.set(i, spec.center + (spec.deviation > 0 ? spec.deviation * stream.normal() : spec.bound * (2 * stream.uniform() - 1)));
    }
    state_.set(name, std::move(values));
  }
  initialized_ = true;
}

void Module::load(const State& source) {
  require_root();
  for (const auto& [name, spec] : tensors()) {
    const auto& values = source.get(name);
    if (!(values.shape() == spec.shape)) {
      throw ModelError("tensor '" + name + "' has the shape " + to_string(values.shape()) +
                       ", expected " + to_string(spec.shape));
    }
  }
  for (const auto& [name, spec] : tensors()) state_.set(name, source.get(name).cast(dtype_));
  initialized_ = true;
  compiled_.reset();
}

void Module::cast_to(DType dtype) {
  if (dtype != DType::f32 && dtype != DType::f64) {
    throw ArgumentError("a module computes in f32 or f64, not " + std::string(longhand::name(dtype)));
  }
  const State before = state().clone();
  dtype_ = dtype;
  load(before);
}

Tensor Module::operator()(const Tensor& x) {
  require_root();
  if (x.shape().rank() != 2) {
    throw ShapeError("a module is given rows, [rows, columns], not " + to_string(x.shape()));
  }
  if (x.dtype() != DType::f32 && x.dtype() != DType::f64) {
    throw ShapeError("a module is given f32 or f64, not " + std::string(longhand::name(x.dtype())));
  }
  const auto rows = x.shape()[0];
  if (!compiled_ || compiled_->program.max_rows() < rows ||
      compiled_->program.inputs()[0].type.shape[1] != x.shape()[1] || compiled_->reads != places(state())) {
    Graph graph(Mode::predict);
    graph.output("y", forward(graph.input("x", {Shape::kBatch, x.shape()[1]})));
    Program program(graph, {.dtype = dtype_, .max_rows = std::max<std::int64_t>(rows, 1)});
    Runner runner(program, std::as_const(state()));
    compiled_ = std::make_shared<Compiled>(Compiled{std::move(program), std::move(runner), places(state())});
  }
  compiled_->runner.bind("x", x.dtype() == dtype_ ? x : x.cast(dtype_));
  compiled_->runner.run(rows);
  return compiled_->runner.output("y").cast(x.dtype());
}

}  // namespace longhand::nn
