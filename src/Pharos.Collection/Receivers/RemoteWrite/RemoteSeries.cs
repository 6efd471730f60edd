using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>One series of a request with all it carries, in either version of the protocol. Reused.</summary>
internal sealed class RemoteSeries
{
    private readonly LabelSetBuilder _labels = new();

    /// <summary>A label name that came twice, or null.</summary>
    public string? Duplicate { get; private set; }

    /// <summary>A label has no name or is no UTF-8.</summary>
    public bool IsInvalid { get; private set; }

    /// <summary>What is wrong with the references to the table of symbols, or null.</summary>
    public string? SymbolFault { get; set; }

    public List<(long TimestampMs, double Value, long StartTimeMs)> Samples { get; } = [];

    /// <summary>Without a histogram where it contradicts itself; then the problem is there.</summary>
    public List<(long TimestampMs, NativeHistogram? Histogram, string? Problem, long StartTimeMs)> Histograms { get; } = [];

    public List<Exemplar> Exemplars { get; } = [];

    public MetricMetadata? Metadata { get; set; }

    /// <summary>Of the whole series, for samples that name none of their own; 0 for none.</summary>
    public long StartTimeMs { get; set; }

    public LabelSet Labels => _labels.Build();

    public void Clear()
    {
        _labels.Reset();
        Samples.Clear();
        Histograms.Clear();
        Exemplars.Clear();
        (Duplicate, IsInvalid, SymbolFault, Metadata, StartTimeMs) = (null, false, null, null, 0);
    }

    /// <summary>Adds what the metadata tells to the labels.</summary>
    public void Describe()
    {
        var described = Metadata?.Describe(LabelSet.Empty) ?? LabelSet.Empty;
        foreach (var label in described.Span)
        {
            _labels.Set(label.Name, label.Value);
        }
    }

    public void AddLabel(RemoteText name, RemoteText value)
    {
        IsInvalid |= !name.IsValid || !value.IsValid || name.Text.Length == 0;
        if (_labels[name.Text].Length > 0)
        {
            Duplicate ??= name.Text;
        }
        _labels.Set(name.Text, value.Text);
    }
}
