"""ONNX Runtime, from Python: one row of inference."""

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from speed.worker import Skipped, Timed


def version():
    return "ONNX Runtime " + onnxruntime.__version__


def make_model(case):
    source = numpy.random.default_rng(0)
    nodes, weights, last = [], [], "x"
    for layer, (width, out) in enumerate(zip(case.widths, case.widths[1:])):
        if layer:
            nodes.append(helper.make_node("Relu", [last], [f"a{layer}"]))
            last = f"a{layer}"
        for name, size in ((f"W{layer}", (out, width)), (f"b{layer}", (out,))):
            values = source.uniform(-1, 1, size).astype(numpy.float32) * width**-0.5
            weights.append(numpy_helper.from_array(values.astype(numpy.float32), name))
        nodes.append(helper.make_node("Gemm", [last, f"W{layer}", f"b{layer}"], [f"z{layer}"], transB=1))
        last = f"z{layer}"
    if case.loss == "bce":
        nodes.append(helper.make_node("Sigmoid", [last], ["y"]))
        last = "y"
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, case.widths[0]])],
        [helper.make_tensor_value_info(last, TensorProto.FLOAT, [1, case.widths[-1]])],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


class Inference(Timed):
    def __init__(self, case, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        model = make_model(case).SerializeToString()
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        source = numpy.random.default_rng(1)
        self.rows = {"x": source.uniform(-1, 1, (1, case.widths[0])).astype(numpy.float32)}

    def run(self):
        self.session.run(None, self.rows)


def prepare(case, threads, variant):
    if case.trains:
        raise Skipped("it only predicts")
    return Inference(case, threads)
