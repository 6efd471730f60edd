using System.Text;
using Pharos.Storage.Traces;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>The span metrics of all services.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SpanSeriesTable(SpanMetricsOptions options, ServiceNames names)
{
    private readonly Dictionary<int, OfService> _services = [];
    private readonly SpanNameComparer _comparer = new();
    private static readonly byte[] OverflowName = Encoding.UTF8.GetBytes(ServiceNames.OverflowName);

    /// <summary>Names, kinds and statuses of all services together.</summary>
    public int Count { get; private set; }

    /// <summary>Spans that were counted under <see cref="ServiceNames.OverflowName"/>.</summary>
    public long Overflowed { get; private set; }

    public SpanSeries Of(int service, ReadOnlySpan<byte> name, SpanKind kind, SpanStatus status)
    {
        if (!_services.TryGetValue(service, out var known))
        {
            _services[service] = known = new OfService(_comparer);
        }
        var sought = new SpanNameComparer.Sought(name, kind, status);
        var lookup = known.Lookup;
        if (lookup.TryGetValue(sought, out var series))
        {
            return series;
        }
        if (Count >= options.MaxNames && service != ServiceNames.Overflow)
        {
            Overflowed++;
            return Of(ServiceNames.Overflow, OverflowName, kind, status);
        }
        if (known.Series.Count >= options.MaxNamesPerService && !name.SequenceEqual(OverflowName))
        {
            Overflowed++;
            return Of(service, OverflowName, kind, status);
        }
        series = new SpanSeries(names[service], Encoding.UTF8.GetString(name), kind, status, options);
        lookup[sought] = series;
        Count++;
        return series;
    }

    /// <summary>Writes all that is in use, and ends the rest.</summary>
    public void Write(SampleWriter writer, long endsBeforeMs)
    {
        foreach (var (service, known) in _services)
        {
            foreach (var (name, series) in known.Series)
            {
                if (series.LastMs >= endsBeforeMs)
                {
                    series.Write(writer);
                    continue;
                }
                series.End(writer);
                known.Series.Remove(name);
                Count--;
            }
            if (known.Series.Count == 0)
            {
                _services.Remove(service);
            }
        }
    }

    private sealed class OfService
    {
        public OfService(SpanNameComparer comparer)
        {
            Series = new Dictionary<SpanName, SpanSeries>(comparer);
            Lookup = Series.GetAlternateLookup<SpanNameComparer.Sought>();
        }

        public Dictionary<SpanName, SpanSeries> Series { get; }

        public Dictionary<SpanName, SpanSeries>.AlternateLookup<SpanNameComparer.Sought> Lookup { get; }
    }
}
