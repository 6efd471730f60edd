using System.Globalization;
using System.Text;
using Pharos.Storage.Model;
using Pharos.Storage.Text;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Writes a tree as one line of PromQL, in Prometheus' spelling.</summary>
internal static class ExprPrinter
{
    public static string Print(Expr expr)
    {
        var text = new StringBuilder();
        Write(text, expr);
        return text.ToString();
    }

    /// <summary>The matching part of a binary operator, with its leading blank.</summary>
    public static string Matching(VectorMatching? matching)
    {
        var text = new StringBuilder();
        if (matching is null)
        {
            return "";
        }
        var grouped = matching.Cardinality is MatchCardinality.ManyToOne or MatchCardinality.OneToMany;
        if (matching.Labels.Count > 0 || matching.On || grouped)
        {
            WriteLabels(text.Append(matching.On ? " on (" : " ignoring ("), matching.Labels).Append(')');
        }
        if (grouped)
        {
            var side = matching.Cardinality == MatchCardinality.ManyToOne ? "left" : "right";
            WriteLabels(text.Append(" group_").Append(side).Append(" ("), matching.Include).Append(')');
        }
        WriteFills(text, matching);
        return text.ToString();
    }

    /// <summary>The operator of an aggregation with its grouping, up to the parenthesis.</summary>
    public static string Head(AggregateExpr aggregate)
    {
        var text = new StringBuilder();
        WriteHead(text, aggregate);
        return text.ToString();
    }

    /// <summary>What makes an expression a subquery, behind it.</summary>
    public static string Suffix(SubqueryExpr subquery)
    {
        var text = new StringBuilder();
        WriteSuffix(text, subquery);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Expr expr)
    {
        switch (expr)
        {
            case NumberLiteral number: text.Append(Number(number)); break;
            case StringLiteral literal: text.Append(GoQuote.Quote(literal.Value)); break;
            case ParenExpr paren:
                text.Append('(');
                Write(text, paren.Inner);
                text.Append(')');
                break;
            case UnaryExpr unary:
                text.Append(unary.Negative ? '-' : '+');
                Write(text, unary.Operand);
                break;
            case BinaryExpr binary:
                Write(text, binary.Left);
                text.Append(' ').Append(binary.Operator.Symbol()).Append(binary.ReturnBool ? " bool" : "")
                    .Append(Matching(binary.Matching)).Append(' ');
                Write(text, binary.Right);
                break;
            case AggregateExpr aggregate: WriteAggregate(text, aggregate); break;
            case CallExpr call:
                text.Append(call.Function.Name).Append('(');
                WriteList(text, call.Arguments);
                text.Append(')');
                break;
            case VectorSelector vector: WriteVector(text, vector); break;
            case MatrixSelector matrix: WriteMatrix(text, matrix); break;
            case SubqueryExpr subquery: WriteSubquery(text, subquery); break;
            case DurationExpr duration: WriteDuration(text, duration); break;
            default: throw new System.Diagnostics.UnreachableException(expr.GetType().Name);
        }
    }

    private static string Number(NumberLiteral number)
    {
        if (!number.IsDuration)
        {
            return GoFloat.FormatF(number.Value);
        }
        var text = PrometheusDuration.Format(TimeSpan.FromMilliseconds(Math.Round(Math.Abs(number.Value) * 1000)));
        return number.Value < 0 ? "-" + text : text;
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<Expr> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ");
            Write(text, items[i]);
        }
    }

    private static void WriteHead(StringBuilder text, AggregateExpr aggregate)
    {
        text.Append(aggregate.Operator.Symbol());
        if (aggregate.Without || aggregate.Grouping.Count > 0)
        {
            WriteLabels(text.Append(aggregate.Without ? " without (" : " by ("), aggregate.Grouping).Append(") ");
        }
    }

    private static void WriteAggregate(StringBuilder text, AggregateExpr aggregate)
    {
        WriteHead(text, aggregate);
        text.Append('(');
        WriteList(text, aggregate.Parameter is null ? [aggregate.Operand] : [aggregate.Parameter, aggregate.Operand]);
        text.Append(')');
    }

    private static void WriteVector(StringBuilder text, VectorSelector vector)
    {
        WriteBareVector(text, vector);
        WriteAt(text, vector.At);
        WriteExtension(text, vector.Extension);
        WriteOffset(text, vector.OffsetMs, vector.OffsetExpr);
    }

    private static void WriteBareVector(StringBuilder text, VectorSelector vector)
    {
        var matchers = vector.Matchers
            .Where(matcher => !(matcher.Name == Label.MetricName && matcher.Type == MatchType.Equal
                && matcher.Value == vector.Name && matcher.Value.Length > 0))
            .Select(matcher => matcher.ToString()).Order(StringComparer.Ordinal).ToList();
        text.Append(vector.Name);
        if (matchers.Count > 0)
        {
            text.Append('{').AppendJoin(',', matchers).Append('}');
        }
        else if (vector.Name.Length == 0)
        {
            text.Append("{}");
        }
    }

    private static void WriteMatrix(StringBuilder text, MatrixSelector matrix)
    {
        WriteBareVector(text, matrix.Vector);
        text.Append('[').Append(Duration(matrix.RangeMs, matrix.RangeExpr)).Append(']');
        WriteExtension(text, matrix.Vector.Extension);
        WriteAt(text, matrix.Vector.At);
        WriteOffset(text, matrix.Vector.OffsetMs, matrix.Vector.OffsetExpr);
    }

    private static void WriteSubquery(StringBuilder text, SubqueryExpr subquery)
    {
        Write(text, subquery.Inner);
        WriteSuffix(text, subquery);
    }

    private static void WriteSuffix(StringBuilder text, SubqueryExpr subquery)
    {
        text.Append('[').Append(Duration(subquery.RangeMs, subquery.RangeExpr)).Append(':');
        if (subquery.StepMs != 0 || subquery.StepExpr is not null)
        {
            text.Append(Duration(subquery.StepMs, subquery.StepExpr));
        }
        text.Append(']');
        WriteAt(text, subquery.At);
        WriteOffset(text, subquery.OffsetMs, subquery.OffsetExpr);
    }

    private static string Duration(long ms, Expr? computed) =>
        computed is not null ? Print(computed) : PrometheusDuration.Format(TimeSpan.FromMilliseconds(ms));

    private static void WriteOffset(StringBuilder text, long ms, Expr? computed)
    {
        if (ms != 0 || computed is not null)
        {
            text.Append(" offset ").Append(Duration(ms, computed));
        }
    }

    private static void WriteAt(StringBuilder text, AtModifier? at)
    {
        if (at is not null)
        {
            text.Append(at.Anchor switch
            {
                AtAnchor.Start => " @ start()",
                AtAnchor.End => " @ end()",
                _ => " @ " + (at.TimestampMs!.Value / 1000m).ToString("F3", CultureInfo.InvariantCulture),
            });
        }
    }

    private static void WriteExtension(StringBuilder text, RangeExtension extension) => text.Append(extension switch
    {
        RangeExtension.Anchored => " anchored",
        RangeExtension.Smoothed => " smoothed",
        _ => "",
    });

    private static void WriteDuration(StringBuilder text, DurationExpr expr)
    {
        text.Append(expr.Wrapped ? "(" : "");
        switch (expr)
        {
            case { Operator: DurationOperator.Step }: text.Append("step()"); break;
            case { Operator: DurationOperator.Range }: text.Append("range()"); break;
            case { Operator: DurationOperator.MinOf or DurationOperator.MaxOf }:
                text.Append(expr.Operator == DurationOperator.MinOf ? "min_of(" : "max_of(");
                WriteList(text, [expr.Left!, expr.Right!]);
                text.Append(')');
                break;
            case { Left: null }:
                text.Append(expr.Operator == DurationOperator.Subtract ? "-" : "");
                Write(text, expr.Right!);
                break;
            default:
                Write(text, expr.Left);
                text.Append(expr.Operator switch
                {
                    DurationOperator.Add => " + ",
                    DurationOperator.Subtract => " - ",
                    DurationOperator.Multiply => " * ",
                    DurationOperator.Divide => " / ",
                    DurationOperator.Modulo => " % ",
                    _ => " ^ ",
                });
                Write(text, expr.Right!);
                break;
        }
        text.Append(expr.Wrapped ? ")" : "");
    }

    private static void WriteFills(StringBuilder text, VectorMatching matching)
    {
        if (matching is { FillLeft: { } left, FillRight: { } right } && left.Equals(right))
        {
            text.Append($" fill ({GoFloat.FormatG(left)})");
            return;
        }
        if (matching.FillLeft is { } onlyLeft)
        {
            text.Append($" fill_left ({GoFloat.FormatG(onlyLeft)})");
        }
        if (matching.FillRight is { } onlyRight)
        {
            text.Append($" fill_right ({GoFloat.FormatG(onlyRight)})");
        }
    }

    private static StringBuilder WriteLabels(StringBuilder text, IReadOnlyList<string> labels) => text.AppendJoin(", ",
        labels.Select(static label => IsPlainLabel(label) ? label : GoQuote.Quote(label)));

    /// <summary>A label named like one of the two words that are numbers is read as that number; Prometheus prints it plain.</summary>
    private static bool IsPlainLabel(string label) => MetricNames.IsLegacyValid(label)
        && !label.Equals("nan", StringComparison.OrdinalIgnoreCase) && !label.Equals("inf", StringComparison.OrdinalIgnoreCase);
}
