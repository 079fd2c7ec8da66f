// The backends that come with the library. Called once by exec: a static initialiser would be
// dropped from a static library.
#include "backends/cpu/cpu_backend.h"
#include "backends/reference/reference_backend.h"

namespace longhand {

void register_builtin_backends() {
  register_backend(make_cpu_backend());
  register_backend(make_reference_backend());
}

}  // namespace longhand
