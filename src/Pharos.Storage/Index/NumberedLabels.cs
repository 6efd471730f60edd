using Pharos.Storage.Model;

namespace Pharos.Storage.Index;

/// <summary>Many label sets, each as the numbers of its labels: a quarter of the memory, and no work for the collector.</summary>
/// <remarks>Filled by one thread; afterwards it is only read, by any.</remarks>
internal sealed class NumberedLabels
{
    private readonly List<Label> _labels = [];
    private int[] _ends;
    private int[] _numbers;
    private int _numberCount;

    /// <param name="expectedCount">How many sets may come.</param>
    public NumberedLabels(int expectedCount)
    {
        _ends = new int[expectedCount];
        _numbers = new int[expectedCount * 8];
    }

    /// <summary>How many sets there are.</summary>
    public int Count { get; private set; }

    /// <summary>By number. Some may be equal, most are not.</summary>
    public IReadOnlyList<Label> Labels => _labels;

    /// <summary>The numbers of a set's labels, in the order of its labels.</summary>
    public ReadOnlySpan<int> this[int set] => _numbers.AsSpan(set == 0 ? 0 : _ends[set - 1], _ends[set] - (set == 0 ? 0 : _ends[set - 1]));

    /// <summary>The number of a label that was not there before.</summary>
    public int AddLabel(Label label)
    {
        _labels.Add(label);
        return _labels.Count - 1;
    }

    /// <summary>Room for the numbers of one more set, to be filled in.</summary>
    public Span<int> AddSet(int labels)
    {
        if (_numberCount + labels > _numbers.Length)
        {
            Array.Resize(ref _numbers, Math.Max(_numberCount + labels, _numbers.Length * 2));
        }
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Math.Max(4, _ends.Length * 2));
        }
        var numbers = _numbers.AsSpan(_numberCount, labels);
        _numberCount += labels;
        _ends[Count++] = _numberCount;
        return numbers;
    }

    public LabelSet SetAt(int set)
    {
        var numbers = this[set];
        var labels = new Label[numbers.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = _labels[numbers[i]];
        }
        return new LabelSet(labels);
    }
}
