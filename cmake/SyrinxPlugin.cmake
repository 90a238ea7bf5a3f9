# A plugin: what links a library that Syrinx itself must not, for its licence, as a module that the
# library looks for at run time (src/syrinx/core/io/plugins). Built where the package's development
# files are.
#
# syrinx_plugin(name PACKAGE pkg-config-name SOURCES files... [TESTS targets...])
#
# makes lib/syrinx/libsyrinx_NAME.so. The program and the TESTS find it beside them, and are told
# SYRINX_NAME_BUILT: they fail where it was built and does not load.
function(syrinx_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PACKAGE" "SOURCES;TESTS")
  string(TOUPPER ${name} upper)
  pkg_check_modules(${upper} IMPORTED_TARGET ${arg_PACKAGE})
  if(NOT ${upper}_FOUND)
    message(STATUS "The development files of ${arg_PACKAGE} are not here: its plugin is not built")
    return()
  endif()
  set(plugin syrinx_${name})
  add_library(${plugin} MODULE ${arg_SOURCES})
  target_include_directories(${plugin} PRIVATE ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${plugin} PRIVATE syrinx_options PkgConfig::${upper})
  set_target_properties(${plugin} PROPERTIES
    CXX_VISIBILITY_PRESET hidden LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/syrinx)
  target_compile_definitions(${plugin} PRIVATE SYRINX_${upper}_VERSION="${${upper}_VERSION}")
  install(TARGETS ${plugin} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/syrinx)
  foreach(user syrinx_cli ${arg_TESTS})
    if(TARGET ${user})
      add_dependencies(${user} ${plugin})
    endif()
  endforeach()
  foreach(test ${arg_TESTS})
    if(TARGET ${test})
      target_compile_definitions(${test} PRIVATE SYRINX_${upper}_BUILT)
    endif()
  endforeach()
endfunction()
