// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "syrinx/apps/server/page/asset_response.h"
#include "syrinx/apps/server/page/assets.h"

namespace syrinx::server::page {
namespace {

http::Request get(std::string path) {
  http::Request request;
  request.method = "GET";
  request.path = std::move(path);
  return request;
}

std::string field_of(const http::Response& response, std::string_view name) {
  for (const http::Field& field : response.fields) {
    if (field.name == name) return field.value;
  }
  return "";
}

http::Response asked_with(const std::string& if_none_match) {
  auto request = get("/");
  request.fields.push_back({"If-None-Match", if_none_match});
  return asset_response(request);
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Page, EveryFileOfTheFolderIsServedAsItIsAndNothingElse) {
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(SYRINX_WEB)) {
    const std::string name = entry.path().filename().string();
    const std::string path = name == "index.html" ? "/" : "/" + name;
    EXPECT_EQ(asset_response(get(path)).body, file_text(entry.path())) << path;
    paths.insert(path);
  }
  EXPECT_GE(paths.size(), 10U);
  EXPECT_EQ(assets().size(), paths.size());
}

TEST(Page, EachFileHasTheContentTypeOfItsName) {
  EXPECT_EQ(asset_response(get("/")).content_type, "text/html; charset=utf-8");
  EXPECT_EQ(asset_response(get("/style.css")).content_type, "text/css; charset=utf-8");
  EXPECT_EQ(asset_response(get("/icon.svg")).content_type, "image/svg+xml");
  for (const Asset& asset : assets()) {
    if (asset.path.ends_with(".js")) {
      EXPECT_EQ(asset.content_type, "text/javascript; charset=utf-8") << asset.path;
    }
  }
}

TEST(Page, AnEtagIsInQuotesAndAnotherForEachFile) {
  std::set<std::string> etags;
  for (const Asset& asset : assets()) {
    EXPECT_EQ(asset.etag.size(), 18U);
    EXPECT_TRUE(asset.etag.starts_with('"') && asset.etag.ends_with('"')) << asset.etag;
    EXPECT_EQ(field_of(asset_response(get(std::string(asset.path))), "ETag"), asset.etag);
    etags.insert(asset.etag);
  }
  EXPECT_EQ(etags.size(), assets().size());
}

TEST(Page, ABrowserThatHasTheFileGetsNoBytes) {
  const std::string etag = find_asset("/")->etag;
  for (const std::string& known : {etag, "W/" + etag, "\"other\" , " + etag, std::string("*")}) {
    const auto answer = asked_with(known);
    EXPECT_EQ(answer.status, 304) << known;
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(field_of(answer, "ETag"), etag);
  }
}

TEST(Page, ABrowserThatHasAnotherFileGetsThisOne) {
  const std::string etag = find_asset("/")->etag;
  for (const std::string& known :
       {std::string("\"other\""), std::string(""), etag.substr(1), std::string(" , ,")}) {
    const auto answer = asked_with(known);
    EXPECT_EQ(answer.status, 200) << known;
    EXPECT_FALSE(answer.body.empty());
  }
}

TEST(Page, NothingFromElsewhereAndNothingInlineMayRun) {
  for (const Asset& asset : assets()) {
    const auto answer = asset_response(get(std::string(asset.path)));
    const std::string policy = field_of(answer, "Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none';")) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_EQ(policy.find("http"), std::string::npos);
    EXPECT_EQ(policy.find('*'), std::string::npos);
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(field_of(answer, "Referrer-Policy"), "no-referrer");
  }
}

TEST(Page, ItsFilesNameNoOtherSite) {
  for (const Asset& asset : assets()) {
    for (std::size_t at = 0; (at = asset.bytes.find("://", at)) != std::string_view::npos; ++at) {
      const auto before = asset.bytes.substr(0, at);
      const auto after = asset.bytes.substr(at + 3);
      EXPECT_TRUE(after.starts_with("www.w3.org/2000/svg")) << asset.path << ": " << before.size();
    }
  }
}

TEST(Page, APathThatIsNoFileOfThePageIsNotFound) {
  for (const char* path : {"/index.html/", "/nothing.js", "", "/../CMakeLists.txt", "//",
                           "/app.js/", "/./app.js", "/APP.JS", "/app.js%00", "app.js"}) {
    const auto answer = asset_response(get(path));
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.content_type, "application/json");
    EXPECT_NE(answer.body.find("not_found_error"), std::string::npos);
  }
}

}  // namespace
}  // namespace syrinx::server::page
