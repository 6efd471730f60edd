using System.Text;
using Pharos.Query.LogQL.Forms;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>Expressions as canonical text.</summary>
internal static class LogExprPrinter
{
    public static string Print(LogExpr expr) => expr switch
    {
        LogQueryExpr query => Query(query),
        MetricExpr.RangeAggregation range => $"{Head(range)}{Range(range.Range)}){Tail(range)}",
        MetricExpr.VectorAggregation vector => $"{Head(vector)}{Parameter(vector)}{Print(vector.Operand)})",
        MetricExpr.Binary binary => $"({Print(binary.Left)} {Operator(binary)} {Print(binary.Right)})",
        MetricExpr.Number number => LogLiteral.Format(number.Value),
        MetricExpr.Vector vector => $"vector({LogLiteral.Format(vector.Value)})",
        MetricExpr.LabelReplace replace => $"label_replace({Print(replace.Operand)}, {GoQuote.Quote(replace.Target)}, {GoQuote.Quote(replace.Replacement)}, "
            + $"{GoQuote.Quote(replace.Source)}, {GoQuote.Quote(replace.Pattern)})",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Print(LogStage stage) => stage switch
    {
        LogStage.Line line => $"{Symbol(line.Operator)} {string.Join(" or ", line.Operands.Select(static operand =>
            operand.IsIp ? $"ip({GoQuote.Quote(operand.Text)})" : GoQuote.Quote(operand.Text)))}",
        LogStage.Json json => Parser("json", json.Expressions),
        LogStage.Logfmt logfmt => Parser($"logfmt{(logfmt.Strict ? " --strict" : "")}{(logfmt.KeepEmpty ? " --keep-empty" : "")}", logfmt.Expressions),
        LogStage.Regexp regexp => $"| regexp {GoQuote.Quote(regexp.Expression)}",
        LogStage.Pattern pattern => $"| pattern {GoQuote.Quote(pattern.Text)}",
        LogStage.Unpack => "| unpack",
        LogStage.Decolorize => "| decolorize",
        LogStage.Filter filter => $"| {Print(filter.Condition)}",
        LogStage.LineFormat format => $"| line_format {GoQuote.Quote(format.Template)}",
        LogStage.LabelFormat format => $"| label_format {string.Join(", ", format.Formats.Select(static each =>
            $"{each.Label}={(each.IsRename ? each.Source : GoQuote.Quote(each.Source))}"))}",
        LogStage.Drop drop => $"| drop {Selections(drop.Labels)}",
        LogStage.Keep keep => $"| keep {Selections(keep.Labels)}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Print(LabelFilter filter) => filter switch
    {
        LabelFilter.Text text => Matcher(text.Matcher),
        LabelFilter.Number number => $"{number.Name}{Symbol(number.Comparison)}{LogLiteral.Format(number.Value)}",
        LabelFilter.Duration duration => $"{duration.Name}{Symbol(duration.Comparison)}{LogLiteral.FormatDuration(duration.ValueNs)}",
        LabelFilter.Bytes bytes => $"{bytes.Name}{Symbol(bytes.Comparison)}{LogLiteral.FormatBytes(bytes.Value)}",
        LabelFilter.Ip ip => $"{ip.Name}{(ip.Negated ? "!=" : "=")}ip({GoQuote.Quote(ip.Pattern)})",
        LabelFilter.All all => $"({string.Join(", ", all.Parts.Select(Print))})",
        LabelFilter.Any any => $"({string.Join(" or ", any.Parts.Select(Print))})",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string Selector(LogQueryExpr query) => $"{{{string.Join(", ", query.Matchers.Select(Matcher))}}}";

    /// <summary>Everything up to where the inner expression begins.</summary>
    public static string Head(MetricExpr.RangeAggregation range) =>
        $"{range.Operation.Name()}({(range.Parameter is { } parameter ? LogLiteral.Format(parameter) + "," : "")}";

    /// <summary>What stands behind the closing parenthesis: only aggregations of vectors may have their grouping in front.</summary>
    public static string Tail(MetricExpr.RangeAggregation range) => Grouping(range.Grouping).TrimEnd();

    /// <summary>The same; the parameter is apart.</summary>
    public static string Head(MetricExpr.VectorAggregation vector) => $"{vector.Operation.Name()}{Grouping(vector.Grouping)}(";

    public static string Operator(MetricExpr.Binary binary)
    {
        var text = new StringBuilder(binary.Operator.Symbol());
        if (binary.ReturnBool)
        {
            text.Append(" bool");
        }
        if (binary.Matching is { } matching)
        {
            text.Append(matching.On ? " on (" : " ignoring (").AppendJoin(", ", matching.Labels).Append(')');
            if (matching.Cardinality != MatchCardinality.OneToOne)
            {
                text.Append(matching.Cardinality == MatchCardinality.ManyToOne ? " group_left (" : " group_right (")
                    .AppendJoin(", ", matching.Include).Append(')');
            }
        }
        return text.ToString();
    }

    public static string Unwrap(LogUnwrap unwrap)
    {
        var label = unwrap.Conversion switch
        {
            LogConversion.Bytes => $"bytes({unwrap.Label})",
            LogConversion.Duration => $"duration({unwrap.Label})",
            _ => unwrap.Label,
        };
        return $"| unwrap {label}{string.Concat(unwrap.Filters.Select(static filter => " " + Print(filter)))}";
    }

    public static string Window(LogRange range)
    {
        var text = $"[{Duration(range.RangeNs)}]";
        return range.OffsetNs == 0 ? text : $"{text} offset {Duration(range.OffsetNs)}";
    }

    private static string Range(LogRange range) =>
        $"{Query(range.Query)}{(range.Unwrap is { } unwrap ? " " + Unwrap(unwrap) : "")} {Window(range)}";

    private static string Query(LogQueryExpr query) => Selector(query) + string.Concat(query.Stages.Select(static stage => " " + Print(stage)));

    private static string Parameter(MetricExpr.VectorAggregation vector) =>
        vector.Parameter is { } count ? LogLiteral.Format(count) + ", " : "";

    /// <summary>In front of the parenthesis.</summary>
    private static string Grouping(LogGrouping? grouping) => grouping is null ? ""
        : $" {(grouping.Without ? "without" : "by")} ({string.Join(", ", grouping.Labels)}) ";

    private static string Duration(long ns) => ns % 1_000_000 == 0
        ? PrometheusDuration.Format(TimeSpan.FromTicks(ns / TimeSpan.NanosecondsPerTick)) : LogLiteral.FormatDuration(ns);

    private static string Parser(string name, IReadOnlyList<LogStage.Extraction> expressions) => expressions.Count == 0 ? $"| {name}"
        : $"| {name} {string.Join(", ", expressions.Select(static each =>
            each.Label == each.Expression ? each.Label : $"{each.Label}={GoQuote.Quote(each.Expression)}"))}";

    private static string Selections(IReadOnlyList<LogStage.Selection> labels) =>
        string.Join(", ", labels.Select(static label => label.Matcher is null ? label.Label : Matcher(label.Matcher)));

    private static string Matcher(LabelMatcher matcher) => $"{matcher.Name}{LabelMatcher.Symbol(matcher.Type)}{GoQuote.Quote(matcher.Value)}";

    private static string Symbol(LineFilterOperator op) => op switch
    {
        LineFilterOperator.Contains => "|=",
        LineFilterOperator.NotContains => "!=",
        LineFilterOperator.Matches => "|~",
        LineFilterOperator.NotMatches => "!~",
        LineFilterOperator.HasPattern => "|>",
        _ => "!>",
    };

    private static string Symbol(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "==",
        Comparison.NotEqual => "!=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Less => "<",
        _ => "<=",
    };
}
