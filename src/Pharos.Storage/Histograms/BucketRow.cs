using System.Collections.Immutable;

namespace Pharos.Storage.Histograms;

/// <summary>The buckets of one side by rising index, to be changed; each count with the correction of its rounding.</summary>
internal sealed class BucketRow
{
    private int[] _indexes;
    private double[] _counts;
    private double[] _corrections;

    private BucketRow(int capacity)
    {
        _indexes = new int[capacity];
        _counts = new double[capacity];
        _corrections = new double[capacity];
    }

    public int Length { get; private set; }

    public static BucketRow From(ImmutableArray<BucketSpan> spans, ImmutableArray<double> counts)
    {
        var row = new BucketRow(counts.Length);
        var cursor = new BucketCursor(spans, counts);
        while (cursor.MoveNext())
        {
            row.Append(cursor.Index, cursor.Count, 0);
        }
        return row;
    }

    public BucketRow Clone()
    {
        var copy = new BucketRow(Length) { Length = Length };
        Array.Copy(_indexes, copy._indexes, Length);
        Array.Copy(_counts, copy._counts, Length);
        Array.Copy(_corrections, copy._corrections, Length);
        return copy;
    }

    public int IndexAt(int position) => _indexes[position];

    public double CountAt(int position) => _counts[position];

    public double CorrectionAt(int position) => _corrections[position];

    /// <summary>Adds the buckets of another row, or takes them away; those that are missing here are made.</summary>
    /// <param name="from">The first position of the other row that counts.</param>
    public void Add(BucketRow other, int from, int sign, bool compensated)
    {
        var missing = 0;
        for (int mine = 0, theirs = from; theirs < other.Length; theirs++)
        {
            while (mine < Length && _indexes[mine] < other._indexes[theirs])
            {
                mine++;
            }
            missing += mine == Length || _indexes[mine] != other._indexes[theirs] ? 1 : 0;
        }
        if (missing > 0)
        {
            MakeRoom(other, from, missing);
        }
        for (int mine = 0, theirs = from; theirs < other.Length; theirs++)
        {
            while (_indexes[mine] != other._indexes[theirs])
            {
                mine++;
            }
            AddAt(mine, sign * other._counts[theirs], sign * other._corrections[theirs], compensated);
        }
    }

    public void Multiply(double factor)
    {
        for (var i = 0; i < Length; i++)
        {
            _counts[i] *= factor;
            _corrections[i] *= factor;
        }
    }

    public void Divide(double divisor)
    {
        for (var i = 0; i < Length; i++)
        {
            _counts[i] /= divisor;
            _corrections[i] /= divisor;
        }
    }

    /// <summary>Every bucket moves to the index that it is mapped to; the mapping must not fall.</summary>
    public BucketRow Mapped(Func<int, int> map, bool compensated)
    {
        var row = new BucketRow(Length);
        for (var i = 0; i < Length; i++)
        {
            var index = map(_indexes[i]);
            if (row.Length > 0 && row._indexes[row.Length - 1] == index)
            {
                row.AddAt(row.Length - 1, _counts[i], _corrections[i], compensated);
            }
            else
            {
                row.Append(index, _counts[i], _corrections[i]);
            }
        }
        return row;
    }

    public BucketRow Skip(int position)
    {
        var row = new BucketRow(Length - position);
        for (var i = position; i < Length; i++)
        {
            row.Append(_indexes[i], _counts[i], _corrections[i]);
        }
        return row;
    }

    /// <summary>How many buckets at the start end at or below a value, which is a zero threshold.</summary>
    public int CountUpTo(double threshold, int schema)
    {
        var count = 0;
        while (count < Length && ExponentialBounds.Upper(_indexes[count], schema) <= threshold)
        {
            count++;
        }
        return count;
    }

    public bool HasInfinity()
    {
        for (var i = 0; i < Length; i++)
        {
            if (double.IsInfinity(_counts[i]))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The form of a histogram, with the corrections put in.</summary>
    public (ImmutableArray<BucketSpan> Spans, ImmutableArray<double> Counts) Freeze()
    {
        var spans = ImmutableArray.CreateBuilder<BucketSpan>();
        var counts = ImmutableArray.CreateBuilder<double>(Length);
        for (var i = 0; i < Length; i++)
        {
            counts.Add(_counts[i] + _corrections[i]);
            var gap = i == 0 ? _indexes[0] : unchecked(_indexes[i] - _indexes[i - 1] - 1);
            if (i > 0 && gap == 0)
            {
                spans[^1] = spans[^1] with { Length = spans[^1].Length + 1 };
            }
            else
            {
                spans.Add(new BucketSpan(gap, 1));
            }
        }
        return (spans.DrainToImmutable(), counts.MoveToImmutable());
    }

    private void MakeRoom(BucketRow other, int from, int missing)
    {
        var merged = new BucketRow(Length + missing);
        for (int mine = 0, theirs = from; mine < Length || theirs < other.Length;)
        {
            if (theirs == other.Length || (mine < Length && _indexes[mine] <= other._indexes[theirs]))
            {
                theirs += theirs < other.Length && _indexes[mine] == other._indexes[theirs] ? 1 : 0;
                merged.Append(_indexes[mine], _counts[mine], _corrections[mine]);
                mine++;
            }
            else
            {
                merged.Append(other._indexes[theirs++], 0, 0);
            }
        }
        (_indexes, _counts, _corrections, Length) = (merged._indexes, merged._counts, merged._corrections, merged.Length);
    }

    private void Append(int index, double count, double correction)
    {
        _indexes[Length] = index;
        _counts[Length] = count;
        _corrections[Length] = correction;
        Length++;
    }

    private void AddAt(int position, double count, double correction, bool compensated)
    {
        if (!compensated)
        {
            _counts[position] += count;
            return;
        }
        Compensation.Add(ref _counts[position], ref _corrections[position], count);
        Compensation.Add(ref _counts[position], ref _corrections[position], correction);
    }
}
