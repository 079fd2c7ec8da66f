# longhand_flags: how every target is compiled. longhand_internal: that, the private headers, and
# the libraries a room may use. Neither is installed.

add_library(longhand_flags INTERFACE)
target_compile_features(longhand_flags INTERFACE cxx_std_20)
target_compile_options(longhand_flags INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror=switch
  -ffp-contract=off          # a fused product is written mul_add, or the same sum differs by target
  $<$<CONFIG:Release>:-Os>   # comes after CMake's -O3; what has loops over rows or entries asks for more
  $<$<BOOL:${LONGHAND_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 reports -Wrestrict falsely for `"text" + std::string` (GCC bug 105651).
  target_compile_options(longhand_flags INTERFACE -Wno-restrict -Wno-missing-field-initializers)
endif()

file(GLOB_RECURSE loop_sources CONFIGURE_DEPENDS src/base/*.cpp src/data/*.cpp src/exec/*.cpp src/train/*.cpp)
list(APPEND loop_sources src/model/raw_rows.cpp)
set_source_files_properties(${loop_sources} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O2>)
file(GLOB_RECURSE kernel_sources CONFIGURE_DEPENDS src/backends/cpu/*.cpp)
list(APPEND kernel_sources src/base/convert.cpp)
set_source_files_properties(${kernel_sources} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O3>)

# The headers alone. Linking the libraries of fmt and toml++ would make them a dependency of all users (fmt's is
# src/base/fmt.cpp); Highway's measures the clock for some milliseconds whenever a process starts.
get_target_property(FMT_INCLUDE_DIR fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
find_path(HIGHWAY_INCLUDE_DIR hwy/highway.h REQUIRED)
mark_as_advanced(TOMLPLUSPLUS_INCLUDE_DIR HIGHWAY_INCLUDE_DIR)

add_library(longhand_internal INTERFACE)
target_include_directories(longhand_internal INTERFACE include src)
target_include_directories(longhand_internal SYSTEM INTERFACE
  ${TOMLPLUSPLUS_INCLUDE_DIR} ${HIGHWAY_INCLUDE_DIR} ${FMT_INCLUDE_DIR})
target_compile_definitions(longhand_internal INTERFACE
  LONGHAND_VERSION="${PROJECT_VERSION}"
  "FMT_BEGIN_NAMESPACE=namespace fmt { inline namespace longhand_fmt {"  # whoever links fmt too has no name twice
  "FMT_END_NAMESPACE=} }")
target_link_libraries(longhand_internal INTERFACE
  longhand_flags Threads::Threads ZLIB::ZLIB nlohmann_json::nlohmann_json)
