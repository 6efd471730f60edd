using Pharos.Query.PromQL.Kernels;
using Pharos.Query.PromQL.Ranges;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Evaluation.Shards;

/// <summary>What one shard may write to without asking the others.</summary>
internal sealed class ShardState(Evaluator evaluator)
{
    private SeriesRun _run = new();
    private int _place;

    /// <summary>What the series at hand has to say.</summary>
    public Annotations Annotations => _run.Annotations ??= new Annotations(evaluator.Context.QueryText);

    public SampleCounts Samples { get; } = new(evaluator.Steps);

    /// <summary>Reused from series to series.</summary>
    public SampleBuffer Raw { get; } = new();

    /// <summary>Reused from series to series.</summary>
    public WindowSamples Buffer { get; } = new();

    /// <summary>Where the windows lie; set by who uses it, and counted into <see cref="Samples"/> at the end.</summary>
    public WindowBounds? Bounds { get; set; }

    /// <summary>Reused from series to series.</summary>
    public KernelScratch Scratch { get; } = new();

    /// <summary>Goes on to a series at a place of a run.</summary>
    public void MoveTo(SeriesRun run, int place)
    {
        _run = run;
        _place = place;
    }

    /// <summary>An empty column for the series at hand, to be asked for once.</summary>
    public SeriesColumn NewColumn(LabelSet labels, bool dropName)
    {
        var (values, present) = _run.Row(_place, evaluator.Steps);
        return new SeriesColumn(labels, 0) { Values = values, Present = present, DropName = dropName };
    }

    /// <summary>As with the labels of a stored series, which are made when they are asked for.</summary>
    public SeriesColumn NewColumn(IStoredSeries series)
    {
        var (values, present) = _run.Row(_place, evaluator.Steps);
        return new SeriesColumn(series) { Values = values, Present = present };
    }
}
