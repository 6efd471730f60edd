namespace Pharos.Storage.Logs;

/// <summary>Decoded columns of a block, a row an entry.</summary>
/// <remarks>Immutable, thread-safe, and good for as long as it is held. <see cref="Lines"/> is every line followed by one newline, so
/// that a text without newline can be searched in all lines at once; a line may have newlines inside, only
/// <see cref="LineEnds"/> tells lines apart.</remarks>
public sealed class LogRows(
    ReadOnlyMemory<long> timesNs, ReadOnlyMemory<byte> lines, ReadOnlyMemory<int> lineEnds, IReadOnlyList<LogMetadataColumn> metadata,
    ReadOnlyMemory<bool> deleted)
{
    public ReadOnlySpan<long> TimesNs => timesNs.Span;

    public ReadOnlySpan<byte> Lines => lines.Span;

    /// <summary>Where each line ends in <see cref="Lines"/>, its newline not included; the next begins one byte later.</summary>
    public ReadOnlySpan<int> LineEnds => lineEnds.Span;

    /// <summary>One column a name, sorted by name.</summary>
    public IReadOnlyList<LogMetadataColumn> Metadata => metadata;

    public ReadOnlySpan<byte> Line(int row)
    {
        var ends = lineEnds.Span;
        var start = row == 0 ? 0 : ends[row - 1] + 1;
        return lines.Span[start..ends[row]];
    }

    /// <summary>Whether the row was deleted and must not be shown.</summary>
    public bool IsDeleted(int row) => deleted.Length > 0 && deleted.Span[row];

    /// <summary>Whether some row was deleted.</summary>
    public bool HasDeleted => deleted.Span.Contains(true);

    /// <summary>The same rows, of which some are marked.</summary>
    internal LogRows With(ReadOnlyMemory<bool> marked) => new(timesNs, lines, lineEnds, metadata, marked);
}
