using Pharos.Server.Configuration.Web;

namespace Pharos.Server.Security;

/// <summary>A bucket of requests that fills by one each interval.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RequestRate(WebRateLimit limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _left = limit.Burst;
    private long _at = time.GetTimestamp();

    public WebRateLimit Limit { get; } = limit;

    /// <summary>Takes a request out of the bucket; false where it is empty.</summary>
    public bool Allows()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(Limit.Burst, _left + (time.GetElapsedTime(_at, now) / Limit.Interval));
            _at = now;
            if (_left < 1)
            {
                return false;
            }
            _left--;
            return true;
        }
    }
}
