using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Traces.Metrics;

/// <summary>One counter on its way into the metric store.</summary>
internal sealed class SpanCounter(string name, LabelSet labels)
{
    private ulong _reference;

    public double Value { get; private set; }

    public void Add(double value) => Value += value;

    public void Write(SampleWriter writer) => writer.Counter(ref _reference, name, labels, "", Value);

    public void End(SampleWriter writer) => writer.End(ref _reference);
}
