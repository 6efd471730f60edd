namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary>The buckets of one <c>limit</c> stage, shared by all sources of its job.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class RateLimits(LimitOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TokenBucket _all = new(options.Rate, options.Burst, time);
    private Dictionary<string, TokenBucket> _byLabel = new(StringComparer.Ordinal);

    internal TokenBucket All => _all;

    internal TokenBucket Of(string labelValue)
    {
        lock (_gate)
        {
            if (!_byLabel.TryGetValue(labelValue, out var bucket))
            {
                if (_byLabel.Count >= options.MaxDistinctLabels)
                {
                    // A new generation: those that still come get a bucket again.
                    _byLabel = new Dictionary<string, TokenBucket>(StringComparer.Ordinal);
                }
                bucket = new TokenBucket(options.Rate, options.Burst, time);
                _byLabel.Add(labelValue, bucket);
            }
            return bucket;
        }
    }
}
