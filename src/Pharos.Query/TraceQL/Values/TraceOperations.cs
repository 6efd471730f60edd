using Pharos.Query.TraceQL.Vocabulary;
using Pharos.Storage.Text;

namespace Pharos.Query.TraceQL.Values;

/// <summary>What operators make of values. What cannot be compared is neither equal nor unequal; what cannot be reckoned with is nothing.</summary>
public static class TraceOperations
{
    /// <summary>Whether a comparison that is no match holds. Of events and links one is enough. Of a list one is enough, but
    /// <c>!=</c> wants all of it.</summary>
    public static bool Compare(FieldOperator op, in TraceValue left, in TraceValue right)
    {
        if (left.Type is TraceValueKind.List or TraceValueKind.Several)
        {
            var all = op == FieldOperator.NotEqual && left.Type == TraceValueKind.List;
            foreach (var item in left.Items)
            {
                if (Compare(op, item, right) != all)
                {
                    return !all;
                }
            }
            return all;
        }
        if (right.Type is TraceValueKind.List or TraceValueKind.Several)
        {
            return Compare(op.Flip(), right, left);
        }
        if (left.IsNumber && right.IsNumber)
        {
            return left.Type != TraceValueKind.Float && right.Type != TraceValueKind.Float
                ? Holds(op, left.Int.CompareTo(right.Int)) : CompareNumbers(op, left.Number, right.Number);
        }
        if (left.Type != right.Type || left.IsNil)
        {
            return false;
        }
        if (left.Type is TraceValueKind.Text or TraceValueKind.Other)
        {
            return Holds(op, string.CompareOrdinal(left.Text, right.Text));
        }
        return op switch
        {
            FieldOperator.Equal => left.Int == right.Int,
            FieldOperator.NotEqual => left.Int != right.Int,
            _ => false,
        };
    }

    /// <summary><c>=~</c> and <c>!~</c>: texts only.</summary>
    public static bool Matches(bool negated, in TraceValue value, GoRegex pattern)
    {
        if (value.Type is TraceValueKind.List or TraceValueKind.Several)
        {
            var all = negated && value.Type == TraceValueKind.List;
            foreach (var item in value.Items)
            {
                if (Matches(negated, item, pattern) != all)
                {
                    return !all;
                }
            }
            return all;
        }
        return value.Type == TraceValueKind.Text && pattern.IsMatch(value.Text) != negated;
    }

    /// <summary>Integers stay such where they are added, subtracted, multiplied and divided with a rest; with a duration the result is one.</summary>
    public static TraceValue Reckon(FieldOperator op, in TraceValue left, in TraceValue right)
    {
        if (!left.IsNumber || !right.IsNumber)
        {
            return TraceValue.Nil;
        }
        var (a, b) = (left.Number, right.Number);
        var result = op switch
        {
            FieldOperator.Add => a + b,
            FieldOperator.Subtract => a - b,
            FieldOperator.Multiply => a * b,
            FieldOperator.Divide => a / b,
            FieldOperator.Modulo => a % b,
            _ => Math.Pow(a, b),
        };
        var isDuration = left.Type == TraceValueKind.Duration || right.Type == TraceValueKind.Duration;
        var isRatio = op == FieldOperator.Divide && left.Type == right.Type;
        if (isDuration ? isRatio : op is FieldOperator.Divide or FieldOperator.Power || left.Type == TraceValueKind.Float || right.Type == TraceValueKind.Float)
        {
            return TraceValue.OfFloat(result);
        }
        // Beyond 2^53 a double holds no single integers.
        if (double.IsNaN(result) || Math.Abs(result) >= 1L << 53)
        {
            return TraceValue.OfFloat(result);
        }
        return isDuration ? TraceValue.OfDuration((long)result) : TraceValue.OfInt((long)result);
    }

    public static TraceValue Negate(in TraceValue value) => value.Type switch
    {
        TraceValueKind.Int => TraceValue.OfInt(unchecked(-value.Int)),
        TraceValueKind.Duration => TraceValue.OfDuration(unchecked(-value.Int)),
        TraceValueKind.Float => TraceValue.OfFloat(-value.Number),
        _ => TraceValue.Nil,
    };

    /// <summary>Whether a comparison of doubles holds; of what is no number none does.</summary>
    public static bool CompareNumbers(FieldOperator op, double left, double right) => op switch
    {
        FieldOperator.Equal => left == right,
        FieldOperator.NotEqual => left < right || left > right,
        FieldOperator.Less => left < right,
        FieldOperator.LessOrEqual => left <= right,
        FieldOperator.Greater => left > right,
        FieldOperator.GreaterOrEqual => left >= right,
        _ => false,
    };

    private static bool Holds(FieldOperator op, int order) => op switch
    {
        FieldOperator.Equal => order == 0,
        FieldOperator.NotEqual => order != 0,
        FieldOperator.Less => order < 0,
        FieldOperator.LessOrEqual => order <= 0,
        FieldOperator.Greater => order > 0,
        FieldOperator.GreaterOrEqual => order >= 0,
        _ => false,
    };
}
