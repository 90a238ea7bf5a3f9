# cmake -D WEB=folder -D OUT=file.cc -P EmbedWeb.cmake: writes a source that holds every file of the
# folder, for apps/server/page. index.html is at "/"; hidden files and README.md are left out.
set(types html text/html js text/javascript css text/css txt text/plain json application/json
  svg image/svg+xml png image/png ico image/x-icon webp image/webp wasm application/wasm
  webmanifest application/manifest+json woff2 font/woff2)

file(GLOB_RECURSE files RELATIVE ${WEB} ${WEB}/*)
list(SORT files)
set(arrays "")
set(table "")
set(count 0)
foreach(name ${files})
  get_filename_component(extension ${name} LAST_EXT)
  string(REGEX REPLACE "^\\." "" extension "${extension}")
  list(FIND types "${extension}" at)
  if(name MATCHES "(^|/)\\." OR name STREQUAL "README.md" OR at EQUAL -1)
    continue()
  endif()
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  if(type MATCHES "^text/")
    string(APPEND type "\; charset=utf-8")
  endif()
  file(READ ${WEB}/${name} hex HEX)
  file(SHA256 ${WEB}/${name} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  string(LENGTH "${hex}" digits)
  math(EXPR bytes "${digits} / 2")
  string(REGEX REPLACE "(..)" "0x\\1," values "${hex}")
  string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)"
    "\\1\n" values "${values}")
  string(APPEND arrays "const unsigned char kAsset${count}[] = {\n${values}0};\n")
  if(name STREQUAL "index.html")
    set(path "/")
  else()
    set(path "/${name}")
  endif()
  string(APPEND table "    {\"${path}\", \"${type}\",\n     {reinterpret_cast<const char*>(kAsset${count}), ${bytes}}, \"\\\"${hash}\\\"\"},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "// Made by cmake/EmbedWeb.cmake of the files in web/.
#include \"syrinx/apps/server/page/assets.h\"

namespace syrinx::server::page {
namespace {
${arrays}
const Asset kAssets[] = {
${table}};
}  // namespace
std::span<const Asset> assets() { return kAssets; }
}  // namespace syrinx::server::page
")
