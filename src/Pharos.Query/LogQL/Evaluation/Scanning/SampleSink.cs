using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Pipeline.Stages;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Collects the numbers of an unwrapped label, a list a series.</summary>
internal sealed class SampleSink : RowConsumer
{
    private readonly SeriesKeys _series;
    private readonly LogUnwrap _unwrap;
    private readonly LabelKey _key;
    private readonly LineStage[] _filters;

    public SampleSink(SeriesKeys series, LogUnwrap unwrap, LogPipeline pipeline)
    {
        _series = series;
        _unwrap = unwrap;
        _key = pipeline.Keys.Pin(unwrap.Label);
        _filters = [.. unwrap.Filters.Select(filter => new LabelFilterStage(filter.Condition, pipeline.Keys))];
    }

    public SeriesKeys Series => _series;

    /// <summary>One list a series, as they came.</summary>
    public List<List<LogSample>> Samples { get; } = [];

    public override LogColumns Columns => LogColumns.All;

    public override void Take(ref LogLine line)
    {
        var labels = line.Labels;
        if (!labels.TryGet(_key, out var text) || text.IsEmpty)
        {
            return;
        }
        if (!TryRead(text, out var value, out var fault))
        {
            labels.Fail(LineErrors.Extraction, fault);
        }
        foreach (var filter in _filters)
        {
            if (!filter.Apply(ref line))
            {
                return;
            }
        }
        PipelineFailure.ThrowIfFailed(labels);
        var number = _series.NumberOf(labels);
        while (Samples.Count <= number)
        {
            Samples.Add([]);
        }
        Samples[number].Add(new LogSample(line.TimeNs, value));
    }

    private bool TryRead(ReadOnlySpan<byte> text, out double value, out string? fault)
    {
        fault = null;
        switch (_unwrap.Conversion)
        {
            case LogConversion.Bytes:
                if (!UnitText.TryBytes(text, out var bytes))
                {
                    fault = UnitText.BytesFault(text);
                }
                value = bytes;
                break;
            case LogConversion.Duration:
                if (!UnitText.TryDuration(text, out var ns))
                {
                    fault = UnitText.DurationFault(text);
                }
                value = ns / 1e9;
                break;
            default:
                if (!UnitText.TryFloat(text, out value))
                {
                    fault = UnitText.FloatFault(text);
                }
                break;
        }
        return fault is null;
    }
}
