using Pharos.Query.LogQL.Pipeline.Formatting;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>Which labels a query for numbers looks at: parsers may leave the others where they are.</summary>
internal static class LabelNeeds
{
    /// <summary>The names, or null where all labels matter.</summary>
    public static IReadOnlyCollection<string>? Of(LogRange range, LogGrouping? grouping)
    {
        if (grouping is null or { Without: true })
        {
            return null;
        }
        var names = new HashSet<string>(grouping.Labels, StringComparer.Ordinal);
        foreach (var stage in range.Query.Stages)
        {
            if (!Add(stage, names))
            {
                return null;
            }
        }
        if (range.Unwrap is { } unwrap)
        {
            names.Add(unwrap.Label);
            foreach (var filter in unwrap.Filters)
            {
                Add(filter.Condition, names);
            }
        }
        return names;
    }

    private static bool Add(LogStage stage, HashSet<string> names)
    {
        switch (stage)
        {
            case LogStage.Filter filter:
                Add(filter.Condition, names);
                return true;
            case LogStage.LineFormat format:
                return Add(format.Template, names);
            case LogStage.LabelFormat format:
                foreach (var each in format.Formats)
                {
                    // A renamed label hides the one that had the name before.
                    names.Add(each.Label);
                    if (each.IsRename)
                    {
                        names.Add(each.Source);
                    }
                    else if (!Add(each.Source, names))
                    {
                        return false;
                    }
                }
                return true;
            case LogStage.Json json:
                names.UnionWith(json.Expressions.Select(static each => each.Label));
                return true;
            case LogStage.Logfmt logfmt:
                names.UnionWith(logfmt.Expressions.Select(static each => each.Label));
                return true;
            case LogStage.Drop drop:
                names.UnionWith(drop.Labels.Select(static each => each.Label));
                return true;
            case LogStage.Keep keep:
                names.UnionWith(keep.Labels.Select(static each => each.Label));
                return true;
            default:
                return true;
        }
    }

    private static bool Add(string template, HashSet<string> names)
    {
        if (LogTemplate.Needs(template) is not { } needed)
        {
            return false;
        }
        names.UnionWith(needed);
        return true;
    }

    private static void Add(LabelFilter filter, HashSet<string> names)
    {
        switch (filter)
        {
            case LabelFilter.All all:
                foreach (var part in all.Parts)
                {
                    Add(part, names);
                }
                break;
            case LabelFilter.Any any:
                foreach (var part in any.Parts)
                {
                    Add(part, names);
                }
                break;
            case LabelFilter.Text text:
                names.Add(text.Matcher.Name);
                break;
            case LabelFilter.Number number:
                names.Add(number.Name);
                break;
            case LabelFilter.Duration duration:
                names.Add(duration.Name);
                break;
            case LabelFilter.Bytes bytes:
                names.Add(bytes.Name);
                break;
            case LabelFilter.Ip ip:
                names.Add(ip.Name);
                break;
        }
    }
}
