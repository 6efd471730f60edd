namespace Pharos.Storage.Model;

/// <summary>A value at a time: milliseconds since the Unix epoch.</summary>
public readonly record struct Sample(long TimestampMs, double Value);
