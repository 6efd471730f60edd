using Pharos.Storage.Encoding;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Structured metadata as it stands in a block, before it is packed: a column a name, values in the order of their first rows.</summary>
/// <remarks>For each row 0 for the value after the highest so far, 1 for none, n + 2 for value n: a column that is the same throughout, and one that never
/// repeats, are one byte over and over, which packs to nothing.</remarks>
internal static class MetadataColumns
{
    private const int NextValue = 0;
    private const int Absent = 1;
    private const int FirstKnown = 2;

    public static void Write(IReadOnlyList<LogMetadataColumn> columns, ByteWriter into)
    {
        into.UVarint((ulong)columns.Count);
        foreach (var column in columns)
        {
            into.Text(column.Name);
            into.UVarint((ulong)column.Values);
            for (var i = 0; i < column.Values; i++)
            {
                into.UVarint((ulong)column.Value(i).Length);
            }
            for (var i = 0; i < column.Values; i++)
            {
                into.Bytes(column.Value(i));
            }
            var next = 0;
            foreach (var number in column.Numbers)
            {
                into.UVarint(number < 0 ? Absent : number == next ? NextValue : (ulong)number + FirstKnown);
                next = Math.Max(next, number + 1);
            }
        }
    }

    /// <param name="bytes">The column's values stay in them.</param>
    /// <param name="rows">Of the block.</param>
    /// <param name="arrays">What the columns' other arrays come from.</param>
    /// <param name="path">Named in the exception.</param>
    /// <param name="offset">Where in the file the bytes were packed.</param>
    /// <exception cref="Files.CorruptFileException">They make no sense for so many rows.</exception>
    public static LogMetadataColumn[] Read(ReadOnlyMemory<byte> bytes, int rows, RowArrays arrays, string path, long offset)
    {
        if (bytes.Length == 0)
        {
            return [];
        }
        var reader = new ByteReader(bytes.Span, path, offset);
        var columns = new LogMetadataColumn[reader.Count(minBytesEach: 3)];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = ReadColumn(ref reader, bytes, rows, arrays);
        }
        return columns;
    }

    private static LogMetadataColumn ReadColumn(ref ByteReader reader, ReadOnlyMemory<byte> bytes, int rows, RowArrays arrays)
    {
        var name = reader.Text();
        var endsMemory = arrays.Numbers(reader.Count());
        var ends = endsMemory.Span;
        var end = 0L;
        for (var i = 0; i < ends.Length; i++)
        {
            end += (long)Math.Min(reader.UVarint(), int.MaxValue);
            ends[i] = end <= bytes.Length ? (int)end : throw reader.Corrupt($"values of {end} bytes");
        }
        var start = reader.Position;
        reader.Take((int)end);
        if (reader.Remaining < rows)
        {
            throw reader.Corrupt($"{reader.Remaining} bytes for {rows} rows");
        }
        var numbersMemory = arrays.Numbers(rows);
        var numbers = numbersMemory.Span;
        var next = 0;
        for (var row = 0; row < rows; row++)
        {
            var code = reader.UVarint();
            var number = code switch
            {
                NextValue => next,
                Absent => -1,
                _ => (int)Math.Min(code - FirstKnown, int.MaxValue),
            };
            if (number >= ends.Length)
            {
                throw reader.Corrupt($"value {number} of {ends.Length}");
            }
            next = Math.Max(next, number + 1);
            numbers[row] = number;
        }
        return new LogMetadataColumn(name, numbersMemory, bytes.Slice(start, (int)end), endsMemory);
    }
}
