// bench_mnist FOLDER: one epoch over MNIST of 784-128-10 (ReLU, softmax cross-entropy, batches of 64,
// Adam 0.001) on one thread from single-precision numbers in memory, as one line of JSON. The folder
// has the four IDX files, gzipped. scripts/peers/mnist_epoch.py sets it beside PyTorch.
#include <zlib.h>

#include <cstdio>
#include <stdexcept>

#include "training.h"

using namespace longhand;
using namespace longhand::benchmarks;

namespace {

constexpr std::int64_t kPixels = 784, kClasses = 10, kBatch = 64;

std::vector<unsigned char> read_gzip(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) throw std::runtime_error("cannot read " + path);
  std::vector<unsigned char> bytes;
  constexpr std::size_t kPiece = 1 << 20;
  for (int came = 1; came > 0;) {
    const auto size = bytes.size();
    bytes.resize(size + kPiece);
    came = gzread(file, bytes.data() + size, kPiece);
    bytes.resize(size + static_cast<std::size_t>(std::max(came, 0)));
  }
  gzclose(file);
  return bytes;
}

struct Images {
  Tensor pixels;  ///< [rows, 784], from 0 to 1
  Tensor labels;  ///< [rows]
};

Images load(const std::string& folder, const std::string& part) {
  constexpr std::size_t kImageHeader = 16, kLabelHeader = 8;
  const auto pixels = read_gzip(folder + "/" + part + "-images-idx3-ubyte.gz");
  const auto labels = read_gzip(folder + "/" + part + "-labels-idx1-ubyte.gz");
  const auto rows = static_cast<std::int64_t>(labels.size() - kLabelHeader);
  if (pixels.size() != kImageHeader + static_cast<std::size_t>(rows * kPixels)) {
    throw std::runtime_error(folder + ": " + part + " does not look like MNIST");
  }
  Images images{Tensor(Shape{rows, kPixels}), Tensor(Shape{rows}, DType::i32)};
  auto to = images.pixels.values<float>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = static_cast<float>(pixels[kImageHeader + i]) / 255.0F;
  auto codes = images.labels.values<std::int32_t>();
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = labels[kLabelHeader + i];
  return images;
}

double accuracy(Model model, const State& state, const Images& images) {
  for (const auto& [name, tensor] : model.state.entries()) model.state.set(name, state.get(name));
  const Tensor p = Predictor(model).predict(images.pixels.cast(DType::f64));
  const auto rows = images.labels.shape()[0];
  double right = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    const auto row = p.values<double>().subspan(static_cast<std::size_t>(i * kClasses), kClasses);
    right += std::ranges::max_element(row) - row.begin() == static_cast<std::ptrdiff_t>(images.labels.at(i));
  }
  return right / static_cast<double>(rows);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: bench_mnist FOLDER\n");
    return 2;
  }
  try {
    const auto train = load(arguments[1], "train"), test = load(arguments[1], "t10k");
    const auto network = bench::make_network_spec({kPixels, 128, kClasses}, "cross_entropy", "adam");
    const auto model = Model::from_network(network, 0, DType::f32);
    Training training(model, train.pixels, train.labels, kBatch);
    const double seconds = bench::seconds_of([&] {
      training.shuffle_rows(1);
      training.epoch();
    });
    std::printf("{\"seconds\": %.6f, \"steps\": %zu, \"test_accuracy\": %.4f}\n", seconds, training.steps(),
                accuracy(model, training.state(), test));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_mnist: %s\n", error.what());
    return 1;
  }
}
