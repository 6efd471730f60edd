using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Pipeline.Formatting;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>What of a stage can be seen to be wrong before any line is read.</summary>
internal static class StageCheck
{
    /// <summary>In Loki's words, or null.</summary>
    public static string? Fault(LogStage stage)
    {
        try
        {
            return stage switch
            {
                LogStage.Json json => Fault(json),
                LogStage.Logfmt logfmt => Fault(logfmt),
                LogStage.Regexp regexp => Fault(GoRegex.Unanchored(regexp.Expression)),
                LogStage.Pattern pattern => LinePattern.ParseNamed(pattern.Text) is null ? "" : null,
                LogStage.LineFormat format => LogTemplate.Fault("line", format.Template) is { } problem ? $"invalid line template: {problem}" : null,
                LogStage.LabelFormat format => Fault(format),
                _ => null,
            };
        }
        catch (LogSyntaxFailure failure)
        {
            return failure.Message;
        }
        catch (GoRegexException problem)
        {
            return problem.Message;
        }
    }

    private static string? Fault(LogStage.Json json)
    {
        foreach (var expression in json.Expressions)
        {
            JsonPath.Parse(expression.Expression);
        }
        return null;
    }

    private static string? Fault(LogStage.Logfmt logfmt)
    {
        foreach (var expression in logfmt.Expressions)
        {
            if (expression.Expression.Length == 0 || expression.Expression.AsSpan().IndexOfAny(" =\"\t\n") >= 0)
            {
                return $"cannot parse expression [{expression.Expression}]: syntax error";
            }
        }
        return null;
    }

    private static string? Fault(GoRegex regex)
    {
        if (regex.GroupNames.Count == 0)
        {
            return "at least one named capture must be supplied";
        }
        var bad = regex.GroupNames.Keys.FirstOrDefault(static name => !Storage.Model.MetricNames.IsLegacyValidLabel(name));
        return bad is null ? null : $"invalid extracted label name '{bad}'";
    }

    private static string? Fault(LogStage.LabelFormat format)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var each in format.Formats)
        {
            if (each.Label == "__error__")
            {
                return "__error__ cannot be formatted";
            }
            if (!seen.Add(each.Label))
            {
                return $"multiple label name '{each.Label}' not allowed in a single format operation";
            }
            if (!each.IsRename && LogTemplate.Fault(each.Label, each.Source) is { } problem)
            {
                return $"invalid template for label '{each.Label}': {problem}";
            }
        }
        return null;
    }
}
