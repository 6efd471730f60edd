using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Pages;

/// <summary>The values of one key and kind in a page, in the order of rows.</summary>
/// <remarks>Not thread-safe. Texts are made when they are asked for.</remarks>
internal sealed class AttributeColumn
{
    private readonly byte[] _bytes;
    private readonly AttributeKind _kind;
    private readonly long[] _numbers = [];

    /// <summary>Where each distinct text begins in the bytes, and where the last ends.</summary>
    private readonly int[] _starts = [];

    /// <summary>Which distinct text each value is; empty where each stands once.</summary>
    private readonly int[] _index = [];
    private readonly AttributeValue?[] _made = [];

    public AttributeColumn(AttributeKind kind, int count, byte[] bytes, string file, long offset)
    {
        (_kind, Count, _bytes) = (kind, count, bytes);
        var reader = new ByteReader(bytes, file, offset);
        switch (kind)
        {
            case AttributeKind.Empty:
                break;
            case AttributeKind.Bool or AttributeKind.Int or AttributeKind.Double:
                _numbers = new long[count];
                NumberColumn.Read(ref reader, _numbers);
                break;
            default:
                (_starts, _index) = ReadTexts(ref reader, count);
                _made = new AttributeValue?[_starts.Length - 1];
                break;
        }
    }

    public int Count { get; }

    public AttributeValue At(int position)
    {
        switch (_kind)
        {
            case AttributeKind.Empty:
                return AttributeValue.Empty;
            case AttributeKind.Bool:
                return AttributeValue.OfBool(_numbers[position] != 0);
            case AttributeKind.Int:
                return AttributeValue.OfInt(_numbers[position]);
            case AttributeKind.Double:
                return AttributeValue.OfDouble(BitConverter.Int64BitsToDouble(_numbers[position]));
            default:
                return Distinct(_index.Length == 0 ? position : _index[position]);
        }
    }

    /// <summary>Whether each value satisfies a condition.</summary>
    public bool[] Match(SpanCondition condition)
    {
        var matches = new bool[Count];
        if (condition.Operator == SpanOperator.Exists)
        {
            Array.Fill(matches, true);
        }
        else if (_starts.Length == 0)
        {
            for (var i = 0; i < Count; i++)
            {
                matches[i] = SpanMatch.Compare(At(i), condition);
            }
        }
        else
        {
            MatchTexts(condition, matches);
        }
        return matches;
    }

    /// <summary>Tells of each distinct value.</summary>
    public void Tell(Action<AttributeValue> told)
    {
        if (_starts.Length > 0)
        {
            for (var i = 0; i < _made.Length; i++)
            {
                told(Distinct(i));
            }
            return;
        }
        var before = new HashSet<long>();
        for (var i = 0; i < Count; i++)
        {
            if (_numbers.Length == 0 ? i == 0 : before.Add(_numbers[i]))
            {
                told(At(i));
            }
        }
    }

    private void MatchTexts(SpanCondition condition, bool[] matches)
    {
        var distinct = _index.Length == 0 ? matches : new bool[_made.Length];
        if (_kind == AttributeKind.Text && (condition.Operator == SpanOperator.TextEqual
            || condition is { Operator: SpanOperator.Equal, Value.Kind: AttributeKind.Text }))
        {
            var wanted = System.Text.Encoding.UTF8.GetBytes(condition.Value.ToString());
            for (var i = 0; i < distinct.Length; i++)
            {
                distinct[i] = _bytes.AsSpan(_starts[i], _starts[i + 1] - _starts[i]).SequenceEqual(wanted);
            }
        }
        else
        {
            for (var i = 0; i < distinct.Length; i++)
            {
                distinct[i] = SpanMatch.Compare(Distinct(i), condition);
            }
        }
        for (var i = 0; i < _index.Length; i++)
        {
            matches[i] = distinct[_index[i]];
        }
    }

    private AttributeValue Distinct(int number)
    {
        if (_made[number] is { } made)
        {
            return made;
        }
        var bytes = _bytes.AsSpan(_starts[number], _starts[number + 1] - _starts[number]);
        var value = _kind switch
        {
            AttributeKind.Text => AttributeValue.OfText(System.Text.Encoding.UTF8.GetString(bytes)),
            AttributeKind.Bytes => AttributeValue.OfBytes(Convert.FromHexString(System.Text.Encoding.UTF8.GetString(bytes))),
            _ => AttributeValue.OfJson(_kind, System.Text.Encoding.UTF8.GetString(bytes)),
        };
        _made[number] = value;
        return value;
    }

    private static (int[] Starts, int[] Index) ReadTexts(ref ByteReader reader, int count)
    {
        var form = reader.U8();
        var starts = new int[reader.Count() + 1];
        var total = 0L;
        for (var i = 1; i < starts.Length; i++)
        {
            total += reader.Count(minBytesEach: 1);
            starts[i] = (int)Math.Min(int.MaxValue, total);
        }
        var first = reader.Position;
        reader.Take((int)Math.Min(int.MaxValue, total));
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] += first;
        }
        if (form == TextColumn.Plain)
        {
            return starts.Length == count + 1 ? (starts, []) : throw reader.Corrupt($"{starts.Length - 1} texts of {count}");
        }
        if (form != TextColumn.WithIndex)
        {
            throw reader.Corrupt($"texts of form {form}");
        }
        var index = new int[count];
        var low = reader.Take(count);
        for (var i = 0; i < count; i++)
        {
            index[i] = low[i];
        }
        if (starts.Length - 1 > byte.MaxValue)
        {
            for (var i = 0; i < count; i++)
            {
                index[i] |= (int)reader.UVarint() << 8;
            }
        }
        foreach (var number in index)
        {
            if ((uint)number >= (uint)(starts.Length - 1))
            {
                throw reader.Corrupt($"text {number} of {starts.Length - 1}");
            }
        }
        return (starts, index);
    }
}
