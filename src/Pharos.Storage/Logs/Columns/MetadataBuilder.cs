namespace Pharos.Storage.Logs.Columns;

/// <summary>The structured metadata of the rows of a block, by columns.</summary>
/// <remarks>Not thread-safe. Bounded by the block's rows and bytes.</remarks>
internal sealed class MetadataBuilder
{
    private readonly Dictionary<string, MetadataColumnBuilder> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<LogMetadataColumn, (MetadataColumnBuilder Column, int[] Numbers)> _translations = [];

    public IReadOnlyCollection<MetadataColumnBuilder> Columns => _columns.Values;

    public int TextBytes
    {
        get
        {
            var bytes = 0;
            foreach (var column in _columns.Values)
            {
                bytes += column.TextBytes;
            }
            return bytes;
        }
    }

    public MetadataColumnBuilder Column(string name)
    {
        if (!_columns.TryGetValue(name, out var column))
        {
            _columns.Add(name, column = new MetadataColumnBuilder(name));
        }
        return column;
    }

    /// <summary>Takes over the rows [<paramref name="first"/>, <paramref name="first"/> + <paramref name="count"/>) of decoded columns as the rows from
    /// <paramref name="row"/> on.</summary>
    public void Append(IReadOnlyList<LogMetadataColumn> from, int first, int count, int row)
    {
        foreach (var source in from)
        {
            var numbers = source.Numbers.Slice(first, count);
            if (numbers.IndexOfAnyExcept(-1) < 0)
            {
                continue;
            }
            if (!_translations.TryGetValue(source, out var translation))
            {
                translation = (Column(source.Name), new int[source.Values]);
                _translations.Add(source, translation);
            }
            for (var i = 0; i < numbers.Length; i++)
            {
                if (numbers[i] < 0)
                {
                    continue;
                }
                ref var known = ref translation.Numbers[numbers[i]];
                if (known == 0)
                {
                    known = translation.Column.NumberOf(source.Value(numbers[i])) + 1;
                }
                translation.Column.SetNumber(row + i, known - 1);
            }
        }
    }

    /// <summary>The columns over so many rows, sorted by name; the builder is empty again.</summary>
    public LogMetadataColumn[] Build(int rows)
    {
        var built = new LogMetadataColumn[_columns.Count];
        var at = 0;
        foreach (var column in _columns.Values)
        {
            built[at++] = column.Build(rows);
        }
        Array.Sort(built, static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        _columns.Clear();
        _translations.Clear();
        return built;
    }
}
