namespace Pharos.Collection.Receivers.Otlp.Model;

/// <summary>Consecutive buckets of an exponential histogram.</summary>
/// <param name="Offset">The index of the first: with index i a bucket is (base^i, base^(i+1)].</param>
internal sealed record OtlpBuckets(int Offset, List<ulong> Counts)
{
    public static readonly OtlpBuckets None = new(0, []);
}
