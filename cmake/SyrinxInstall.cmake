# Installs the library, the program, the public headers, a pkg-config file and a CMake package. All
# of it can be moved: every path inside is relative to where the file lies.
include(CMakePackageConfigHelpers)
file(RELATIVE_PATH libdir_from_bindir /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
file(RELATIVE_PATH SYRINX_PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" SYRINX_PREFIX_FROM_PC "${SYRINX_PREFIX_FROM_PC}")

install(TARGETS syrinx EXPORT syrinxTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(TARGET syrinx_cli)
  set_target_properties(syrinx_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${libdir_from_bindir}")
  install(TARGETS syrinx_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

get_property(public_headers GLOBAL PROPERTY SYRINX_PUBLIC_HEADERS)
foreach(header ${public_headers})
  get_filename_component(folder ${header} DIRECTORY)
  install(FILES ${CMAKE_SOURCE_DIR}/src/syrinx/${header}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/syrinx/${folder})
endforeach()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/syrinx)
configure_file(cmake/syrinx.pc.in syrinx.pc @ONLY)
configure_package_config_file(cmake/syrinxConfig.cmake.in syrinxConfig.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(syrinxConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/syrinx.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${CMAKE_BINARY_DIR}/syrinxConfig.cmake ${CMAKE_BINARY_DIR}/syrinxConfigVersion.cmake
  DESTINATION ${package_dir})
install(EXPORT syrinxTargets NAMESPACE syrinx:: DESTINATION ${package_dir})
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# What `make bench` runs.
get_property(bench_programs GLOBAL PROPERTY SYRINX_BENCH_PROGRAMS)
list(JOIN bench_programs "\n" bench_lines)
file(WRITE ${CMAKE_BINARY_DIR}/bench_programs.txt "${bench_lines}\n")
