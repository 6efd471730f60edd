using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>One classic histogram on its way into the metric store, with the last span of each bucket.</summary>
internal sealed class SpanHistogram
{
    private readonly HistogramForm _form;
    private readonly LabelSet _labels;
    private readonly long[] _counts;
    private readonly ExemplarPoint[] _exemplars;

    /// <summary>Of the buckets, then of sum and count.</summary>
    private readonly ulong[] _references;
    private double _sum;
    private long _count;

    public SpanHistogram(HistogramForm form, LabelSet labels, bool hasExemplars)
    {
        (_form, _labels) = (form, labels);
        _counts = new long[form.BoundTexts.Length];
        _references = new ulong[form.BoundTexts.Length + 2];
        _exemplars = hasExemplars ? new ExemplarPoint[form.BoundTexts.Length] : [];
    }

    public void Add(double value, in ExemplarPoint exemplar)
    {
        var bounds = _form.Bounds;
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }
        _counts[bucket]++;
        _sum += value;
        _count++;
        if (_exemplars.Length > 0)
        {
            _exemplars[bucket] = exemplar with { Value = value };
        }
    }

    public void Write(SampleWriter writer)
    {
        var count = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            count += _counts[i];
            writer.Counter(ref _references[i], _form.BucketName, _labels, _form.BoundTexts[i], count);
        }
        writer.Counter(ref _references[^2], _form.SumName, _labels, "", _sum);
        writer.Counter(ref _references[^1], _form.CountName, _labels, "", _count);
        for (var i = 0; i < _exemplars.Length; i++)
        {
            if (_exemplars[i].TimeMs != 0)
            {
                writer.Exemplar(_references[i], _form.Exemplars(_exemplars[i]), _exemplars[i]);
                _exemplars[i] = default;
            }
        }
    }

    public void End(SampleWriter writer)
    {
        for (var i = 0; i < _references.Length; i++)
        {
            writer.End(ref _references[i]);
        }
    }
}
