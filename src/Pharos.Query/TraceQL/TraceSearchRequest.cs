namespace Pharos.Query.TraceQL;

/// <summary>Whose traces are searched, and how many are wanted.</summary>
public sealed record TraceSearchRequest
{
    public string Tenant { get; init; } = "";

    /// <summary>Spans start in [<see cref="StartNs"/>, <see cref="EndNs"/>).</summary>
    public long StartNs { get; init; } = long.MinValue;

    public long EndNs { get; init; } = long.MaxValue;

    public int Limit { get; init; } = 20;

    /// <summary>Spans of one set that are given.</summary>
    public int SpansPerSet { get; init; } = 3;
}
