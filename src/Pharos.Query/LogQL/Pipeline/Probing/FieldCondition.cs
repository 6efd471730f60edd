using System.Text;
using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Pipeline.Stages;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline.Probing;

/// <summary>A condition on one field that all lines of a query must fulfil right behind its <c>json</c> stage.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class FieldCondition
{
    private readonly Test _test;

    private FieldCondition(string name, bool missingHolds, bool errorsHold, Test test)
    {
        (Name, Utf8, MissingHolds, ErrorsHold, _test) = (name, Encoding.UTF8.GetBytes(name), missingHolds, errorsHold, test);
    }

    private delegate bool Test(ReadOnlySpan<byte> value);

    public string Name { get; }

    public byte[] Utf8 { get; }

    /// <summary>Whether a line without the field stays.</summary>
    public bool MissingHolds { get; }

    /// <summary>Whether a line that is no sound JSON stays, whatever the field's value.</summary>
    public bool ErrorsHold { get; }

    /// <summary>Null where the stages have no condition that the line's bytes can decide.</summary>
    public static FieldCondition? Of(IReadOnlyList<LogStage> stages)
    {
        var at = 0;
        while (at < stages.Count && (stages[at] is LogStage.Line || (stages[at] is LogStage.Filter first && Parts(first.Condition).All(IsText))))
        {
            at++;
        }
        if (at == stages.Count || stages[at] is not LogStage.Json { Expressions.Count: 0 })
        {
            return null;
        }

        // An error that an earlier condition sets makes those on numbers hold.
        var mayHaveError = false;
        for (at++; at < stages.Count && stages[at] is LogStage.Filter or LogStage.Line; at++)
        {
            foreach (var part in stages[at] is LogStage.Filter filter ? Parts(filter.Condition) : [])
            {
                if (Of(part) is { } condition && !(condition.ErrorsHold && mayHaveError))
                {
                    return condition;
                }
                mayHaveError |= !IsText(part);
            }
        }
        return null;
    }

    /// <summary>Whether a line whose field has this value stays, as far as the condition goes.</summary>
    public bool Holds(ReadOnlySpan<byte> value) => _test(value);

    private static IEnumerable<LabelFilter> Parts(LabelFilter filter) => filter is LabelFilter.All all ? all.Parts.SelectMany(Parts) : [filter];

    private static bool IsText(LabelFilter filter) => filter is LabelFilter.Text;

    private static FieldCondition? Of(LabelFilter filter)
    {
        switch (filter)
        {
            case LabelFilter.Text { Matcher: var matcher } when IsField(matcher.Name):
                var test = new ValueTest(matcher);
                return new FieldCondition(matcher.Name, test.Matches([]), errorsHold: false, test.Matches);
            case LabelFilter.Number number when IsField(number.Name):
                return OfNumber(number.Name, value => !UnitText.TryFloat(value, out var read)
                    || LabelFilterStage.Holds(number.Comparison, read, number.Value));
            case LabelFilter.Duration duration when IsField(duration.Name):
                return OfNumber(duration.Name, value => !UnitText.TryDuration(value, out var read)
                    || LabelFilterStage.Holds(duration.Comparison, read, duration.ValueNs));
            case LabelFilter.Bytes bytes when IsField(bytes.Name):
                return OfNumber(bytes.Name, value => !UnitText.TryBytes(value, out var read)
                    || LabelFilterStage.Holds(bytes.Comparison, read, bytes.Value));
            default:
                return null;
        }
    }

    /// <summary>What cannot be read is an error, with which the line stays.</summary>
    private static FieldCondition OfNumber(string name, Test test) => new(name, missingHolds: false, errorsHold: true, test);

    /// <summary>Whether a label can only be a field of the line: not an error, and not a field that gave way to another label.</summary>
    private static bool IsField(string name) => !name.StartsWith("__error", StringComparison.Ordinal)
        && !name.EndsWith("_extracted", StringComparison.Ordinal) && name.Length > 0 && !char.IsAsciiDigit(name[0])
        && LabelNames.AreAllowed(Encoding.UTF8.GetBytes(name));
}
