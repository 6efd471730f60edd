using System.Text;
using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Text;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Keeps lines that have, or have not, one of some texts.</summary>
internal sealed class LineFilterStage : LineStage
{
    private readonly bool _negated;
    private readonly Search[] _searches;

    public LineFilterStage(LogStage.Line stage)
    {
        _negated = stage.Operator is LineFilterOperator.NotContains or LineFilterOperator.NotMatches or LineFilterOperator.HasNotPattern;
        _searches = [.. stage.Operands.Select(operand => Of(stage.Operator, operand))];
    }

    /// <summary>How one operand is looked for in a line.</summary>
    private delegate bool Search(ReadOnlySpan<byte> line);

    public override bool Apply(ref LogLine line)
    {
        foreach (var search in _searches)
        {
            if (search(line.Text))
            {
                return !_negated;
            }
        }
        return _negated;
    }

    private static Search Of(LineFilterOperator op, LogStage.LineOperand operand)
    {
        if (operand.IsIp)
        {
            return IpRange.Parse(operand.Text).IsIn;
        }
        switch (op)
        {
            case LineFilterOperator.HasPattern or LineFilterOperator.HasNotPattern:
                return LinePattern.Parse(operand.Text).IsMatch;
            case LineFilterOperator.Matches or LineFilterOperator.NotMatches:
                return GoRegexBytes.Unanchored(operand.Text).IsMatch;
            default:
                var text = Encoding.UTF8.GetBytes(operand.Text);
                return line => line.IndexOf(text) >= 0;
        }
    }
}
