# Every outside library, found once. Which folder may include it is stated where the folder names it
# as its DOOR, and checked by tools/check_layers.py.
find_package(PkgConfig REQUIRED)
pkg_check_modules(SNDFILE REQUIRED IMPORTED_TARGET sndfile>=1.1)
pkg_check_modules(MPG123 REQUIRED IMPORTED_TARGET libmpg123)
pkg_check_modules(VORBISFILE REQUIRED IMPORTED_TARGET vorbisfile)
pkg_check_modules(SOXR REQUIRED IMPORTED_TARGET soxr)
pkg_check_modules(PORTAUDIO IMPORTED_TARGET portaudio-2.0)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat>=2.4)  # Limits what entities make of a file.
pkg_check_modules(CURL IMPORTED_TARGET libcurl>=7.85)  # Downloads of models, where it is there.
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3>=3.37)
pkg_check_modules(AACENC REQUIRED IMPORTED_TARGET vo-aacenc)
find_package(ZLIB 1.2.9 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_path(BEAST_INCLUDE_DIR boost/beast.hpp REQUIRED)  # Boost.Beast and Asio are headers alone.
add_library(syrinx_beast INTERFACE)
target_include_directories(syrinx_beast SYSTEM INTERFACE ${BEAST_INCLUDE_DIR})
target_link_libraries(syrinx_beast INTERFACE OpenSSL::SSL OpenSSL::Crypto)

find_path(FLITE_INCLUDE_DIR flite/flite.h REQUIRED)
add_library(syrinx_flite INTERFACE)
target_include_directories(syrinx_flite SYSTEM INTERFACE ${FLITE_INCLUDE_DIR})
foreach(part flite_cmu_us_slt flite_cmu_us_rms flite_cmu_us_awb flite_usenglish flite_cmulex flite)
  find_library(LIB_${part} ${part} REQUIRED)
  target_link_libraries(syrinx_flite INTERFACE ${LIB_${part}})
endforeach()

# PocketSphinx, where it is there. Debian's .pc file names folders that do not exist, and the library
# that records, which is not needed.
pkg_check_modules(POCKETSPHINX pocketsphinx)
if(POCKETSPHINX_FOUND)
  add_library(syrinx_pocketsphinx INTERFACE)
  foreach(folder ${POCKETSPHINX_INCLUDE_DIRS})
    if(EXISTS ${folder})
      target_include_directories(syrinx_pocketsphinx SYSTEM INTERFACE ${folder})
    endif()
  endforeach()
  foreach(part pocketsphinx sphinxbase)
    find_library(LIB_${part} ${part} REQUIRED HINTS ${POCKETSPHINX_LIBRARY_DIRS})
    target_link_libraries(syrinx_pocketsphinx INTERFACE ${LIB_${part}})
  endforeach()
endif()

if(SYRINX_TESTS OR SYRINX_BENCH)
  # FFTW only as the reference that tests and benchmarks hold our FFT against, unless SYRINX_WITH_FFTW.
  pkg_check_modules(FFTW IMPORTED_TARGET fftw3f)
  pkg_check_modules(FFTWD IMPORTED_TARGET fftw3)
endif()
if(SYRINX_WITH_FFTW)
  pkg_check_modules(FFTW REQUIRED IMPORTED_TARGET fftw3f)
endif()
if(SYRINX_TESTS)
  find_package(GTest 1.12 REQUIRED)
  pkg_check_modules(EBUR128 IMPORTED_TARGET libebur128)  # A peer to hold our loudness against.
endif()
if(SYRINX_BENCH)
  find_package(benchmark 1.7 REQUIRED)
endif()
