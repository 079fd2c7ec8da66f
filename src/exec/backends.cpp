#include <mutex>
#include <vector>

#include "exec/backend.h"

namespace longhand {
namespace {

std::vector<std::unique_ptr<Backend>>& backends() {
  static std::vector<std::unique_ptr<Backend>> list;
  return list;
}

}  // namespace

void register_backend(std::unique_ptr<Backend> backend) { backends().push_back(std::move(backend)); }

const Backend& find_backend(std::string_view name) {
  static std::once_flag once;
  std::call_once(once, register_builtin_backends);
  std::string known;
  for (const auto& backend : backends()) {
    if (backend->name() == name) return *backend;
    known += (known.empty() ? "" : ", ") + std::string(backend->name());
  }
  throw ArgumentError("there is no backend '" + std::string(name) + "' (there are: " + known + ")");
}

}  // namespace longhand
