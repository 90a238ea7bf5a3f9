# SPDX-License-Identifier: Apache-2.0
"""The architecture's rules as a program; tools/check_layers.py is its front door."""
