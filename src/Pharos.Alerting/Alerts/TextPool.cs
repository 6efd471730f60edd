using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>Makes label sets share their texts: of twenty thousand alerts the names, and most values, are a few hundred.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class TextPool
{
    /// <summary>Begins anew when it is full, so that values that never come again do not stay.</summary>
    private const int MaxTexts = 4096;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public LabelSet Pool(LabelSet labels)
    {
        Label[]? pooled = null;
        for (var i = 0; i < labels.Count; i++)
        {
            var label = labels[i];
            var (name, value) = (Pool(label.Name), Pool(label.Value));
            if (!ReferenceEquals(name, label.Name) || !ReferenceEquals(value, label.Value))
            {
                pooled ??= labels.Span.ToArray();
                pooled[i] = new Label(name, value);
            }
        }
        return pooled is null ? labels : LabelSet.OfTexts(pooled);
    }

    private string Pool(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }
        if (_texts.Count == MaxTexts)
        {
            _texts.Clear();
        }
        _texts.Add(text);
        return text;
    }
}
