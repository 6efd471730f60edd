using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Logs;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Which labels tell the lines of a block apart where only its streams and the level are known of them.</summary>
internal static class CountedLabels
{
    public const string Level = "detected_level";

    /// <summary>Whether a grouping keeps no label of lines but the level, and that under its name.</summary>
    /// <param name="block">Whose lines are counted.</param>
    /// <param name="names">Of the metadata that they have.</param>
    /// <param name="grouping">Null keeps all.</param>
    public static bool Suffice(ILogBlock block, IReadOnlyCollection<string> names, LogGrouping? grouping)
    {
        foreach (var name in names)
        {
            var isKept = Keeps(grouping, name);
            if ((name != Level && isKept)
                || ((isKept || Keeps(grouping, LabelKey.ExtractedNameOf(name))) && block.Runs.Any(run => run.Stream.Labels.Has(name))))
            {
                return false;
            }
        }
        return true;
    }

    public static bool Keeps(LogGrouping? grouping, string name) =>
        grouping is null || grouping.Labels.Contains(name, StringComparer.Ordinal) != grouping.Without;
}
