using System.Buffers;
using Pharos.Storage.Encoding;
using Pharos.Storage.Encoding.Vectors;

namespace Pharos.Storage.Logs.Blocks;

/// <summary>Times of a block's rows: of each run the first as its distance to the one before, the others as distances in the run, in
/// packed columns of up to <see cref="ColumnRows"/>.</summary>
internal static class TimesColumn
{
    public const int ColumnRows = 1024;

    public static void Write(ReadOnlySpan<long> timesNs, ByteWriter into)
    {
        Span<long> listed = stackalloc long[PackedColumn.MaxListed];
        var differences = ArrayPool<long>.Shared.Rent(ColumnRows);
        var scratch = ArrayPool<ulong>.Shared.Rent(ColumnRows);
        var last = 0L;
        for (var from = 0; from < timesNs.Length; from += ColumnRows)
        {
            var rows = timesNs[from..Math.Min(from + ColumnRows, timesNs.Length)];
            var column = differences.AsSpan(0, rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                column[i] = unchecked(rows[i] - last);
                last = rows[i];
            }
            var draft = PackedColumn.DraftOf(column, listed);
            PackedColumn.Write(draft, column, scratch, into);
        }
        ArrayPool<long>.Shared.Return(differences);
        ArrayPool<ulong>.Shared.Return(scratch);
    }

    public static void Read(ref ByteReader reader, Span<long> into)
    {
        var last = 0L;
        for (var from = 0; from < into.Length; from += ColumnRows)
        {
            var column = into[from..Math.Min(from + ColumnRows, into.Length)];
            PackedColumn.Read(ref reader, column.Length, 0, column);
            foreach (ref var time in column)
            {
                time = last = unchecked(last + time);
            }
        }
    }
}
