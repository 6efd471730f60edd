using System.Buffers.Binary;
using System.Text;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>Numbers the series that lines belong to by the labels that a grouping leaves of them.</summary>
/// <remarks>Not thread-safe. A line costs a look-up of bytes; labels are made once a series.</remarks>
internal sealed class SeriesKeys
{
    private readonly LabelKey[]? _by;
    private readonly HashSet<LabelKey> _without;
    private readonly ByteKeyTable _keys = new();
    private readonly ByteText _key = new();
    private readonly List<int> _numbers = [];
    private readonly Dictionary<LabelSet, int> _known = [];
    private readonly ShortTexts<int> _short = new();
    private readonly int _max;

    /// <param name="grouping">Null for all labels.</param>
    /// <param name="unwrapped">The label that gave the number, which is no label of the series then; null for none.</param>
    /// <param name="keys">Of the pipeline.</param>
    /// <param name="max">Series allowed.</param>
    public SeriesKeys(LogGrouping? grouping, string? unwrapped, LabelKeys keys, int max)
    {
        _by = grouping is { Without: false } ? [.. grouping.Labels.Distinct(StringComparer.Ordinal).Select(keys.Pin)] : null;
        _without = [.. (grouping?.Labels ?? []).Select(keys.Pin)];
        if (unwrapped is not null)
        {
            _without.Add(keys.Pin(unwrapped));
        }
        _max = max;
    }

    /// <summary>One a series, in the order of their numbers.</summary>
    public List<LabelSet> Labels { get; } = [];

    public int NumberOf(LineLabels labels)
    {
        // By one label of few values: nothing has to be put together.
        if (_by is not [var only] || !ShortTexts<int>.TryPack(labels.TryGet(only, out var value) ? value : default, out var packed))
        {
            return Find(labels);
        }
        if (!_short.TryGet(packed, out var number))
        {
            number = Find(labels);
            _short.Set(packed, number);
        }
        return number;
    }

    /// <summary>The number of a label set.</summary>
    public int Number(LabelSet set)
    {
        if (!_known.TryGetValue(set, out var number))
        {
            if (Labels.Count >= _max)
            {
                throw new LogQueryException(LogQueryErrorKind.Limit, LogLimits.TooManySeries(_max));
            }
            number = Labels.Count;
            Labels.Add(set);
            _known.Add(set, number);
        }
        return number;
    }

    private int Find(LineLabels labels)
    {
        _key.Clear();
        if (_by is not null)
        {
            foreach (var key in _by)
            {
                AddValue(labels.TryGet(key, out var value) ? value : default);
            }
        }
        else
        {
            for (var i = 0; i < labels.Count; i++)
            {
                if (labels.Counts(i) && !_without.Contains(labels.KeyOf(i)))
                {
                    AddValue(labels.KeyOf(i).Utf8);
                    AddValue(labels.ValueOf(i));
                }
            }
        }
        var found = _keys.NumberOf(_key.Written, out var isNew);
        if (isNew)
        {
            _numbers.Add(Number(SetOf(labels)));
        }
        return _numbers[found];
    }

    private LabelSet SetOf(LineLabels labels)
    {
        var found = new List<Label>();
        if (_by is not null)
        {
            foreach (var key in _by)
            {
                if (labels.TryGet(key, out var value))
                {
                    found.Add(new Label(key.Name, Encoding.UTF8.GetString(value)));
                }
            }
        }
        else
        {
            for (var i = 0; i < labels.Count; i++)
            {
                if (labels.Counts(i) && !_without.Contains(labels.KeyOf(i)))
                {
                    found.Add(new Label(labels.KeyOf(i).Name, Encoding.UTF8.GetString(labels.ValueOf(i))));
                }
            }
        }
        return LabelSet.From(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(found));
    }

    private void AddValue(ReadOnlySpan<byte> value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        _key.Add(length);
        _key.Add(value);
    }
}
