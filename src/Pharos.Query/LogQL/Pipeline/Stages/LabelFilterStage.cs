using Pharos.Query.LogQL.Forms;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Pipeline.Stages;

/// <summary>Keeps lines whose labels fulfil a condition.</summary>
/// <remarks>Once a line has an error, only filters on text decide about it: the others keep it.</remarks>
internal sealed class LabelFilterStage(LabelFilter condition, LabelKeys keys) : LineStage
{
    private readonly Condition _condition = Compile(condition, keys);

    private delegate bool Condition(LineLabels labels);

    public override bool Apply(ref LogLine line) => _condition(line.Labels);

    public static bool Holds<T>(Comparison comparison, T value, T wanted)
        where T : IComparable<T>
    {
        var order = value.CompareTo(wanted);
        // What is no number compares with nothing.
        var isNumber = value is not double number || !double.IsNaN(number);
        return comparison switch
        {
            Comparison.Equal => isNumber && order == 0,
            Comparison.NotEqual => !isNumber || order != 0,
            Comparison.Greater => isNumber && order > 0,
            Comparison.GreaterOrEqual => isNumber && order >= 0,
            Comparison.Less => isNumber && order < 0,
            _ => isNumber && order <= 0,
        };
    }

    private static Condition Compile(LabelFilter filter, LabelKeys keys)
    {
        switch (filter)
        {
            case LabelFilter.All all:
                var parts = all.Parts.Select(part => Compile(part, keys)).ToArray();
                return labels =>
                {
                    var holds = true;
                    // Each part may leave an error that the next ones see.
                    foreach (var part in parts)
                    {
                        holds &= part(labels);
                    }
                    return holds;
                };
            case LabelFilter.Any any:
                var branches = any.Parts.Select(part => Compile(part, keys)).ToArray();
                return labels => Array.Exists(branches, branch => branch(labels));
            case LabelFilter.Text text:
                return Text(text.Matcher, keys.Pin(text.Matcher.Name));
            case LabelFilter.Number number:
                return Compared(keys.Pin(number.Name), number.Comparison, number.Value, TryNumber);
            case LabelFilter.Duration duration:
                return Compared(keys.Pin(duration.Name), duration.Comparison, duration.ValueNs, TryDuration);
            case LabelFilter.Bytes bytes:
                return Compared(keys.Pin(bytes.Name), bytes.Comparison, bytes.Value, TryBytes);
            case LabelFilter.Ip ip:
                var addresses = IpRange.Parse(ip.Pattern);
                var key = keys.Pin(ip.Name);
                return labels => labels.HasError || (labels.TryGet(key, out var value) && addresses.IsIn(value) != ip.Negated);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Condition Text(LabelMatcher matcher, LabelKey key)
    {
        var test = new ValueTest(matcher);
        return labels =>
        {
            labels.TryGet(key, out var value);
            return test.Matches(value);
        };
    }

    private static Condition Compared<T>(LabelKey key, Comparison comparison, T wanted, Reader<T> read)
        where T : IComparable<T> => labels =>
    {
        if (labels.HasError)
        {
            return true;
        }
        if (!labels.TryGet(key, out var text))
        {
            return false;
        }
        if (!read(text, out var value, out var fault))
        {
            labels.Fail(LineErrors.Filter, fault);
            return true;
        }
        return Holds(comparison, value, wanted);
    };

    private delegate bool Reader<T>(ReadOnlySpan<byte> text, out T value, out string? fault);

    private static bool TryNumber(ReadOnlySpan<byte> text, out double value, out string? fault)
    {
        fault = UnitText.TryFloat(text, out value) ? null : UnitText.FloatFault(text);
        return fault is null;
    }

    private static bool TryDuration(ReadOnlySpan<byte> text, out long value, out string? fault)
    {
        fault = UnitText.TryDuration(text, out value) ? null : UnitText.DurationFault(text);
        return fault is null;
    }

    private static bool TryBytes(ReadOnlySpan<byte> text, out ulong value, out string? fault)
    {
        fault = UnitText.TryBytes(text, out value) ? null : UnitText.BytesFault(text);
        return fault is null;
    }
}
