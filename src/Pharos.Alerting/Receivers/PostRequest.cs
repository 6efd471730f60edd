namespace Pharos.Alerting.Receivers;

internal sealed record PostRequest(string Url, string Json)
{
    public TimeSpan? Timeout { get; init; }

    public string? Bearer { get; init; }

    /// <summary>A status that this service wants repeated besides 429 and 5xx.</summary>
    public int AlsoRetried { get; init; }

    /// <summary>What must not come back in a reason, besides the address.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];
}
