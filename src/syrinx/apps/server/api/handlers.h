// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "syrinx/apps/server/api/core.h"

// One function for each line of the table of routes.
namespace syrinx::server {

void get_health(Core& core, const std::shared_ptr<Call>& call);
void get_readiness(Core& core, const std::shared_ptr<Call>& call);
void get_metrics(Core& core, const std::shared_ptr<Call>& call);
void get_models(Core& core, const std::shared_ptr<Call>& call);
void get_voices(Core& core, const std::shared_ptr<Call>& call);
void delete_cache(Core& core, const std::shared_ptr<Call>& call);
void post_speech(Core& core, const std::shared_ptr<Call>& call);
void post_captioned_speech(Core& core, const std::shared_ptr<Call>& call);
void post_batch(Core& core, const std::shared_ptr<Call>& call);
void post_cache_warming(Core& core, const std::shared_ptr<Call>& call);
void get_batches(Core& core, const std::shared_ptr<Call>& call);
void get_batch(Core& core, const std::shared_ptr<Call>& call);
void cancel_batch(Core& core, const std::shared_ptr<Call>& call);
void delete_batch(Core& core, const std::shared_ptr<Call>& call);
void get_batch_items(Core& core, const std::shared_ptr<Call>& call);
void get_batch_item(Core& core, const std::shared_ptr<Call>& call);
void get_batch_output(Core& core, const std::shared_ptr<Call>& call);
void get_lexicon(Core& core, const std::shared_ptr<Call>& call);
void put_lexicon(Core& core, const std::shared_ptr<Call>& call);
void delete_lexicon(Core& core, const std::shared_ptr<Call>& call);
void post_text(Core& core, const std::shared_ptr<Call>& call);
void post_measure(Core& core, const std::shared_ptr<Call>& call);
void post_convert(Core& core, const std::shared_ptr<Call>& call);
void get_stats(Core& core, const std::shared_ptr<Call>& call);
void get_live(Core& core, const std::shared_ptr<Call>& call);
void get_stream(Core& core, const std::shared_ptr<Call>& call);
void get_openapi(Core& core, const std::shared_ptr<Call>& call);
void get_asset(Core& core, const std::shared_ptr<Call>& call);

}  // namespace syrinx::server
