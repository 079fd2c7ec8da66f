include(CMakePackageConfigHelpers)

install(TARGETS longhand EXPORT longhandTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET longhand_cli)
  install(TARGETS longhand_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY include/longhand DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/longhand)
install(EXPORT longhandTargets NAMESPACE longhand:: DESTINATION ${package_dir})
configure_package_config_file(cmake/longhandConfig.cmake.in longhandConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(longhandConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/longhandConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/longhandConfigVersion.cmake
        DESTINATION ${package_dir})

# Written at install time, because only then is the prefix known.
install(CODE "set(PROJECT_VERSION \"${PROJECT_VERSION}\")
set(PROJECT_DESCRIPTION \"${PROJECT_DESCRIPTION}\")
set(CMAKE_INSTALL_LIBDIR \"${CMAKE_INSTALL_LIBDIR}\")
set(CMAKE_INSTALL_INCLUDEDIR \"${CMAKE_INSTALL_INCLUDEDIR}\")
configure_file(\"${CMAKE_CURRENT_SOURCE_DIR}/cmake/longhand.pc.in\"
               \"${CMAKE_CURRENT_BINARY_DIR}/longhand.pc\" @ONLY)")
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/longhand.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
