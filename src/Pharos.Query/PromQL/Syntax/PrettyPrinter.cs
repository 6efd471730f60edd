using System.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Lays an expression out over several lines, as <c>promtool promql format</c> does (promql/parser/prettier.go).</summary>
/// <param name="maxBytes">What an expression may take of a line before it is split.</param>
internal sealed class PrettyPrinter(int maxBytes = 100)
{
    private const int IndentationWidth = 2;

    public string Print(Expr expr)
    {
        var text = new StringBuilder();
        Print(text, expr, 0);
        return text.ToString();
    }

    private void Print(StringBuilder text, Expr expr, int level)
    {
        if (expr is UnaryExpr unary)
        {
            PrintUnary(text, unary, level);
            return;
        }
        var line = expr.ToString();
        if (Encoding.UTF8.GetByteCount(line) <= maxBytes)
        {
            // Prometheus, too, leaves a short subquery where it stands.
            Indent(text, expr is SubqueryExpr ? 0 : level).Append(line);
            return;
        }
        switch (expr)
        {
            case AggregateExpr aggregate:
                Indent(text, level).Append(ExprPrinter.Head(aggregate)).Append("(\n");
                if (aggregate.Parameter is not null)
                {
                    Print(text, aggregate.Parameter, level + 1);
                    text.Append(",\n");
                }
                Print(text, aggregate.Operand, level + 1);
                Indent(text.Append('\n'), level).Append(')');
                break;
            case BinaryExpr binary:
                Print(text, binary.Left, level + 1);
                Indent(text.Append('\n'), level).Append(binary.Operator.Symbol()).Append(binary.ReturnBool ? " bool" : "")
                    .Append(ExprPrinter.Matching(binary.Matching)).Append('\n');
                Print(text, binary.Right, level + 1);
                break;
            case CallExpr call when call.Arguments.Count > 0:
                Indent(text, level).Append(call.Function.Name).Append("(\n");
                for (var i = 0; i < call.Arguments.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",\n");
                    Print(text, call.Arguments[i], level + 1);
                }
                Indent(text.Append('\n'), level).Append(')');
                break;
            case ParenExpr paren:
                Indent(text, level).Append("(\n");
                Print(text, paren.Inner, level + 1);
                Indent(text.Append('\n'), level).Append(')');
                break;
            case SubqueryExpr subquery:
                Print(text, subquery.Inner, level);
                text.Append(ExprPrinter.Suffix(subquery));
                break;
            default:
                Indent(text, level).Append(line);
                break;
        }
    }

    /// <summary>The sign stands where the operand would begin, and the operand behind it.</summary>
    private void PrintUnary(StringBuilder text, UnaryExpr unary, int level)
    {
        var start = Indent(text, level).Append(unary.Negative ? '-' : '+').Length;
        Print(text, unary.Operand, level);
        var blanks = 0;
        while (start + blanks < text.Length && text[start + blanks] == ' ')
        {
            blanks++;
        }
        text.Remove(start, blanks);
    }

    private static StringBuilder Indent(StringBuilder text, int level) => text.Append(' ', IndentationWidth * level);
}
