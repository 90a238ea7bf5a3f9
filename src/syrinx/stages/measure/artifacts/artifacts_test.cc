// SPDX-License-Identifier: Apache-2.0
#include "syrinx/stages/measure/artifacts/artifacts.h"

#include <gtest/gtest.h>
