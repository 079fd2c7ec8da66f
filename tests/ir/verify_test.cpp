// Each invariant of a graph, broken once.
#include <gtest/gtest.h>

#include <functional>

#include "longhand/ir.h"

namespace longhand {
namespace {

// x, w, y = gelu(x + w), output and write: whole, until a test breaks it.
struct Whole {
  Graph graph;
  Var x = graph.input("x", {Shape::kBatch, 2});
  Var w = graph.state("w", {2});
  Var z = x + w;
  Var y = gelu(z);
  Whole() {
    graph.output("y", y);
    graph.assign(w, w * 2.0);
  }
  // The graph keeps its nodes from being changed; a test of what happens when they are goes past
  // it.
  Node& node(Var var) { return const_cast<Node&>(graph.node(var.id)); }
  NodeId& output() { return const_cast<NodeId&>(graph.outputs()[0].second); }
  Composite& composite() { return const_cast<Composite&>(graph.composites()[0]); }
};

TEST(Verify, AcceptsAWholeGraph) { EXPECT_NO_THROW(verify(Whole().graph)); }

TEST(Verify, FindsEachBrokenInvariant) {
  struct Case {
    const char* message;  // a part of it
    std::function<void(Whole&)> damage;
  };
  const Case cases[] = {
      {"%2 (add): reads %2, which does not come before it",
       [](Whole& g) { g.node(g.z).inputs[1] = 2; }},
      {"%2 (add): reads %9", [](Whole& g) { g.node(g.z).inputs[0] = 9; }},
      {"%2 (add): reads %-1", [](Whole& g) { g.node(g.z).inputs[0] = kNoNode; }},
      {"%2 (add): its type",
       [](Whole& g) {
         g.node(g.z).type.shape = {Shape::kBatch, 3};
       }},
      {"%2 (add): its type", [](Whole& g) { g.node(g.z).type.kind = Kind::boolean; }},
      {"add: wrong number of operands", [](Whole& g) { g.node(g.z).inputs.pop_back(); }},
      {"%1 (state): a second 'x'", [](Whole& g) { g.node(g.w).attributes.name = "x"; }},
      {"%2 (add): part of an unknown composite", [](Whole& g) { g.node(g.z).composite = 1; }},
      {"%2 (add): part of an unknown composite", [](Whole& g) { g.node(g.z).composite = -2; }},
      {"%2 (add): its label names an unknown node",
       [](Whole& g) { g.graph.label(g.z.id).adjoint_of = 99; }},
      {"%2 (add): its label names an unknown node",
       [](Whole& g) { g.graph.label(g.z.id).adjoint_of = -2; }},
      {"%2 (add): its label names an unknown node",
       [](Whole& g) { g.graph.label(g.z.id).derivative_of = 99; }},
      {"%2 (add): its label names an unknown node",
       [](Whole& g) { g.graph.label(g.z.id).with_respect_to = 99; }},
      {"%2 (add): an adjoint of another shape",
       [](Whole& g) { g.graph.label(g.z.id).adjoint_of = g.w.id; }},
      {"a write to %1", [](Whole& g) { g.node(g.w).op = Op::input; }},
      {"output 'y'", [](Whole& g) { g.output() = 99; }},
      {"output 'y'", [](Whole& g) { g.output() = kNoNode; }},
      {"composite 'gelu'", [](Whole& g) { g.composite().output = 99; }},
      {"composite 'gelu'", [](Whole& g) { g.composite().inputs[0] = 99; }},
      {"composite 'gelu'", [](Whole& g) { g.composite().parent = 0; }},
  };
  for (const auto& [message, damage] : cases) {
    Whole whole;
    damage(whole);
    try {
      verify(whole.graph);
      ADD_FAILURE() << "not found: " << message;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(message), std::string::npos)
          << error.what() << "\nis not: " << message;
    }
  }
}

}  // namespace
}  // namespace longhand
