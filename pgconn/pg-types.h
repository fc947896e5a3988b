/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PGCONN_INSIDE) && !defined(PGCONN_COMPILATION)
#error "Only <pgconn/pgconn.h> can be included directly."
#endif

#include <gio/gio.h>

#include <pgconn/pg-version.h>

G_BEGIN_DECLS

/* Every class and boxed type once, so that no header needs another's. */
typedef struct _PgDiagnostic PgDiagnostic;
typedef struct _PgNotification PgNotification;
typedef struct _PgCapabilities PgCapabilities;
typedef struct _PgColumn PgColumn;
typedef struct _PgAdaptersMap PgAdaptersMap;
typedef struct _PgArray PgArray;
typedef struct _PgBitString PgBitString;
typedef struct _PgDate PgDate;
typedef struct _PgInet PgInet;
typedef struct _PgInterval PgInterval;
typedef struct _PgLoad PgLoad;
typedef struct _PgMultirange PgMultirange;
typedef struct _PgNumeric PgNumeric;
typedef struct _PgPoint PgPoint;
typedef struct _PgRange PgRange;
typedef struct _PgRecord PgRecord;
typedef struct _PgTime PgTime;
typedef struct _PgTimestamp PgTimestamp;
typedef struct _PgTypeInfo PgTypeInfo;
typedef struct _PgParams PgParams;
typedef struct _PgParamsBatch PgParamsBatch;
typedef struct _PgResult PgResult;
typedef struct _PgRow PgRow;
typedef struct _PgRowFactory PgRowFactory;
typedef struct _PgBaseConnection PgBaseConnection;
typedef struct _PgConnection PgConnection;
typedef struct _PgAsyncConnection PgAsyncConnection;
typedef struct _PgBasePipeline PgBasePipeline;
typedef struct _PgPipeline PgPipeline;
typedef struct _PgAsyncPipeline PgAsyncPipeline;
typedef struct _PgStatement PgStatement;
typedef struct _PgBaseCursor PgBaseCursor;
typedef struct _PgCursor PgCursor;
typedef struct _PgAsyncCursor PgAsyncCursor;
typedef struct _PgAsyncServerCursor PgAsyncServerCursor;
typedef struct _PgBaseServerCursor PgBaseServerCursor;
typedef struct _PgClientCursor PgClientCursor;
typedef struct _PgServerCursor PgServerCursor;
typedef struct _PgAsyncClientCursor PgAsyncClientCursor;
typedef struct _PgClientCursor PgClientCursor;
typedef struct _PgCopyColumns PgCopyColumns;
typedef struct _PgBaseRowStream PgBaseRowStream;
typedef struct _PgRowStream PgRowStream;
typedef struct _PgAsyncRowStream PgAsyncRowStream;
typedef struct _PgChunkReader PgChunkReader;
typedef struct _PgCopyInputStream PgCopyInputStream;
typedef struct _PgCopyOutputStream PgCopyOutputStream;
typedef struct _PgLargeObject PgLargeObject;
typedef struct _PgTestServer PgTestServer;

G_END_DECLS
