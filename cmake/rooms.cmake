# The rooms of src/: LONGHAND_ROOMS, longhand_room_closure() and longhand_add_room().

set(layers_file ${PROJECT_SOURCE_DIR}/cmake/layers.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${layers_file})
file(STRINGS ${layers_file} layer_lines REGEX "^[a-z]+ *->")
set(LONGHAND_ROOMS "")
foreach(line IN LISTS layer_lines)
  string(REGEX MATCH "^([a-z]+) *->(.*)$" matched "${line}")
  set(room ${CMAKE_MATCH_1})
  if(room STREQUAL "cli")  # the command, not a part of the library
    continue()
  endif()
  # To the linker, one header of a room is the whole room.
  string(REGEX REPLACE "/[^ ]*" "" uses "${CMAKE_MATCH_2}")
  separate_arguments(uses)
  list(APPEND LONGHAND_ROOMS ${room})
  set(LONGHAND_USES_${room} ${uses})
endforeach()

# The room, all that lies beneath it, and backends wherever exec is among them (exec calls
# register_builtin_backends(), which backends defines).
function(longhand_room_closure room result)
  set(closure "")
  set(pending ${room})
  while(pending)
    list(POP_FRONT pending next)
    if(next IN_LIST closure)
      continue()
    endif()
    list(APPEND closure ${next})
    list(APPEND pending ${LONGHAND_USES_${next}})
    if(next STREQUAL "exec")
      list(APPEND pending backends)
    endif()
  endwhile()
  set(${result} ${closure} PARENT_SCOPE)
endfunction()

# Object files of those rooms of the list that exist so far.
function(longhand_room_objects result)
  set(objects "")
  foreach(room IN LISTS ARGN)
    if(TARGET longhand_${room})
      list(APPEND objects $<TARGET_OBJECTS:longhand_${room}>)
    endif()
  endforeach()
  set(${result} ${objects} PARENT_SCOPE)
endfunction()

# One object file for each room of the list, where the linker can: what its files share is then in the library once.
function(longhand_joined_objects result)
  set(objects "")
  foreach(room IN LISTS ARGN)
    if(NOT TARGET longhand_${room})
      continue()
    endif()
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
      list(APPEND objects $<TARGET_OBJECTS:longhand_${room}>)
      continue()
    endif()
    set(joined ${PROJECT_BINARY_DIR}/rooms/${room}${CMAKE_CXX_OUTPUT_EXTENSION})
    add_custom_command(OUTPUT ${joined}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/rooms
      COMMAND ${CMAKE_LINKER} -r -o ${joined} $<TARGET_OBJECTS:longhand_${room}>
      DEPENDS longhand_${room} $<TARGET_OBJECTS:longhand_${room}>
      COMMAND_EXPAND_LISTS VERBATIM)
    set_source_files_properties(${joined} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
    list(APPEND objects ${joined})
  endforeach()
  set(${result} ${objects} PARENT_SCOPE)
endfunction()

function(longhand_add_room room)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${room}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(longhand_${room} OBJECT ${sources})
  target_link_libraries(longhand_${room} PRIVATE longhand_internal)
endfunction()
