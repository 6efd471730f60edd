namespace Pharos.Storage.Traces.Search;

/// <summary>What conditions on a span may ask of its whole trace.</summary>
public readonly record struct TraceFacts(long DurationNs, string RootService, string RootName)
{
    public static TraceFacts Of(TraceSummary summary) => new(summary.EndNs - summary.StartNs, summary.RootService, summary.RootName);
}
