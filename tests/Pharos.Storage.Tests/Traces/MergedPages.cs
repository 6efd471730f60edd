using System.Diagnostics.Metrics;

namespace Pharos.Storage.Tests.Traces;

/// <summary>Counts what the merges of stores with its meter did with pages.</summary>
internal sealed class MergedPages : IDisposable
{
    private readonly MeterListener _listener = new();

    public MergedPages()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            Copied += instrument.Name == "pharos_trace_merged_pages_copied_total" ? value : 0;
            Built += instrument.Name == "pharos_trace_merged_pages_built_total" ? value : 0;
        });
        _listener.Start();
    }

    public Meter Meter { get; } = new("test");

    public long Copied { get; private set; }

    public long Built { get; private set; }

    public void Dispose()
    {
        _listener.Dispose();
        Meter.Dispose();
    }
}
