namespace Pharos.Collection.Shipping.Stages.Flow;

/// <summary>So many tokens a second, and at most so many at once.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class TokenBucket
{
    private readonly Lock _gate = new();
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _time;
    private double _tokens;
    private long _at;

    public TokenBucket(double perSecond, double burst, TimeProvider time)
    {
        (_perSecond, _burst, _time) = (perSecond, burst, time);
        (_tokens, _at) = (burst, time.GetTimestamp());
    }

    public bool TryTake(double tokens = 1)
    {
        lock (_gate)
        {
            Refill();
            if (_tokens < tokens)
            {
                return false;
            }
            _tokens -= tokens;
            return true;
        }
    }

    /// <summary>Takes tokens that may not be there yet.</summary>
    /// <returns>How long to wait until they are.</returns>
    public TimeSpan Take(double tokens = 1)
    {
        lock (_gate)
        {
            Refill();
            _tokens -= tokens;
            return _tokens >= 0 || _perSecond <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(-_tokens / _perSecond, TimeSpan.FromDays(1).TotalSeconds));
        }
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (_time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
        _at = now;
    }
}
