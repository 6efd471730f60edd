namespace Pharos.Server.Traces.Maps;

/// <summary>Which map is asked for.</summary>
internal sealed record MapQuery
{
    public MapType Type { get; init; } = MapType.Workload;

    /// <summary>Milliseconds since 1970: the end of the time that rates are of.</summary>
    public long TimeMs { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>None for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public bool InjectsServices { get; init; }

    /// <summary><c>app</c>, <c>namespace</c>, <c>cluster</c>.</summary>
    public IReadOnlyList<string> Boxes { get; init; } = [];

    /// <summary><c>requests</c> or <c>none</c>.</summary>
    public string HttpRate { get; init; } = "requests";

    /// <summary><c>requests</c>, <c>received</c>, <c>sent</c>, <c>total</c> or <c>none</c>.</summary>
    public string GrpcRate { get; init; } = "requests";

    /// <summary><c>received</c>, <c>sent</c>, <c>total</c> or <c>none</c>.</summary>
    public string TcpRate { get; init; } = "sent";

    /// <summary>The one node whose neighbours alone are wanted; null for all.</summary>
    public MapFocus? Focus { get; init; }

    public long DurationSeconds => Math.Max(1, (long)Duration.TotalSeconds);

    public long StartMs => TimeMs - (long)Duration.TotalMilliseconds;
}
