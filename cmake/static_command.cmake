# LONGHAND_STATIC_COMMAND: the command is linked with nothing to be loaded when it starts, which is
# most of the time of a short run and a third of its memory. On where the compiler and the system's
# static libraries can (a sanitizer cannot).
include(CheckCXXSourceCompiles)

set(CMAKE_REQUIRED_FLAGS -static)
set(CMAKE_REQUIRED_LIBRARIES z)
check_cxx_source_compiles("#include <zlib.h>
  #include <iostream>
  int main() { std::cout << zlibVersion(); }" LONGHAND_CAN_LINK_STATICALLY)
unset(CMAKE_REQUIRED_FLAGS)
unset(CMAKE_REQUIRED_LIBRARIES)
option(LONGHAND_STATIC_COMMAND "Link the command statically" ${LONGHAND_CAN_LINK_STATICALLY})
if(LONGHAND_STATIC_COMMAND)
  set(ZLIB_USE_STATIC_LIBS ON)
  if(NOT ZLIB_LIBRARY_RELEASE MATCHES "\\.a$")  # as an earlier configuration found it
    unset(ZLIB_LIBRARY_RELEASE CACHE)
  endif()
endif()
