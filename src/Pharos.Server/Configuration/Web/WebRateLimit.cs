namespace Pharos.Server.Configuration.Web;

/// <summary><c>rate_limit</c>: how often requests are answered, all clients together.</summary>
/// <param name="Interval">Between two requests in the long run; greater than zero.</param>
/// <param name="Burst">Requests that may come at once.</param>
internal sealed record WebRateLimit(TimeSpan Interval, int Burst)
{
    public const int DefaultBurst = 20;
}
