# One executable test_<room> for each folder of tests/ with a *_test.cpp. It is linked to the
# objects of its room and of those beneath it, so that a room builds while others are half-written.
# What several folders need is in tests/support/: a library, of which each takes the files it uses.

add_test(NAME check_layers COMMAND ${PROJECT_SOURCE_DIR}/scripts/check_layers)
add_test(NAME check_layers_self_test COMMAND ${PROJECT_SOURCE_DIR}/scripts/check_layers --self-test)

add_test(NAME install_consumer
         COMMAND ${PROJECT_SOURCE_DIR}/tests/install/run.sh ${PROJECT_BINARY_DIR} ${CMAKE_COMMAND})
set_tests_properties(install_consumer PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600)

find_package(GTest REQUIRED)
find_package(rapidcheck QUIET)
include(GoogleTest)

add_library(longhand_testing INTERFACE)
target_include_directories(longhand_testing INTERFACE tests)
target_compile_definitions(longhand_testing INTERFACE LONGHAND_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
file(GLOB support_sources CONFIGURE_DEPENDS tests/support/*.cpp)
add_library(longhand_test_support STATIC ${support_sources})
target_include_directories(longhand_test_support PRIVATE tests)
target_compile_definitions(longhand_test_support PRIVATE
  LONGHAND_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(longhand_test_support PRIVATE longhand_internal)
# The support stands before GoogleTest: behind it, the linker takes whole members of it for any inline
# function of the standard library that GoogleTest needs.
target_link_libraries(longhand_testing INTERFACE
  longhand_test_support longhand_internal GTest::gtest_main)
if(rapidcheck_FOUND)
  target_link_libraries(longhand_testing INTERFACE rapidcheck rapidcheck_gtest)
  target_compile_definitions(longhand_testing INTERFACE LONGHAND_HAVE_RAPIDCHECK)
endif()

file(GLOB test_files RELATIVE ${PROJECT_SOURCE_DIR}/tests CONFIGURE_DEPENDS tests/*/*_test.cpp)
list(TRANSFORM test_files REPLACE "/.*" "" OUTPUT_VARIABLE test_folders)
list(REMOVE_DUPLICATES test_folders)

foreach(folder IN LISTS test_folders)
  file(GLOB sources CONFIGURE_DEPENDS tests/${folder}/*.cpp)
  add_executable(test_${folder} ${sources})
  target_link_libraries(test_${folder} PRIVATE longhand_testing)
  set_target_properties(test_${folder} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(folder IN_LIST LONGHAND_ROOMS)
    longhand_room_closure(${folder} closure)
    longhand_room_objects(objects ${closure})
    target_sources(test_${folder} PRIVATE ${objects})
  else()
    target_link_libraries(test_${folder} PRIVATE longhand)
  endif()
  if(folder STREQUAL "cli" AND TARGET longhand_cli)
    add_dependencies(test_cli longhand_cli)
    target_compile_definitions(test_cli PRIVATE LONGHAND_BINARY="$<TARGET_FILE:longhand_cli>")
  endif()
  if(folder STREQUAL "parity")
    # Each process reads all goldens, which takes longer than a test: few processes, many tests in each.
    set(parts 4)
    foreach(part RANGE 1 ${parts})
      math(EXPR index "${part} - 1")
      add_test(NAME parity.part_${part}_of_${parts} COMMAND test_parity --gtest_brief=1
               WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
      set_tests_properties(parity.part_${part}_of_${parts} PROPERTIES LABELS parity TIMEOUT 600
        ENVIRONMENT "GTEST_TOTAL_SHARDS=${parts};GTEST_SHARD_INDEX=${index}")
    endforeach()
    continue()
  endif()
  gtest_discover_tests(test_${folder}
    TEST_PREFIX ${folder}.
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${folder} TIMEOUT 600)
endforeach()
