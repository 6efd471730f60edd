using Pharos.Query.PromQL.Ranges;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>What one shard may write to without asking the others.</summary>
internal sealed class ShardState(Evaluator evaluator, Annotations annotations, SampleCounts samples)
{
    public Evaluator Evaluator => evaluator;

    public Annotations Annotations => annotations;

    public SampleCounts Samples => samples;

    /// <summary>Reused from series to series.</summary>
    public SampleBuffer Raw { get; } = new();

    /// <summary>Reused from series to series.</summary>
    public WindowSamples Buffer { get; } = new();
}
