using System.Text;

namespace Pharos.Query.PromQL.Syntax;

/// <summary>Lays an expression out over several lines, as <c>promtool promql format</c> does (promql/parser/prettier.go).</summary>
/// <param name="maxBytes">What an expression may take of a line before it is split.</param>
internal sealed class PrettyPrinter(int maxBytes = 100)
{
    private const string Indentation = "  ";

    public string Print(Expr expr) => Print(expr, 0);

    private string Print(Expr expr, int level)
    {
        var indent = string.Concat(Enumerable.Repeat(Indentation, level));
        if (expr is UnaryExpr unary)
        {
            return indent + (unary.Negative ? "-" : "+") + Print(unary.Operand, level).Trim();
        }
        var line = expr.ToString();
        if (Encoding.UTF8.GetByteCount(line) <= maxBytes)
        {
            // Prometheus, too, leaves a short subquery where it stands.
            return expr is SubqueryExpr ? line : indent + line;
        }
        return expr switch
        {
            AggregateExpr aggregate => $"{indent}{ExprPrinter.Head(aggregate)}(\n" +
                (aggregate.Parameter is null ? "" : Print(aggregate.Parameter, level + 1) + ",\n") +
                $"{Print(aggregate.Operand, level + 1)}\n{indent})",
            BinaryExpr binary => $"{Print(binary.Left, level + 1)}\n{indent}{binary.Operator.Symbol()}" +
                $"{(binary.ReturnBool ? " bool" : "")}{ExprPrinter.Matching(binary.Matching)}\n{Print(binary.Right, level + 1)}",
            CallExpr call when call.Arguments.Count > 0 => $"{indent}{call.Function.Name}(\n" +
                string.Join(",\n", call.Arguments.Select(argument => Print(argument, level + 1))) + $"\n{indent})",
            ParenExpr paren => $"{indent}(\n{Print(paren.Inner, level + 1)}\n{indent})",
            SubqueryExpr subquery => Print(subquery.Inner, level) + ExprPrinter.Suffix(subquery),
            _ => indent + line,
        };
    }
}
