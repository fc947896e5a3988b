// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The types of the JavaScript form of Pg, as docs/javascript.md tells of it, for TypeScript and for editors. It stands on the types of GLib, GObject and Gio
// (@girs/glib-2.0 and so on). Of what introspection gives besides, with snake_case names, only the frequent part is here.

declare module 'gi://Pg?version=1.0' {
  import type Gio from 'gi://Gio?version=2.0';
  import type GLib from 'gi://GLib?version=2.0';
  import type GObject from 'gi://GObject?version=2.0';

  namespace Pg {
    // --- parameters and options ---

    /** What can be a parameter. */
    type Value = null | boolean | number | bigint | string | Uint8Array | globalThis.Date | GLib.Bytes | GLib.DateTime | GLib.Variant
      | Numeric | Date | Time | Timestamp | Interval | Inet | BitString | Point | Range | Multirange | Record | Array | Json | object | readonly Value[];
    type Parameters = readonly unknown[] | { [name: string]: unknown } | GLib.Variant | Params | null;
    type Cancellable = Gio.Cancellable | null;
    type IsolationLevelName = 'default' | 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';

    /** Makes something of each row: called with the cursor once for each result, it returns a function of the array of a row's values. */
    type RowMaker<T = unknown> = (cursor: AnyCursor) => (values: any[]) => T;
    type AnyCursor = Cursor | AsyncCursor | ServerCursor | AsyncServerCursor;
    type ClassOf<T> = (new (...args: any[]) => T) & { $gtype: GObject.GType };

    interface Settings {
      autocommit?: boolean;
      isolationLevel?: IsolationLevel | IsolationLevelName;
      readOnly?: boolean | Tristate | null;
      deferrable?: boolean | Tristate | null;
      prepareThreshold?: number;
      preparedMax?: number;
      /** In milliseconds; 0 is any time. */
      timeout?: number;
      /** In milliseconds. */
      cancelTimeout?: number;
      fetchTypes?: boolean;
      rowFactory?: RowMaker | RowFactory | null;
    }
    interface OpenOptions extends Settings {
      cursorFactory?: ClassOf<Cursor> | null;
      serverCursorFactory?: ClassOf<ServerCursor> | null;
    }
    interface AsyncOpenOptions extends Settings {
      pipelining?: boolean;
      cursorFactory?: ClassOf<AsyncCursor> | null;
      serverCursorFactory?: ClassOf<AsyncServerCursor> | null;
    }
    interface ServerCursorOptions {
      scrollable?: boolean | Tristate | null;
      hold?: boolean;
      itersize?: number;
      fetchAhead?: boolean;
      rowFactory?: RowMaker | RowFactory | null;
    }
    interface StreamOptions {
      /** How many rows are read at a time. */
      size?: number;
      cancellable?: Cancellable;
    }
    interface ExecuteManyOptions {
      returning?: boolean;
    }

    // --- functions and constants ---

    function json(value: unknown): Json;
    function jsonb(value: unknown): Json;
    const arrayRow: RowMaker<any[]>;
    const objectRow: RowMaker<{ [name: string]: any }>;
    const scalarRow: RowMaker<any>;
    function classRow<T>(type: new (values: any) => T): RowMaker<T>;
    function argsRow<T>(fn: (...values: any[]) => T): RowMaker<T>;

    /** What json() and jsonb() give. */
    interface Json {
      readonly text: string;
      readonly oid: number;
    }

    /** A Date with microseconds. */
    class PreciseDate extends globalThis.Date {
      constructor(milliseconds: number, microseconds?: number);
      readonly microseconds: number;
      toISOString(): string;
    }

    enum Tristate { DEFAULT, OFF, ON }
    enum IsolationLevel { DEFAULT, READ_UNCOMMITTED, READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE }
    enum Format { AUTO, TEXT, BINARY }
    enum PipelineStatus { OFF, ON, ABORTED }
    enum Prepare { AUTO, FORCE, NEVER }
    enum ScrollMode { RELATIVE, ABSOLUTE }
    enum LargeObjectMode { NONE, READ, WRITE }
    enum TransactionStatus { IDLE, ACTIVE, INTRANS, INERROR, UNKNOWN }
    enum TypeKind { BASE, ENUM, DOMAIN, COMPOSITE, RANGE, MULTIRANGE, ARRAY, PSEUDO }
    enum ExecuteManyFlags { NONE, RETURNING, MORE, ABORT }

    class Error extends GLib.Error {
      readonly sqlstate: string | null;
      readonly diagnostic: Diagnostic | null;
      static readonly [condition: string]: any;
    }
    interface Diagnostic {
      get_sqlstate(): string | null;
      get_severity(): string | null;
      get_message_primary(): string | null;
      get_message_detail(): string | null;
      get_message_hint(): string | null;
      get_schema_name(): string | null;
      get_table_name(): string | null;
      get_column_name(): string | null;
      get_constraint_name(): string | null;
    }

    // --- connections ---

    class BaseConnection extends GObject.Object {
      readonly closed: boolean;
      readonly broken: boolean;
      readonly conninfo: string;
      readonly adapters: AdaptersMap;
      readonly transaction_status: TransactionStatus;
      readonly server_version: number;
      readonly backend_pid: number;
      dup_conninfo(): string;
      prepareThreshold: number;
      preparedMax: number;
      timeout: number;
      cancelTimeout: number;
      fetchTypes: boolean;
      rowFactory: RowMaker | RowFactory | null;
      readonly pipelineStatus: PipelineStatus;
      connect(signal: string, callback: (...args: any[]) => any): number;
    }

    class Connection extends BaseConnection {
      constructor(properties?: { conninfo?: string } & Settings);
      static open(conninfo: string, options?: OpenOptions | Cancellable, cancellable?: Cancellable): Connection;
      autocommit: boolean;
      isolationLevel: IsolationLevel | IsolationLevelName;
      readOnly: boolean | null;
      deferrable: boolean | null;
      cursorFactory: ClassOf<Cursor>;
      serverCursorFactory: ClassOf<ServerCursor>;
      execute(query: string | Statement, params?: Parameters, cancellable?: Cancellable): Cursor;
      sql(strings: TemplateStringsArray, ...values: unknown[]): Cursor;
      cursor(): Cursor;
      serverCursor(name: string, options?: ServerCursorOptions | null): ServerCursor;
      stream(query: string, params?: Parameters, options?: StreamOptions | Cancellable): IterableIterator<any> & { chunks(): IterableIterator<any[]> };
      prepare(query: string, types?: number[] | null, cancellable?: Cancellable): Statement;
      copyIn(statement: string, params?: Parameters, cancellable?: Cancellable): CopyOutputStream<void>;
      copyOut(statement: string, params?: Parameters, cancellable?: Cancellable): CopyInputStream;
      createLargeObject(oid?: number, cancellable?: Cancellable): LargeObject;
      openLargeObject(oid: number, mode?: LargeObjectMode, cancellable?: Cancellable): LargeObject;
      unlinkLargeObject(oid: number, cancellable?: Cancellable): boolean;
      fetchType(kind: string | number, cancellable?: Cancellable): TypeInfo;
      setAutocommit(autocommit: boolean, cancellable?: Cancellable): boolean;
      setIsolationLevel(level: IsolationLevel | IsolationLevelName, cancellable?: Cancellable): boolean;
      setReadOnly(readOnly: boolean | Tristate | null, cancellable?: Cancellable): boolean;
      setDeferrable(deferrable: boolean | Tristate | null, cancellable?: Cancellable): boolean;
      commit(cancellable?: Cancellable): boolean;
      rollback(cancellable?: Cancellable): boolean;
      pipeline(): Pipeline;
      /** Calls the function in a pipeline, and ends it. It is not async. */
      pipelined<T>(body: (pipeline: Pipeline) => T): T;
      cancelSafe(timeout?: number, cancellable?: Cancellable): boolean;
      close(): void;
    }

    class AsyncConnection extends BaseConnection {
      constructor(properties?: { conninfo?: string; pipelining?: boolean } & Settings);
      static open(conninfo: string, options?: AsyncOpenOptions | Cancellable, cancellable?: Cancellable): Promise<AsyncConnection>;
      readonly autocommit: boolean;
      readonly isolationLevel: IsolationLevel;
      readonly readOnly: boolean | null;
      readonly deferrable: boolean | null;
      pipelining: boolean;
      cursorFactory: ClassOf<AsyncCursor>;
      serverCursorFactory: ClassOf<AsyncServerCursor>;
      execute(query: string | Statement, params?: Parameters, cancellable?: Cancellable): Promise<AsyncCursor>;
      sql(strings: TemplateStringsArray, ...values: unknown[]): Promise<AsyncCursor>;
      cursor(): AsyncCursor;
      serverCursor(name: string, options?: ServerCursorOptions | null): AsyncServerCursor;
      stream(query: string, params?: Parameters, options?: StreamOptions | Cancellable): AsyncIterableIterator<any> & { chunks(): AsyncIterableIterator<any[]> };
      prepare(query: string, types?: number[] | null, cancellable?: Cancellable): Promise<Statement>;
      copyIn(statement: string, params?: Parameters, cancellable?: Cancellable): Promise<CopyOutputStream<Promise<void>>>;
      copyOut(statement: string, params?: Parameters, cancellable?: Cancellable): Promise<CopyInputStream>;
      createLargeObject(oid?: number, cancellable?: Cancellable): Promise<LargeObject>;
      openLargeObject(oid: number, mode?: LargeObjectMode, cancellable?: Cancellable): Promise<LargeObject>;
      unlinkLargeObject(oid: number, cancellable?: Cancellable): Promise<boolean>;
      fetchType(kind: string | number, cancellable?: Cancellable): Promise<TypeInfo>;
      setAutocommit(autocommit: boolean, cancellable?: Cancellable): Promise<boolean>;
      setIsolationLevel(level: IsolationLevel | IsolationLevelName, cancellable?: Cancellable): Promise<boolean>;
      setReadOnly(readOnly: boolean | Tristate | null, cancellable?: Cancellable): Promise<boolean>;
      setDeferrable(deferrable: boolean | Tristate | null, cancellable?: Cancellable): Promise<boolean>;
      commit(cancellable?: Cancellable): Promise<boolean>;
      rollback(cancellable?: Cancellable): Promise<boolean>;
      pipeline(): AsyncPipeline;
      /** Calls the function in a pipeline, and ends it. An array of promises is awaited together with the end. */
      pipelined<T extends readonly unknown[]>(body: (pipeline: AsyncPipeline) => T): Promise<{ [K in keyof T]: Awaited<T[K]> }>;
      pipelined<T>(body: (pipeline: AsyncPipeline) => T): Promise<Awaited<T>>;
      cancelSafe(timeout?: number, cancellable?: Cancellable): Promise<boolean>;
      close(cancellable?: Cancellable): Promise<boolean>;
    }

    class Pipeline extends GObject.Object {
      readonly status: PipelineStatus;
      get_connection(): Connection | null;
      begin(cancellable?: Cancellable): boolean;
      sync(cancellable?: Cancellable): boolean;
      end(cancellable?: Cancellable): boolean;
    }
    class AsyncPipeline extends GObject.Object {
      readonly status: PipelineStatus;
      get_connection(): AsyncConnection | null;
      begin(cancellable?: Cancellable): Promise<boolean>;
      sync(cancellable?: Cancellable): Promise<boolean>;
      end(cancellable?: Cancellable): Promise<boolean>;
    }

    class Statement extends GObject.Object {
      readonly query: string;
      readonly closed: boolean;
      /** The OIDs of the parameters' types, and their names. */
      readonly parameters: number[];
      readonly parameterNames: string[];
      readonly description: Column[];
      get_connection(): Connection | AsyncConnection;
      /** A promise where the connection's calls are. */
      execute(params?: Parameters, cancellable?: Cancellable): any;
      close(cancellable?: Cancellable): any;
    }

    class AdaptersMap extends GObject.Object {
      registerLoader(kind: string | number, load: ((text: string) => unknown) | null, format?: Format.TEXT): void;
      registerLoader(kind: string | number, load: ((bytes: Uint8Array) => unknown) | null, format: Format.BINARY): void;
      registerComposite(info: TypeInfo, factory?: ((fields: any) => unknown) | (new (fields: any) => unknown) | null): void;
      add_type(info: TypeInfo): void;
    }
    interface TypeInfo {
      get_oid(): number;
      get_name(): string;
      get_kind(): TypeKind;
      get_array_oid(): number;
    }

    // --- cursors ---

    class BaseCursor extends GObject.Object implements Iterable<any> {
      readonly closed: boolean;
      readonly result: Result | null;
      readonly rowcount: number;
      readonly rownumber: number;
      readonly statusMessage: string | null;
      readonly query: string | null;
      arraysize: number;
      format: Format;
      prepare: Prepare;
      rowFactory: RowMaker | RowFactory | null;
      get_result(): Result | null;
      next_result(): boolean;
      dup_description(): Column[] | null;
      scroll(offset: number, mode?: ScrollMode, cancellable?: Cancellable): any;
      /** All rows of the result, as often as one likes. */
      [Symbol.iterator](): Iterator<any>;
    }

    class Cursor extends BaseCursor {
      constructor(properties?: { connection: Connection });
      execute(query: string | Statement, params?: Parameters, cancellable?: Cancellable): this;
      executeMany(query: string, sets: Iterable<unknown> | GLib.Variant, options?: ExecuteManyOptions | Cancellable, cancellable?: Cancellable): this;
      stream(query: string, params?: Parameters, options?: StreamOptions | Cancellable): IterableIterator<any> & { chunks(): IterableIterator<any[]> };
      fetchone(cancellable?: Cancellable): any;
      fetchmany(size?: number, cancellable?: Cancellable): any[];
      fetchall(cancellable?: Cancellable): any[];
      scroll(offset: number, mode?: ScrollMode): boolean;
      /** Waits for the result of a statement in a pipeline. */
      wait(cancellable?: Cancellable): boolean;
      close(): void;
    }
    class ClientCursor extends Cursor {
      mogrify(query: string, params?: Parameters): string;
    }

    class AsyncCursor extends BaseCursor implements AsyncIterable<any> {
      constructor(properties?: { connection: AsyncConnection });
      execute(query: string | Statement, params?: Parameters, cancellable?: Cancellable): Promise<this>;
      executeMany(query: string, sets: Iterable<unknown> | AsyncIterable<unknown> | GLib.Variant, options?: ExecuteManyOptions | Cancellable,
        cancellable?: Cancellable): Promise<this>;
      stream(query: string, params?: Parameters, options?: StreamOptions | Cancellable): AsyncIterableIterator<any> & { chunks(): AsyncIterableIterator<any[]> };
      fetchone(cancellable?: Cancellable): Promise<any>;
      fetchmany(size?: number, cancellable?: Cancellable): Promise<any[]>;
      fetchall(cancellable?: Cancellable): Promise<any[]>;
      scroll(offset: number, mode?: ScrollMode): boolean;
      close(): void;
      /** The rows that have not been fetched yet. */
      [Symbol.asyncIterator](): AsyncIterator<any>;
    }
    class AsyncClientCursor extends AsyncCursor {
      mogrify(query: string, params?: Parameters): string;
    }

    class BaseServerCursor extends BaseCursor {
      readonly name: string | null;
      scrollable: boolean | Tristate | null;
      hold: boolean;
      itersize: number;
      fetchAhead: boolean;
    }
    class ServerCursor extends BaseServerCursor {
      execute(query: string, params?: Parameters, cancellable?: Cancellable): this;
      fetchone(cancellable?: Cancellable): any;
      fetchmany(size?: number, cancellable?: Cancellable): any[];
      fetchall(cancellable?: Cancellable): any[];
      scroll(offset: number, mode?: ScrollMode, cancellable?: Cancellable): boolean;
      close(cancellable?: Cancellable): boolean;
      [Symbol.iterator](): Iterator<any>;
    }
    class AsyncServerCursor extends BaseServerCursor implements AsyncIterable<any> {
      execute(query: string, params?: Parameters, cancellable?: Cancellable): Promise<this>;
      fetchone(cancellable?: Cancellable): Promise<any>;
      fetchmany(size?: number, cancellable?: Cancellable): Promise<any[]>;
      fetchall(cancellable?: Cancellable): Promise<any[]>;
      scroll(offset: number, mode?: ScrollMode, cancellable?: Cancellable): Promise<boolean>;
      close(cancellable?: Cancellable): Promise<boolean>;
      [Symbol.asyncIterator](): AsyncIterator<any>;
    }

    // --- results ---

    interface Column {
      get_name(): string;
      get_type_oid(): number;
      get_format(): Format;
    }
    class Result extends GObject.Object implements Iterable<Row> {
      readonly n_rows: number;
      readonly n_columns: number;
      /** How many rows the statement has affected or given; −1 where it does neither. */
      readonly rowcount: number;
      readonly statusMessage: string | null;
      toArrays(): any[][];
      toObjects(): { [name: string]: any }[];
      toJSON(): { [name: string]: any }[];
      get_item(position: number): Row | null;
      to_list_store(type: GObject.GType | ClassOf<GObject.Object>): Gio.ListStore;
      dup_column_data(column: number, first_row: number, n_rows: number): [GLib.Bytes, GLib.Bytes | null];
      dup_column_numbers(column: number, first_row: number, n_rows: number): [number[], number[] | null];
      dup_column_texts(column: number, first_row: number, n_rows: number): (string | null)[];
      [Symbol.iterator](): Iterator<Row>;
    }
    class Row extends GObject.Object implements Iterable<any> {
      get(column: number | string): any;
      toArray(): any[];
      toObject(): { [name: string]: any };
      toJSON(): { [name: string]: any };
      get_result(): Result;
      is_null(column: number): boolean;
      dup_text(column: number): string | null;
      [Symbol.iterator](): Iterator<any>;
    }
    class RowFactory extends GObject.Object {
      static new_object(type: GObject.GType | ClassOf<GObject.Object>): RowFactory;
      static new_scalar(): RowFactory;
      static new_tuple(): RowFactory;
      static new_dict(): RowFactory;
    }

    // --- COPY and large objects ---

    /** Void: undefined, or a promise where the connection's calls are. */
    class CopyOutputStream<Void = any> extends Gio.OutputStream {
      write(data: string | Uint8Array, cancellable?: Cancellable): any;
      writeRow(row: readonly unknown[], cancellable?: Cancellable): Void;
      writeColumns(columns: readonly (readonly unknown[] | ArrayBufferView)[], cancellable?: Cancellable): Void;
      setTypes(types: readonly string[] | readonly number[]): void;
      abort(reason?: string | null): void;
      close(cancellable?: Cancellable): any;
      /** How many rows were copied, as the server says at the end; −1 before. */
      readonly rowcount: number;
      readonly statusMessage: string | null;
    }
    class CopyInputStream extends Gio.InputStream {
      readRows(maxRows?: number, cancellable?: Cancellable): any;
      rows(): any;
      setTypes(types: readonly string[] | readonly number[]): void;
      close(cancellable?: Cancellable): any;
      /** How many rows were copied, as the server says at the end; −1 before. */
      readonly rowcount: number;
      readonly statusMessage: string | null;
      [Symbol.iterator](): Iterator<Uint8Array>;
      [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
    }
    class LargeObject extends Gio.IOStream {
      readonly oid: number;
      read(size?: number, cancellable?: Cancellable): any;
      write(bytes: Uint8Array, cancellable?: Cancellable): any;
      size(cancellable?: Cancellable): any;
      resize(size: number, cancellable?: Cancellable): any;
      seek(offset: number, whence?: GLib.SeekType, cancellable?: Cancellable): any;
      tell(): number;
      close(cancellable?: Cancellable): any;
    }

    // --- values ---

    interface Common {
      toString(): string;
      toJSON(): any;
      /** Its text, and a TypeError for numbers: use compare() or equal(). */
      [Symbol.toPrimitive](hint: string): string;
    }
    class Params {
      static new(): Params;
    }
    class Numeric implements Common {
      static from(value: Numeric | number | bigint | string): Numeric;
      static parse(text: string): Numeric;
      toNumber(): number;
      toBigInt(): bigint;
      compare(other: Numeric): number;
      equal(other: Numeric): boolean;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class Date implements Common {
      static from(value: Date | string | { year: number; month: number; day: number }): Date;
      static parse(text: string): Date;
      readonly year: number | null;
      readonly month: number | null;
      readonly day: number | null;
      compare(other: Date): number;
      equal(other: Date): boolean;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class Time implements Common {
      static parse(text: string): Time;
      readonly hour: number;
      readonly minute: number;
      readonly second: number;
      readonly microsecond: number;
      /** In seconds, to the east of UTC. */
      readonly offset: number | null;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class Timestamp implements Common {
      static from(value: Timestamp | globalThis.Date | GLib.DateTime | string): Timestamp;
      static parse(text: string): Timestamp;
      toDate(): globalThis.Date;
      compare(other: Timestamp): number;
      equal(other: Timestamp): boolean;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class Interval implements Common {
      static from(value: Interval | string | { months?: number; days?: number; microseconds?: number | bigint }): Interval;
      static parse(text: string): Interval;
      readonly months: number;
      readonly days: number;
      readonly microseconds: number | bigint;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class Inet implements Common {
      static parse(text: string): Inet;
      readonly address: string;
      readonly prefixLength: number;
      readonly isCidr: boolean;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class BitString implements Common, Iterable<boolean> {
      static parse(text: string): BitString;
      readonly length: number;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
      [Symbol.iterator](): Iterator<boolean>;
    }
    class Point implements Common, Iterable<number> {
      static parse(text: string): Point;
      readonly x: number;
      readonly y: number;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
      [Symbol.iterator](): Iterator<number>;
    }
    class Range implements Common {
      static from(lower: unknown, upper: unknown, bounds?: '[)' | '[]' | '(]' | '()', oid?: number | null): Range;
      static parse(text: string, element_type: number): Range;
      readonly lower: any;
      readonly upper: any;
      readonly bounds: string;
      readonly isEmpty: boolean;
      contains(value: unknown): boolean;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
    }
    class Multirange implements Common, Iterable<Range> {
      static parse(text: string, element_type: number): Multirange;
      readonly length: number;
      at(index: number): Range | undefined;
      contains(value: unknown): boolean;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
      [Symbol.iterator](): Iterator<Range>;
    }
    class Record implements Common, Iterable<any> {
      static parse(text: string): Record;
      readonly length: number;
      toArray(): any[];
      toString(): string;
      toJSON(): any[];
      [Symbol.toPrimitive](hint: string): string;
      [Symbol.iterator](): Iterator<any>;
    }
    class Array implements Common, Iterable<any> {
      static parse(text: string, element_type: number): Array;
      readonly length: number;
      readonly lowerBounds: number[];
      toArray(): any[];
      at(index: number): any;
      toString(): string;
      toJSON(): string;
      [Symbol.toPrimitive](hint: string): string;
      [Symbol.iterator](): Iterator<any>;
    }

    // --- for tests ---

    enum TestServerFlags { NONE, TLS, SCRAM, TCP }
    class TestServer extends GObject.Object {
      static new(flags: TestServerFlags): TestServer;
      up(cancellable: Cancellable): boolean;
      down(): void;
      create_database(name: string | null): string;
    }
  }

  export default Pg;
}

declare module 'gi://Pg' {
  import Pg from 'gi://Pg?version=1.0';
  export default Pg;
}
