using Pharos.Query.Results;

namespace Pharos.Server.Api.Prometheus.Queries;

/// <summary>One evaluated query, and who asked it: a client or a rule.</summary>
internal sealed record QueryLogEntry(string Query, long StartMs, long EndMs)
{
    /// <summary>0 for an instant query.</summary>
    public long StepMs { get; init; }

    /// <summary>Null where the query failed.</summary>
    public QueryStatistics? Statistics { get; init; }

    /// <summary>For a turn, before the query began.</summary>
    public TimeSpan Waited { get; init; }

    public string? Error { get; init; }

    public (string Client, string Method, string Path)? Request { get; init; }

    public (string File, string Name)? RuleGroup { get; init; }
}
