namespace Pharos.Collection.Shipping.Stages.Times;

/// <summary>A time that a layout was read from.</summary>
/// <param name="UnixNs">Nanoseconds since 1970.</param>
/// <param name="HasYear">Whether the layout names a year; without one it is year 0.</param>
internal readonly record struct ParsedTime(long UnixNs, bool HasYear, DateTime Local, int Nanoseconds, TimeSpan? Offset);
