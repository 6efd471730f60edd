using Pharos.Query.PromQL.Evaluation;
using Pharos.Query.PromQL.Functions.Histograms;
using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Operators;

/// <summary>One binary operator between two elements, and what it has to say.</summary>
internal sealed class ElementOperations(Annotations annotations, BinaryExpr expr)
{
    private readonly BinaryOperator _operator = expr.Operator;

    /// <summary>The value and whether a filter keeps it; a comparison yields the left value. False for operands that the
    /// operator makes nothing of.</summary>
    public bool TryApply(in Element left, in Element right, out Element value, out bool keep)
    {
        if (left.Histogram is null && right.Histogram is null)
        {
            var (number, kept) = BinaryOperations.Apply(_operator, left.Number, right.Number);
            (value, keep) = (number, kept);
            return _operator is not (BinaryOperator.TrimUpper or BinaryOperator.TrimLower) || Incompatible(left, right);
        }
        keep = true;
        var result = (left.Histogram, right.Histogram, _operator) switch
        {
            ({ } histogram, null, BinaryOperator.Multiply) => histogram.Multiply(right.Number).Compact(),
            (null, { } histogram, BinaryOperator.Multiply) => histogram.Multiply(left.Number).Compact(),
            ({ } histogram, null, BinaryOperator.Divide) => histogram.Divide(right.Number).Compact(),
            ({ } histogram, null, BinaryOperator.TrimUpper) => HistogramTrim.KeepBelow(histogram, right.Number),
            ({ } histogram, null, BinaryOperator.TrimLower) => HistogramTrim.KeepAbove(histogram, right.Number),
            ({ } l, { } r, BinaryOperator.Add) => Add(l, r),
            ({ } l, { } r, BinaryOperator.Subtract) => Subtract(l, r),
            ({ } l, { }, BinaryOperator.Equal or BinaryOperator.NotEqual) => l,
            _ => null,
        };
        value = new Element(0, result);
        if (result is null)
        {
            // Two histograms that do not add up have their own warning.
            var isNoted = left.Histogram is not null && right.Histogram is not null
                && _operator is (BinaryOperator.Add or BinaryOperator.Subtract);
            return !isNoted && Incompatible(left, right);
        }
        if (_operator is BinaryOperator.Equal or BinaryOperator.NotEqual)
        {
            keep = left.Histogram!.HasSameData(right.Histogram!) == (_operator == BinaryOperator.Equal);
        }
        return true;
    }

    private NativeHistogram? Add(NativeHistogram left, NativeHistogram right)
    {
        var sum = left.Add(right, out var notes);
        Note(notes, HistogramOperation.Addition);
        return sum?.Compact();
    }

    private NativeHistogram? Subtract(NativeHistogram left, NativeHistogram right)
    {
        var difference = left.Subtract(right, out var notes);
        Note(notes, HistogramOperation.Subtraction);
        return difference?.WithHint(CounterResetHint.Gauge).Compact();
    }

    private void Note(HistogramNotes notes, HistogramOperation operation)
    {
        if (notes.HasFlag(HistogramNotes.Incompatible))
        {
            annotations.Warn(
                $"incompatible bucket layout encountered for binary operator {_operator.Symbol()}", expr.Position);
            return;
        }
        if (notes.HasFlag(HistogramNotes.ResetConflict))
        {
            annotations.Warn(AnnotationText.ResetsCollide(operation), expr.Position);
        }
        if (notes.HasFlag(HistogramNotes.BoundsReconciled))
        {
            annotations.Inform(AnnotationText.BoundsReconciled(operation), expr.Position);
        }
    }

    private bool Incompatible(in Element left, in Element right)
    {
        var symbol = _operator.Symbol();
        annotations.Inform($"incompatible sample types encountered for binary operator \"{symbol}\": " +
            $"{Kind(left)} {symbol} {Kind(right)}", expr.Position);
        return false;
    }

    private static string Kind(in Element element) => element.Histogram is null ? "float" : "histogram";
}
