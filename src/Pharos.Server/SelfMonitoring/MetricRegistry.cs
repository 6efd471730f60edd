using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Pharos.Server.SelfMonitoring;

/// <summary>Gathers everything that is measured with one <see cref="Meter"/>, for <c>/metrics</c>.</summary>
/// <remarks>Thread-safe. A measurement costs one look-up by its tags; nothing is aggregated until it is asked for.</remarks>
internal sealed class MetricRegistry : IDisposable
{
    private readonly Meter _meter;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();

    // Observable instruments are asked under this lock, so that two scrapes at once do not count twice.
    private readonly Lock _collecting = new();

    public MetricRegistry(Meter meter)
    {
        _meter = meter;
        _listener.InstrumentPublished = OnPublished;
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.SetMeasurementEventCallback<float>((instrument, value, tags, _) => Record(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Every family as it stands now, sorted by name; instruments of the same name are one family.</summary>
    public IReadOnlyList<MetricFamilySnapshot> Collect()
    {
        lock (_collecting)
        {
            foreach (var family in _families.Values)
            {
                if (family.IsObservable)
                {
                    family.Clear();
                }
            }
            _listener.RecordObservableInstruments();
            return [.. _families.Values
                .Select(family => family.Snapshot())
                .Where(family => family.Points.Count > 0)
                .GroupBy(family => family.Name, StringComparer.Ordinal)
                .Select(Merge)
                .OrderBy(family => family.Name, StringComparer.Ordinal)];
        }
    }

    public void Dispose() => _listener.Dispose();

    private static MetricFamilySnapshot Merge(IGrouping<string, MetricFamilySnapshot> same)
    {
        var first = same.First();
        return same.Skip(1).Any() ? first with { Points = [.. same.SelectMany(family => family.Points)] } : first;
    }

    private void OnPublished(Instrument instrument, MeterListener listener)
    {
        // The listener hears every meter of the process; another server's is none of ours.
        if (ReferenceEquals(instrument.Meter, _meter))
        {
            _families.TryAdd(instrument, new MetricFamily(instrument));
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_families.TryGetValue(instrument, out var family))
        {
            family.Record(value, tags);
        }
    }
}
