using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Writing;

/// <summary>What a series is called at the other end: external labels added, then relabeled; remembered per series.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class SeriesLabels(RemoteWriteOptions options)
{
    /// <summary>Bounds what is remembered; beyond it all is forgotten and worked out again.</summary>
    private const int MaxSeries = 1_000_000;

    private readonly Dictionary<ulong, LabelSet?> _known = [];
    private readonly LabelSetBuilder _builder = new();

    /// <summary>Null where the series is not sent.</summary>
    public LabelSet? Of(ulong reference, LabelSet labels)
    {
        if (_known.TryGetValue(reference, out var known))
        {
            return known;
        }
        if (_known.Count >= MaxSeries)
        {
            _known.Clear();
        }
        var complete = Of(labels);
        _known[reference] = complete;
        return complete;
    }

    public LabelSet? Of(LabelSet labels)
    {
        if (options.ExternalLabels.Count == 0 && options.WriteRelabelRules.Count == 0)
        {
            return labels;
        }
        _builder.Reset(labels);
        foreach (var label in options.ExternalLabels.Span)
        {
            if (!labels.Has(label.Name))
            {
                _builder.Set(label.Name, label.Value);
            }
        }
        return Relabeler.Apply(options.WriteRelabelRules, _builder) && _builder.Build() is { Count: > 0 } complete ? complete : null;
    }
}
