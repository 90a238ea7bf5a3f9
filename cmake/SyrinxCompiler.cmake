# Warnings, sanitizers and ccache for every target of the project.
add_library(syrinx_options INTERFACE)
target_compile_options(syrinx_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fno-math-errno -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(syrinx_options INTERFACE -Wno-restrict)  # GCC bug 105651: std::string +.
endif()
target_include_directories(syrinx_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(SYRINX_SANITIZE)
  target_compile_options(syrinx_options INTERFACE
    -fsanitize=${SYRINX_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(syrinx_options INTERFACE -fsanitize=${SYRINX_SANITIZE})
  set(SYRINX_RT_GUARD off)  # Both replace malloc.
  if(SYRINX_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(syrinx_options INTERFACE -Wno-tsan)  # Asio's fences, beside its locks.
  endif()
endif()
find_package(Threads REQUIRED)
target_link_libraries(syrinx_options INTERFACE Threads::Threads)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
