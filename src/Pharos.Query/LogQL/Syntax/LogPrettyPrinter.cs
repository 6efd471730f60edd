using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Syntax;

/// <summary>Lays an expression out over several lines where it is longer than one.</summary>
internal sealed class LogPrettyPrinter
{
    /// <summary>What an expression may take of a line before it is split, as at Loki.</summary>
    private const int MaxColumns = 100;

    private const int IndentationWidth = 2;

    private readonly StringBuilder _text = new();

    public string Print(LogExpr expr)
    {
        Print(expr, 0);
        return _text.ToString();
    }

    private void Print(LogExpr expr, int level)
    {
        if (FitsLine(expr, level))
        {
            Indent(level).Append(Short(expr));
            return;
        }
        switch (expr)
        {
            case LogQueryExpr query:
                Query(query, level);
                break;
            case MetricExpr.RangeAggregation range:
                Indent(level).Append(LogExprPrinter.Head(range)).Append('\n');
                Query(range.Range.Query, level + 1);
                if (range.Range.Unwrap is { } unwrap)
                {
                    Indent(level + 2, lineBefore: true).Append(LogExprPrinter.Unwrap(unwrap));
                }
                _text.Append(' ').Append(LogExprPrinter.Window(range.Range));
                Indent(level, lineBefore: true).Append(')').Append(LogExprPrinter.Tail(range));
                break;
            case MetricExpr.VectorAggregation vector:
                Indent(level).Append(LogExprPrinter.Head(vector)).Append('\n');
                if (vector.Parameter is { } count)
                {
                    Indent(level + 1).Append(count).Append(",\n");
                }
                Print(vector.Operand, level + 1);
                Indent(level, lineBefore: true).Append(')');
                break;
            case MetricExpr.Binary binary:
                Indent(level).Append("(\n");
                Print(binary.Left, level + 1);
                Indent(level, lineBefore: true).Append(LogExprPrinter.Operator(binary)).Append('\n');
                Print(binary.Right, level + 1);
                Indent(level, lineBefore: true).Append(')');
                break;
            case MetricExpr.LabelReplace replace:
                Indent(level).Append("label_replace(\n");
                Print(replace.Operand, level + 1);
                foreach (var text in (ReadOnlySpan<string>)[replace.Target, replace.Replacement, replace.Source, replace.Pattern])
                {
                    _text.Append(",\n");
                    Indent(level + 1).Append(GoQuote.Quote(text));
                }
                Indent(level, lineBefore: true).Append(')');
                break;
            default:
                Indent(level).Append(Short(expr));
                break;
        }
    }

    /// <summary>Only an operation at the top is printed without its parentheses.</summary>
    private static string Short(LogExpr expr) => expr.ToString();

    private static bool FitsLine(LogExpr expr, int level) => Short(expr).Length + (level * IndentationWidth) <= MaxColumns;

    private void Query(LogQueryExpr query, int level)
    {
        Indent(level).Append(LogExprPrinter.Selector(query));
        foreach (var stage in query.Stages)
        {
            Indent(level + 1, lineBefore: true).Append(stage);
        }
    }

    private StringBuilder Indent(int level, bool lineBefore = false) =>
        (lineBefore ? _text.Append('\n') : _text).Append(' ', level * IndentationWidth);
}
