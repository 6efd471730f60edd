using Pharos.Storage.Index;
using Pharos.Storage.Model;
using MatchType = Pharos.Storage.Model.MatchType;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>The inverted index of a block, read from its file: only the label names, and the place of each so-manieth value, are in
/// memory.</summary>
/// <remarks>Immutable and thread-safe; its section was checked when the block was opened. A name's values are in their order.</remarks>
internal sealed class BlockPostings : IPostingSource
{
    /// <summary>The place of each so-manieth value of a name is known; those between are stepped over.</summary>
    private const int Step = 32;

    private readonly SortedDictionary<string, Values> _names = new(StringComparer.Ordinal);
    private readonly BlockSection _section;
    private readonly BlockTexts _texts;
    private readonly int _seriesCount;

    /// <exception cref="Files.CorruptFileException">The section contradicts itself.</exception>
    public BlockPostings(BlockSection section, BlockTexts texts, int seriesCount)
    {
        (_section, _texts, _seriesCount) = (section, texts, seriesCount);
        using var cursor = section.At(0);
        for (var left = cursor.Count(); left > 0; left--)
        {
            var name = texts[cursor.Below(texts.Count)];
            var values = new Values(cursor.Count(minBytesEach: 3));
            for (var i = 0; i < values.Count; i++)
            {
                if (i % Step == 0)
                {
                    values.Places[i / Step] = cursor.Position;
                }
                var entry = new Entry(this, cursor);
                cursor.Position = entry.EndPlace;
            }
            _names.Add(name, values);
        }
    }

    public IReadOnlyCollection<string> Names => _names.Keys;

    public void AddAll(IdSet into)
    {
        for (var id = 0; id < _seriesCount; id += 1 << IdSet.BlockBits)
        {
            var words = into.Block((ulong)id >> IdSet.BlockBits);
            var count = Math.Min(_seriesCount - id, 1 << IdSet.BlockBits);
            words[..(count / 64)].Fill(ulong.MaxValue);
            if (count % 64 != 0)
            {
                words[count / 64] |= (1UL << (count % 64)) - 1;
            }
        }
    }

    /// <summary>Every value of a label, in their order.</summary>
    public IReadOnlyCollection<string> ValuesOf(string name)
    {
        if (!_names.TryGetValue(name, out var values))
        {
            return [];
        }
        var texts = new string[values.Count];
        using var cursor = _section.At(values.Places[0]);
        for (var i = 0; i < texts.Length; i++)
        {
            var entry = new Entry(this, cursor);
            texts[i] = _texts[entry.Value];
            cursor.Position = entry.EndPlace;
        }
        return texts;
    }

    public void AddIds(string name, string value, IdSet into)
    {
        if (!_names.TryGetValue(name, out var values))
        {
            return;
        }
        var first = GroupOf(values, value) * Step;
        using var cursor = _section.At(values.Places[first / Step]);
        for (var i = first; i < Math.Min(first + Step, values.Count); i++)
        {
            var entry = new Entry(this, cursor);
            var order = string.CompareOrdinal(_texts[entry.Value], value);
            if (order >= 0)
            {
                if (order == 0)
                {
                    AddIds(entry, cursor, into);
                }
                return;
            }
            cursor.Position = entry.EndPlace;
        }
    }

    public void AddMatching(LabelMatcher matcher, bool wanted, IdSet into, CancellationToken cancellation)
    {
        if (!_names.TryGetValue(matcher.Name, out var values))
        {
            return;
        }
        // Where only values are wanted that begin in some way, the others are not looked at.
        var prefix = wanted == (matcher.Type == MatchType.Regex) ? matcher.LiteralPrefix : "";
        var first = prefix.Length == 0 ? 0 : GroupOf(values, prefix) * Step;
        using var cursor = _section.At(values.Places[first / Step]);
        for (var i = first; i < values.Count; i++)
        {
            if ((i & 0xfff) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            var entry = new Entry(this, cursor);
            var value = _texts[entry.Value];
            if (matcher.Matches(value) == wanted)
            {
                AddIds(entry, cursor, into);
            }
            else if (prefix.Length > 0 && string.CompareOrdinal(value, prefix) > 0 && !value.StartsWith(prefix, StringComparison.Ordinal))
            {
                return;
            }
            cursor.Position = entry.EndPlace;
        }
    }

    /// <summary>The last group whose first value is not behind a text; the first where there is none.</summary>
    private int GroupOf(Values values, string text)
    {
        var (low, high) = (0, values.Places.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            using var cursor = _section.At(values.Places[middle]);
            (low, high) = string.CompareOrdinal(_texts[cursor.Below(_texts.Count)], text) <= 0 ? (middle, high) : (low, middle - 1);
        }
        return low;
    }

    private void AddIds(in Entry entry, SectionCursor cursor, IdSet into)
    {
        var id = 0UL;
        var key = ulong.MaxValue;
        Span<ulong> words = default;
        for (var i = 0; i < entry.Count; i++)
        {
            id += cursor.UVarint();
            if (id >= (ulong)_seriesCount)
            {
                throw cursor.Corrupt($"series {id} of {_seriesCount}");
            }
            if (id >> IdSet.BlockBits != key)
            {
                key = id >> IdSet.BlockBits;
                words = into.Block(key);
            }
            words[(int)(id & ((1 << IdSet.BlockBits) - 1)) >> 6] |= 1UL << (int)(id & 63);
        }
    }

    /// <summary>What stands before the series of a value; the cursor then stands before them.</summary>
    private readonly struct Entry
    {
        public Entry(BlockPostings postings, SectionCursor cursor)
        {
            Value = cursor.Below(postings._texts.Count);
            Count = cursor.Below(postings._seriesCount + 1);
            var sizeBytes = cursor.Count();
            EndPlace = cursor.Position + sizeBytes;
        }

        /// <summary>The number of its text.</summary>
        public int Value { get; }

        public int Count { get; }

        public int EndPlace { get; }
    }

    private sealed class Values(int count)
    {
        public int Count { get; } = count;

        /// <summary>In the section, of each so-manieth value from the first on.</summary>
        public int[] Places { get; } = new int[Math.Max(1, (count + Step - 1) / Step)];
    }
}
