using Pharos.Storage.Model;

namespace Pharos.Alerting.Alerts;

/// <summary>Makes label sets share their texts: of twenty thousand alerts the names, and most values, are a few hundred.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class TextPool
{
    /// <summary>Begins anew when it is full, so that values that never come again do not stay.</summary>
    private const int MaxTexts = 4096;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    public LabelSet Pool(LabelSet labels) => labels.Count == 0 ? LabelSet.Empty
        : LabelSet.OfTexts(labels.Select(label => KeyValuePair.Create(Pool(label.Name), Pool(label.Value))));

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
