using Pharos.Storage.Metrics;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>One series' samples, numbers and histograms apart, without staleness markers: ranges never see them.</summary>
internal sealed class WindowSamples
{
    private readonly SampleBuffer _raw = new();
    private readonly SampleBuffer _numbers = new();
    private readonly SampleBuffer _histograms = new();
    private bool _isSplit;

    public SampleBuffer Numbers => _isSplit ? _numbers : _raw;

    public SampleBuffer Histograms => _histograms;

    public int Count => Numbers.Count + _histograms.Count;

    public void Clear()
    {
        _raw.Clear();
        _numbers.Clear();
        _histograms.Clear();
        _isSplit = false;
    }

    public void Add(long timestampMs, in Evaluation.Element element)
    {
        if (element.Histogram is null)
        {
            Numbers.Add(timestampMs, element.Number);
        }
        else
        {
            _histograms.Add(timestampMs, 0, element.Histogram, 0);
        }
    }

    /// <summary>Replaces all by the samples in [<paramref name="minTimeMs"/>, <paramref name="maxTimeMs"/>].</summary>
    /// <param name="asksForPresence">As <see cref="SampleBuffer.AsksForPresence"/>.</param>
    public void Read(IStoredSeries series, long minTimeMs, long maxTimeMs, bool asksForPresence = false)
    {
        Clear();
        _raw.AsksForPresence = asksForPresence;
        series.Read(minTimeMs, maxTimeMs, _raw);
        var values = _raw.Values;
        if (!_raw.HasHistograms && !values.ContainsStaleMarker())
        {
            return;
        }
        _isSplit = true;
        var histograms = _raw.Histograms;
        var startTimes = _raw.StartTimes;
        for (var i = 0; i < values.Length; i++)
        {
            if (!StaleMarker.Is(values[i]))
            {
                var histogram = histograms.IsEmpty ? null : histograms[i];
                (histogram is null ? _numbers : _histograms).Add(
                    _raw.Timestamps[i], values[i], histogram, startTimes.IsEmpty ? 0 : startTimes[i]);
            }
        }
    }
}
