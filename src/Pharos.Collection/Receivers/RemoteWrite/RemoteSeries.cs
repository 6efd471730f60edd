using Pharos.Storage.Histograms;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>One series of a request with all it carries, in either version of the protocol. Reused.</summary>
internal sealed class RemoteSeries
{
    private readonly LabelSetBuilder _labels = new();

    /// <summary>The labels as they were sent: in any order, also empty ones and two of one name.</summary>
    private readonly List<Label> _sent = [];

    private bool _isInvalid;

    /// <summary>What is wrong with the references to the table of symbols, or null.</summary>
    public string? SymbolFault { get; set; }

    /// <summary>What is wrong with the metadata's references, or null.</summary>
    public string? MetadataFault { get; set; }

    public List<(long TimestampMs, double Value, long StartTimeMs)> Samples { get; } = [];

    /// <summary>Without a histogram where it contradicts itself; then the problem is there.</summary>
    public List<(long TimestampMs, NativeHistogram? Histogram, string? Problem, long StartTimeMs)> Histograms { get; } = [];

    public List<Exemplar> Exemplars { get; } = [];

    /// <summary>What is wrong with exemplars that are not among the others.</summary>
    public List<string> ExemplarFaults { get; } = [];

    public MetricMetadata? Metadata { get; set; }

    /// <summary>Of the whole series, for samples that name none of their own; 0 for none.</summary>
    public long StartTimeMs { get; set; }

    public LabelSet Labels => _labels.Build();

    /// <summary>The labels sorted and otherwise as they were sent, as Go prints them.</summary>
    public string Text => LabelSet.ToBracedText(_sent.OrderBy(static label => label.Name, StringComparer.Ordinal));

    public void Clear()
    {
        _labels.Reset();
        _sent.Clear();
        Samples.Clear();
        Histograms.Clear();
        Exemplars.Clear();
        ExemplarFaults.Clear();
        (_isInvalid, SymbolFault, MetadataFault, Metadata, StartTimeMs) = (false, null, null, null, 0);
    }

    /// <summary>Adds what the metadata tells to the labels.</summary>
    public void Describe()
    {
        var described = Metadata?.Describe(LabelSet.Empty) ?? LabelSet.Empty;
        foreach (var label in described.Span)
        {
            _labels.Set(label.Name, label.Value);
            _sent.RemoveAll(sent => sent.Name == label.Name);
            _sent.Add(label);
        }
    }

    public void AddLabel(RemoteText name, RemoteText value)
    {
        _isInvalid |= !name.IsValid || !value.IsValid || name.Text.Length == 0;
        _sent.Add(new Label(name.Text, value.Text));
        _labels.Set(name.Text, value.Text);
    }

    /// <summary>What is wrong with the labels, in Prometheus' words, or null.</summary>
    public string? LabelsFault()
    {
        if (SymbolFault is not null)
        {
            return SymbolFault;
        }
        if (_isInvalid || _labels[Label.MetricName].Length == 0)
        {
            return $"invalid metric name or labels, got {Text}";
        }
        return Duplicate() is { } duplicate ? $"invalid labels for series, labels {Text}, duplicated label {duplicate}" : null;
    }

    private string? Duplicate()
    {
        if (_labels.Labels.Count == _sent.Count)
        {
            return null;
        }
        // Labels without a value were sent, or two of one name.
        return _sent.GroupBy(static label => label.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1)
            .Select(static group => group.Key).Order(StringComparer.Ordinal).FirstOrDefault();
    }
}
