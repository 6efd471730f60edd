using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation;

/// <summary>What a grouping leaves of a label set.</summary>
internal static class Grouping
{
    /// <param name="labels">The set.</param>
    /// <param name="grouping">Null leaves all.</param>
    public static LabelSet Of(LabelSet labels, LogGrouping? grouping) => grouping is null ? labels : Of(labels, grouping.Labels, !grouping.Without);

    /// <summary>Only the names, or all but them.</summary>
    public static LabelSet Of(LabelSet labels, IReadOnlyList<string> names, bool only)
    {
        var kept = new List<Label>(labels.Count);
        foreach (var label in labels.Span)
        {
            if (names.Contains(label.Name, StringComparer.Ordinal) == only)
            {
                kept.Add(label);
            }
        }
        return kept.Count == labels.Count ? labels : LabelSet.From(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
    }
}
