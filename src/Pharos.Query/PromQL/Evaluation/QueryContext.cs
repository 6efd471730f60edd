using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What all parts of one running query share. Owned by the thread that runs the query; its shards only read it.</summary>
internal sealed class QueryContext : IDisposable
{
    private IMetricQuerier? _querier;

    public required IMetricStore Store { get; init; }

    public required PromEngineOptions Options { get; init; }

    /// <summary>The query's own times; subqueries run on others.</summary>
    public required StepGrid Grid { get; init; }

    public required string QueryText { get; init; }

    public required long LookbackMs { get; init; }

    public required SampleBudget Budget { get; init; }

    public required CancellationToken Cancellation { get; init; }

    public long DefaultSubqueryStepMs => (long)(Options.CurrentSubqueryStep?.Invoke() ?? Options.DefaultSubqueryStep).TotalMilliseconds;

    public int MaxParallelism => Math.Max(1, Options.MaxParallelism);

    /// <summary>The query's own, and those of stores that did not answer.</summary>
    public IReadOnlyList<string> Warnings => [.. Annotations.Warnings, .. _querier?.Warnings ?? []];

    public Annotations Annotations => field ??= new Annotations(QueryText);

    /// <summary>One view for the whole query, so that all its selectors see the same commits.</summary>
    public IMetricQuerier Querier => _querier
        ?? throw new InvalidOperationException("The querier is opened once the query's time range is known.");

    public void Open(long minTimeMs, long maxTimeMs) => _querier = Store.Querier(minTimeMs, maxTimeMs);

    public void Dispose() => _querier?.Dispose();
}
