# syrinx_library(DEPS core_flow ... DOOR PkgConfig::SNDFILE ... SOURCES ... HEADERS ...
#                PRIVATE_HEADERS ... TESTS x_test.cc ... BENCHES x_bench.cc ...)
#
# Declares the library of the current folder under src/syrinx: core/base becomes syrinx_core_base.
#   DEPS     folders (as core_base) whose headers this folder includes; checked against the layers.
#   DOOR     outside libraries that this folder alone includes; never seen by those who use it.
#   HEADERS  public headers: installed, and each must compile alone.
#   TESTS    unit tests beside the code, built into one program that links all of Syrinx.
# Every folder's objects together make libsyrinx, but those under apps: each of them is a static
# library over libsyrinx, which the programs and folders that name it in DEPS link.
function(syrinx_library)
  cmake_parse_arguments(ARG "" "" "DEPS;DOOR;SOURCES;HEADERS;PRIVATE_HEADERS;TESTS;BENCHES" ${ARGN})
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR}/src/syrinx ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${folder})
  set(target syrinx_${name})

  if(folder MATCHES "^apps/")
    syrinx_app_part(${target})
  elseif(ARG_SOURCES)
    add_library(${target} OBJECT ${ARG_SOURCES})
    target_link_libraries(${target} PRIVATE syrinx_options ${ARG_DOOR})
    set_property(GLOBAL APPEND PROPERTY SYRINX_OBJECTS ${target})
    set_property(GLOBAL APPEND PROPERTY SYRINX_DOORS ${ARG_DOOR})
  endif()
  foreach(dep ${ARG_DEPS})
    set_property(GLOBAL APPEND PROPERTY SYRINX_EDGES "${name}>${dep}")
  endforeach()
  foreach(header ${ARG_HEADERS})
    set_property(GLOBAL APPEND PROPERTY SYRINX_PUBLIC_HEADERS ${folder}/${header})
  endforeach()
  if(SYRINX_TESTS AND ARG_TESTS)
    syrinx_test(${name}_test ${ARG_TESTS})
    target_link_libraries(${name}_test PRIVATE ${ARG_DOOR})
    if(folder MATCHES "^apps/")
      target_link_libraries(${name}_test PRIVATE ${target})
    endif()
  endif()
  if(SYRINX_BENCH AND ARG_BENCHES)
    add_executable(${name}_bench ${ARG_BENCHES})
    target_link_libraries(${name}_bench PRIVATE syrinx syrinx_options benchmark::benchmark_main)
    set_property(GLOBAL APPEND PROPERTY SYRINX_BENCH_PROGRAMS ${name}_bench)
  endif()
endfunction()

# The static library of a folder under apps; reads the arguments of the syrinx_library around it.
macro(syrinx_app_part part)
  add_library(${part} STATIC ${ARG_SOURCES})
  target_link_libraries(${part} PUBLIC syrinx syrinx_options ${ARG_DOOR})
  syrinx_link_app_parts(${part} ${ARG_DEPS})
endmacro()

# Links those of the named folders that are under apps.
function(syrinx_link_app_parts target)
  foreach(dep ${ARGN})
    if(dep MATCHES "^apps_")
      target_link_libraries(${target} PUBLIC syrinx_${dep})
    endif()
  endforeach()
endfunction()

# syrinx_program(syrinx_cli NAME syrinx DEPS engines_tts ... DOOR CLI11::CLI11 ... SOURCES main.cc ...
#                PRIVATE_HEADERS ... TESTS x_test.cc ...)
#
# Declares the program of the current folder under src/syrinx/apps, built as bin/NAME. Its tests link
# everything but main.cc, and find the path of the built program in the macro SYRINX_PROGRAM.
function(syrinx_program target)
  cmake_parse_arguments(ARG "" "NAME" "DEPS;DOOR;SOURCES;PRIVATE_HEADERS;TESTS" ${ARGN})
  list(REMOVE_ITEM ARG_SOURCES main.cc)
  add_library(${target}_parts OBJECT ${ARG_SOURCES})
  target_link_libraries(${target}_parts PUBLIC syrinx syrinx_options ${ARG_DOOR})
  syrinx_link_app_parts(${target}_parts ${ARG_DEPS})
  add_executable(${target} main.cc)
  target_link_libraries(${target} PRIVATE ${target}_parts)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${ARG_NAME})
  if(SYRINX_TESTS AND ARG_TESTS)
    string(REGEX REPLACE "^syrinx_" "apps_" test ${target}_test)
    syrinx_test(${test} ${ARG_TESTS})
    target_link_libraries(${test} PRIVATE ${target}_parts)
    target_compile_definitions(${test} PRIVATE SYRINX_PROGRAM="$<TARGET_FILE:${target}>")
    add_dependencies(${test} ${target})
  endif()
endfunction()

# A GoogleTest program over libsyrinx, with the data helpers and the real-time guard linked in.
function(syrinx_test name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE syrinx syrinx_options syrinx_test_support)
  # Tests are a third of the build, and what they test is optimised in the library.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 NO_PRETTY_VALUES
    TEST_PREFIX "${name}:" PROPERTIES TIMEOUT 300)
endfunction()
if(SYRINX_TESTS)
  include(GoogleTest)
endif()

# All folders' objects as one library, and the umbrella name.
function(syrinx_umbrella)
  set_property(GLOBAL APPEND PROPERTY SYRINX_PUBLIC_HEADERS syrinx.h)
  get_property(folders GLOBAL PROPERTY SYRINX_OBJECTS)
  get_property(doors GLOBAL PROPERTY SYRINX_DOORS)
  list(REMOVE_DUPLICATES doors)
  add_library(syrinx SHARED)
  foreach(folder ${folders})
    target_sources(syrinx PRIVATE $<TARGET_OBJECTS:${folder}>)
  endforeach()
  target_link_libraries(syrinx PRIVATE syrinx_options ${doors})
  target_include_directories(syrinx PUBLIC
    $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/src> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(syrinx PUBLIC cxx_std_20)
  set_target_properties(syrinx PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} LINKER_LANGUAGE CXX)
  add_library(syrinx::syrinx ALIAS syrinx)
endfunction()

# One tiny source per public header that includes nothing else: it compiles, or the header leans on luck.
function(syrinx_check_headers)
  get_property(headers GLOBAL PROPERTY SYRINX_PUBLIC_HEADERS)
  set(sources "")
  foreach(header ${headers})
    string(MAKE_C_IDENTIFIER ${header} id)
    set(source ${CMAKE_BINARY_DIR}/header_check/${id}.cc)
    if(NOT EXISTS ${source})
      file(WRITE ${source} "#include \"syrinx/${header}\"  // Public headers compile alone.\n")
    endif()
    list(APPEND sources ${source})
  endforeach()
  add_library(syrinx_header_check OBJECT ${sources})
  target_link_libraries(syrinx_header_check PRIVATE syrinx_options)
endfunction()
