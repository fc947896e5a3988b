/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the GIR has no form for: properties of types that are no GObjects, for their getters; that a GLib.Value holds
   them as boxed types; and what "foreach" needs. */

namespace Pg {
	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Array {
		public uint element_type { get; }
		public uint n_dimensions { get; }
		public uint n_elements { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class BitString {
		public size_t length { get; }
		public GLib.Bytes bytes { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Date {
		public int32 days { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Inet {
		public GLib.SocketFamily family { get; }
		public uint prefix_length { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Interval {
		public int32 months { get; }
		public int32 days { get; }
		public int64 microseconds { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Multirange {
		public uint element_type { get; }
		public int size { [CCode (cname = "pg_multirange_get_n_ranges")] get; }
		[CCode (cname = "pg_multirange_get_range")]
		public unowned Pg.Range @get (uint position);
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Numeric {
		public uint scale { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Point {
		public double x { get; }
		public double y { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Range {
		public uint element_type { get; }
		public string? lower { get; }
		public string? upper { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Record {
		public uint n_fields { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Time {
		public int64 microseconds { get; }
		public int offset { get; }
	}

	[Compact]
	[CCode (get_value_function = "g_value_get_boxed", set_value_function = "g_value_set_boxed", take_value_function = "g_value_take_boxed")]
	public class Timestamp {
		public int64 microseconds { get; }
	}
}
