using Pharos.Query.PromQL.Series;
using Pharos.Storage.Metrics;

namespace Pharos.Server.Checks.RuleTests;

/// <summary>The input series of a group of tests, stored as far as the simulated time has come.</summary>
internal sealed class RuleTestData
{
    private readonly List<(SeriesDescription Series, int Next)> _series = [];
    private readonly IMetricStore _store;
    private readonly long _startMs;
    private readonly long _intervalMs;

    /// <exception cref="FormatException">A series is not in the notation.</exception>
    public RuleTestData(RuleTestGroup group, IMetricStore store)
    {
        _store = store;
        _startMs = group.Start.ToUnixTimeMilliseconds();
        _intervalMs = (long)group.Interval.TotalMilliseconds;
        foreach (var (series, values) in group.InputSeries)
        {
            _series.Add((new SeriesDescription(SeriesDescription.ParseLabels(series), SeriesDescription.ParsePoints(values, series.Length + 1)), 0));
        }
    }

    public void LoadUntil(long timeMs)
    {
        using var appender = _store.Appender();
        for (var i = 0; i < _series.Count; i++)
        {
            var (series, next) = _series[i];
            ulong reference = 0;
            for (; next < series.Points.Count && _startMs + (next * _intervalMs) <= timeMs; next++)
            {
                var point = series.Points[next];
                var timestampMs = _startMs + (next * _intervalMs);
                if (point.Histogram is { } histogram)
                {
                    appender.Append(ref reference, series.Labels, timestampMs, histogram);
                }
                else if (!point.IsMissing)
                {
                    appender.Append(ref reference, series.Labels, timestampMs, point.Value);
                }
            }
            _series[i] = (series, next);
        }
        appender.Commit();
    }
}
