# SPDX-License-Identifier: Apache-2.0
"""Which folder may include which outside library: the one table (docs/ARCHITECTURE.md, rule 3)."""
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """An outside library, its headers, and the folders under src/syrinx that may include them."""
    library: str
    headers: str            # A pattern for the whole name between < and >.
    folders: tuple          # Usually one; subfolders count as part of it.
    cmake: str              # What a folder's CMakeLists.txt names as its DOOR.
    types: str = r"(?!)"    # A pattern for its type names, which no public header may show.

    def opens_in(self, folder):
        return any(folder == own or folder.startswith(own + "/") for own in self.folders)


DOORS = (
    Door("libsndfile", r"sndfile\.hh?", ("core/io",), "PkgConfig::SNDFILE",
         r"SNDFILE(_tag)?|SF_INFO|SF_VIRTUAL_IO|sf_count_t"),
    Door("mpg123", r"mpg123\.h", ("core/io",), "PkgConfig::MPG123", r"mpg123_\w+"),
    Door("libvorbisfile", r"vorbis/.*", ("core/io",), "PkgConfig::VORBISFILE",
         r"OggVorbis_File|vorbis_\w+|ogg_int64_t"),
    Door("vo-aacenc", r"vo-aacenc/.*", ("core/io",), "PkgConfig::AACENC",
         r"VO_\w+|AACENC_\w+"),
    Door("soxr", r"soxr\.h", ("core/dsp",), "PkgConfig::SOXR", r"soxr(_\w+)?_t|soxr"),
    Door("libopus", r"opus(_\w+)?\.h", ("stages/codec",), "PkgConfig::OPUS",
         r"Opus(En|De)coder|opus_\w*int\w+"),
    Door("PortAudio", r"portaudio\.h|pa_\w+\.h", ("core/io",), "PkgConfig::PORTAUDIO",
         r"Pa(Stream|Error|DeviceIndex|DeviceInfo|Time)\w*"),
    Door("zlib", r"z(lib|conf)\.h", ("core/nn/weights",), "ZLIB::ZLIB",
         r"z_stream(p)?|Bytef|uInt|uLong"),
    Door("libcurl", r"curl/.*", ("core/io/fetch",), "PkgConfig::CURL", r"CURL\w*|curl_\w+"),
    Door("SQLite", r"sqlite3(ext)?\.h", ("apps/server/cache",), "PkgConfig::SQLITE", r"sqlite3\w*"),
    Door("libpng", r"png(conf)?\.h|libpng\w*/.*", ("core/io",), "PkgConfig::PNG", r"png_\w+"),
    Door("ICU", r"unicode/.*", ("stages/text",), "PkgConfig::ICU", r"icu|U(Char|ErrorCode)\w*"),
    Door("md4c", r"md4c(-html|-entity)?\.h", ("stages/text/input",), "PkgConfig::MD4C",
         r"MD_[A-Z]\w+"),
    Door("Expat", r"expat(_\w+)?\.h", ("stages/text",), "PkgConfig::EXPAT",
         r"XML_(Parser|Char|Index|Size|Error|Status)\w*"),
    Door("Flite", r"flite/.*|cst_\w+\.h", ("stages/acoustic/flite",), "syrinx_flite",
         r"cst_\w+"),
    Door("PocketSphinx", r"pocketsphinx(/.*)?\.h|sphinxbase/.*", ("stages/measure/recognition",),
         "syrinx_pocketsphinx", r"ps_\w+_t|cmd_ln_\w+|err_\w+"),
    # Under the GPL: a plugin of its own, which nothing links.
    Door("espeak-ng", r"espeak-ng/.*", ("plugins/espeak",), "PkgConfig::ESPEAK",
         r"espeak_[A-Z]\w+|EE_\w+"),
    Door("bcg729", r"bcg729/.*", ("plugins/bcg729",), "PkgConfig::BCG729", r"bcg729\w+"),
    # core/base reads documents for everyone (json.h); the programs print them.
    Door("nlohmann-json", r"nlohmann/.*", ("core/base", "apps"), "nlohmann_json::nlohmann_json",
         r"nlohmann"),
    Door("CLI11", r"CLI/.*", ("apps/cli",), "CLI11::CLI11", r"CLI"),
    Door("spdlog", r"spdlog/.*", ("apps",), "spdlog::spdlog", r"spdlog|fmt"),
    Door("Boost.Beast, Asio and OpenSSL", r"(boost|openssl)/.*", ("apps/server/http",),
         "syrinx_beast", r"boost|SSL(_CTX)?|X509\w*"),
    Door("FFTW", r"fftw3\.h", ("core/dsp",), "PkgConfig::FFTW", r"fftwf?_\w+"),
    Door("FFTW in double", r"fftw3\.h", ("core/dsp",), "PkgConfig::FFTWD"),
)

# Any test or benchmark beside the code may include these; nothing else may.
TEST_HEADERS = re.compile(r"gtest/.*|gmock/.*|benchmark/.*|fftw3\.h|ebur128\.h")

STANDARD = set("""
algorithm any array atomic barrier bit bitset charconv chrono codecvt compare complex concepts
condition_variable coroutine deque exception execution filesystem forward_list fstream functional
future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map
memory memory_resource mutex new numbers numeric optional ostream queue random ratio regex
scoped_allocator semaphore set shared_mutex source_location span sstream stack stdexcept
stop_token streambuf string string_view strstream syncstream system_error thread tuple type_traits
typeindex typeinfo unordered_map unordered_set utility valarray variant vector version
cassert cctype cerrno cfenv cfloat cinttypes climits clocale cmath csetjmp csignal cstdarg cstddef
cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype
""".split())

# POSIX, Linux and what the compilers bring. Not doors: every Debian has them.
SYSTEM = re.compile(r"""
    (assert|ctype|errno|fenv|float|inttypes|limits|locale|math|setjmp|signal|stdarg|stddef|stdint
    |stdio|stdlib|string|strings|time|wchar|wctype
    |cpio|dirent|dlfcn|endian|execinfo|fcntl|ftw|getopt|glob|grp|ifaddrs|langinfo|malloc|netdb|poll
    |pthread|pty|pwd|sched|semaphore|spawn|syscall|sysexits|syslog|termios|unistd|utime
    |cpuid|immintrin|xmmintrin|emmintrin|x86intrin|arm_neon|arm_acle|arm_bf16|arm_fp16)\.h
    |(arpa|asm|linux|net|netinet|sys)/[\w/-]+\.h
    |cxxabi\.h""", re.VERBOSE)


def is_system(header):
    return header in STANDARD or SYSTEM.fullmatch(header) is not None


def doors_of(header):
    return [door for door in DOORS if re.fullmatch(door.headers, header)]
