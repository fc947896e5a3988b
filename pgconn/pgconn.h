/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define PGCONN_INSIDE

#include <pgconn/pg-types.h>
#include <pgconn/pg-enums.h>
#include <pgconn/pg-version.h>
#include <pgconn/pg-enum-types.h>
#include <pgconn/error/pg-error-codes.h>
#include <pgconn/error/pg-error-types.h>
#include <pgconn/error/pg-sqlstate.h>
#include <pgconn/error/pg-error.h>
#include <pgconn/error/pg-diagnostic.h>
#include <pgconn/types/pg-oids.h>
#include <pgconn/types/pg-adapters-map.h>
#include <pgconn/types/pg-bit-string.h>
#include <pgconn/types/pg-date.h>
#include <pgconn/types/pg-inet.h>
#include <pgconn/types/pg-interval.h>
#include <pgconn/types/pg-multirange.h>
#include <pgconn/types/pg-numeric.h>
#include <pgconn/types/pg-point.h>
#include <pgconn/types/pg-range.h>
#include <pgconn/types/pg-record.h>
#include <pgconn/types/pg-time.h>
#include <pgconn/types/pg-timestamp.h>
#include <pgconn/types/pg-type-info.h>
#include <pgconn/sql/pg-params-types.h>
#include <pgconn/sql/pg-params.h>
#include <pgconn/result/pg-column.h>
#include <pgconn/result/pg-result.h>
#include <pgconn/result/pg-result-columns.h>
#include <pgconn/result/pg-row.h>
#include <pgconn/connection/pg-capabilities.h>
#include <pgconn/connection/pg-notification.h>
#include <pgconn/connection/pg-base-connection.h>
#include <pgconn/connection/pg-connection.h>
#include <pgconn/connection/pg-async-connection.h>
#include <pgconn/connection/pg-connection-types.h>
#include <pgconn/cursor/pg-base-cursor.h>
#include <pgconn/cursor/pg-cursor.h>
#include <pgconn/cursor/pg-async-cursor.h>
#include <pgconn/cursor/pg-copy-input-stream.h>
#include <pgconn/cursor/pg-copy-output-stream.h>
#include <pgconn/testing/pg-test-server.h>

#undef PGCONN_INSIDE
