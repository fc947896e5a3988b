/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define PGCONN_INSIDE

#include <pgconn/pg-types.h>
#include <pgconn/pg-enums.h>
#include <pgconn/pg-version.h>
#include <pgconn/pg-enum-types.h>

#undef PGCONN_INSIDE
