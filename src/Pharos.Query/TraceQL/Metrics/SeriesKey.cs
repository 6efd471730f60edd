using Pharos.Query.TraceQL.Values;

namespace Pharos.Query.TraceQL.Metrics;

/// <summary>The values by which spans are grouped.</summary>
internal readonly struct SeriesKey(TraceValue[] values) : IEquatable<SeriesKey>
{
    public TraceValue[] Values => values;

    public bool Equals(SeriesKey other) => values.AsSpan().SequenceEqual(other.Values);

    public override bool Equals(object? obj) => obj is SeriesKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values)
        {
            hash.Add(value);
        }
        return hash.ToHashCode();
    }
}
