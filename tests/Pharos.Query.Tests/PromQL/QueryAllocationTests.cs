using Pharos.Query.PromQL;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.PromQL;

/// <summary>What a query allocates depends on series and answers, hardly on samples.</summary>
public sealed class QueryAllocationTests : IAsyncLifetime
{
    private const int Series = 400;
    private const int Samples = 1_000;
    private const long StepMs = 15_000;

    /// <summary>A column would take nine.</summary>
    private const double MaxBytesPerSample = 3;

    private readonly MetricStore _store = MetricStore.OpenInMemory();

    public ValueTask InitializeAsync()
    {
        using var appender = _store.Appender();
        for (var i = 0; i < Series; i++)
        {
            var labels = LabelSet.From(("__name__", "m_total"), ("i", $"{i}"), ("job", $"j{i % 3}"));
            var reference = 0UL;
            for (var t = 0; t < Samples; t++)
            {
                appender.Append(ref reference, labels, t * StepMs, i * t);
            }
        }
        appender.Commit();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [InlineData("sum by (job) (rate(m_total[5m]))")]
    [InlineData("avg(m_total)")]
    [InlineData("topk(3, max_over_time(m_total[5m]))")]
    public void An_aggregation_keeps_no_columns(string query)
    {
        var engine = new PromEngine(new PromEngineOptions { MaxParallelism = 1 }, TimeProvider.System);
        void Ask() => engine.Range(_store, query, 0, (Samples - 1) * StepMs, StepMs, null, default);
        Ask();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask();
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(bytes / (double)(Series * Samples), 0, MaxBytesPerSample);
    }
}
