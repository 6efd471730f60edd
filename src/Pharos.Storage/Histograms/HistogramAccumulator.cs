using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>The sum of many histograms, each count with what rounding took from it.</summary>
/// <remarks>Schema, zero threshold and custom bounds become those that all can be brought to. Not thread-safe.
/// Prometheus: model/histogram/float_histogram.go, Add, Sub and KahanAdd.</remarks>
public sealed class HistogramAccumulator
{
    private readonly bool _compensated;
    private BucketRow _positive;
    private BucketRow _negative;
    private ImmutableArray<double> _bounds;
    private ZeroBucketWidening _zero;
    private int _schema;
    private double _count;
    private double _countCorrection;
    private double _sum;
    private double _sumCorrection;

    public HistogramAccumulator(NativeHistogram first)
        : this(first, compensated: true)
    {
    }

    internal HistogramAccumulator(NativeHistogram first, bool compensated)
    {
        _compensated = compensated;
        _schema = first.Schema;
        Hint = first.ResetHint;
        _bounds = first.CustomBounds;
        _zero = new ZeroBucketWidening { Threshold = first.ZeroThreshold, Count = first.ZeroCount };
        _count = first.Count;
        _sum = first.Sum;
        _positive = BucketRow.From(first.PositiveSpans, first.PositiveBuckets);
        _negative = BucketRow.From(first.NegativeSpans, first.NegativeBuckets);
    }

    private HistogramAccumulator(HistogramAccumulator other)
    {
        _compensated = other._compensated;
        _schema = other._schema;
        Hint = other.Hint;
        _bounds = other._bounds;
        _zero = other._zero;
        (_count, _countCorrection) = (other._count, other._countCorrection);
        (_sum, _sumCorrection) = (other._sum, other._sumCorrection);
        _positive = other._positive.Clone();
        _negative = other._negative.Clone();
    }

    public CounterResetHint Hint { get; private set; }

    /// <summary>Something grew beyond the finite numbers.</summary>
    public bool HasInfinity => double.IsInfinity(_zero.Count) || double.IsInfinity(_count) || double.IsInfinity(_sum)
        || _positive.HasInfinity() || _negative.HasInfinity();

    private bool HasCustomBuckets => _schema == NativeHistogram.CustomBucketsSchema;

    public HistogramAccumulator Clone() => new(this);

    /// <summary>Adds one. With <see cref="HistogramNotes.Incompatible"/> nothing has changed.</summary>
    public HistogramNotes Add(NativeHistogram other) => Add(other, 1);

    /// <summary>Takes one away. With <see cref="HistogramNotes.Incompatible"/> nothing has changed.</summary>
    public HistogramNotes Subtract(NativeHistogram other) => Add(other, -1);

    public void Multiply(double factor)
    {
        _zero.Count *= factor;
        _zero.Correction *= factor;
        _count *= factor;
        _countCorrection *= factor;
        _sum *= factor;
        _sumCorrection *= factor;
        _positive.Multiply(factor);
        _negative.Multiply(factor);
    }

    public void Divide(double divisor)
    {
        _zero.Count /= divisor;
        _zero.Correction /= divisor;
        _count /= divisor;
        _countCorrection /= divisor;
        _sum /= divisor;
        _sumCorrection /= divisor;
        _positive.Divide(divisor);
        _negative.Divide(divisor);
    }

    /// <summary>The sum so far, with the corrections put in; not compacted.</summary>
    public NativeHistogram ToHistogram()
    {
        var (positiveSpans, positiveBuckets) = _positive.Freeze();
        var (negativeSpans, negativeBuckets) = _negative.Freeze();
        return new NativeHistogram
        {
            Schema = _schema,
            ResetHint = Hint,
            ZeroThreshold = _zero.Threshold,
            ZeroCount = _zero.Count + _zero.Correction,
            Count = _count + _countCorrection,
            Sum = _sum + _sumCorrection,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positiveBuckets,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negativeBuckets,
            CustomBounds = _bounds,
        };
    }

    private HistogramNotes Add(NativeHistogram other, int sign)
    {
        if (HasCustomBuckets != other.HasCustomBuckets)
        {
            return HistogramNotes.Incompatible;
        }
        Hint = HistogramResets.Combine(Hint, other.ResetHint, out var conflict);
        var notes = conflict ? HistogramNotes.ResetConflict : HistogramNotes.None;
        if (HasCustomBuckets)
        {
            notes |= AddCustom(other, sign);
        }
        else
        {
            AddExponential(other, sign);
        }
        AddTo(ref _count, ref _countCorrection, sign * other.Count);
        AddTo(ref _sum, ref _sumCorrection, sign * other.Sum);
        return notes;
    }

    private HistogramNotes AddCustom(NativeHistogram other, int sign)
    {
        var row = BucketRow.From(other.PositiveSpans, other.PositiveBuckets);
        if (CustomBounds.Match(_bounds, other.CustomBounds))
        {
            _positive.Add(row, 0, sign, _compensated);
            return HistogramNotes.None;
        }
        var common = CustomBounds.Intersect(_bounds, other.CustomBounds);
        _positive = _positive.Mapped(CustomBounds.MapTo(common, _bounds), _compensated);
        _bounds = common;
        _positive.Add(row.Mapped(CustomBounds.MapTo(common, other.CustomBounds), _compensated), 0, sign, _compensated);
        return HistogramNotes.BoundsReconciled;
    }

    private void AddExponential(NativeHistogram other, int sign)
    {
        var positive = BucketRow.From(other.PositiveSpans, other.PositiveBuckets);
        var negative = BucketRow.From(other.NegativeSpans, other.NegativeBuckets);
        AddTo(ref _zero.Count, ref _zero.Correction, sign * ReconcileZeroBuckets(other, positive, negative));
        if (other.Schema < _schema)
        {
            var (schema, coarser) = (_schema, other.Schema);
            _positive = _positive.Mapped(index => ExponentialBounds.CoarserIndex(index, schema, coarser), _compensated);
            _negative = _negative.Mapped(index => ExponentialBounds.CoarserIndex(index, schema, coarser), _compensated);
            _schema = coarser;
        }
        else if (other.Schema > _schema)
        {
            var (schema, coarser) = (other.Schema, _schema);
            positive = positive.Mapped(index => ExponentialBounds.CoarserIndex(index, schema, coarser), _compensated);
            negative = negative.Mapped(index => ExponentialBounds.CoarserIndex(index, schema, coarser), _compensated);
        }
        _positive.Add(positive, positive.CountUpTo(_zero.Threshold, _schema), sign, _compensated);
        _negative.Add(negative, negative.CountUpTo(_zero.Threshold, _schema), sign, _compensated);
    }

    /// <summary>Widens the zero buckets of both until they are equally wide and cut no populated bucket of either.</summary>
    /// <returns>The zero count that the other would have.</returns>
    private double ReconcileZeroBuckets(NativeHistogram other, BucketRow positive, BucketRow negative)
    {
        var theirs = new ZeroBucketWidening { Threshold = other.ZeroThreshold, Count = other.ZeroCount };
        while (theirs.Threshold != _zero.Threshold)
        {
            if (_zero.Threshold > theirs.Threshold)
            {
                theirs = new ZeroBucketWidening { Count = other.ZeroCount };
                theirs.Widen(_zero.Threshold, other.Schema, positive, negative, compensated: false);
            }
            else if (theirs.Threshold > _zero.Threshold)
            {
                _zero.Widen(theirs.Threshold, _schema, _positive, _negative, _compensated);
                _positive = _positive.Skip(_zero.CountInside(_positive, _schema));
                _negative = _negative.Skip(_zero.CountInside(_negative, _schema));
            }
            else
            {
                // A threshold that is NaN came from outside: there is nothing to reconcile.
                break;
            }
        }
        return theirs.Count;
    }

    private void AddTo(ref double sum, ref double correction, double value)
    {
        if (_compensated)
        {
            Compensation.Add(ref sum, ref correction, value);
        }
        else
        {
            sum += value;
        }
    }
}
