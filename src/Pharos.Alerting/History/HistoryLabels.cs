using Pharos.Storage.Model;

namespace Pharos.Alerting.History;

/// <summary>Labels as the history shows them.</summary>
internal static class HistoryLabels
{
    public static Dictionary<string, string> Of(LabelSet labels)
    {
        var texts = new Dictionary<string, string>(labels.Count, StringComparer.Ordinal);
        foreach (var label in labels.Span)
        {
            texts.Add(label.Name, label.Value);
        }
        return texts;
    }
}
