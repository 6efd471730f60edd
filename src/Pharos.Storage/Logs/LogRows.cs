namespace Pharos.Storage.Logs;

/// <summary>Decoded columns of a block, a row an entry.</summary>
/// <remarks>Immutable, thread-safe, and good for as long as it is held, unless it was borrowed (<see cref="BorrowedRows"/>): then until it is given
/// back. <see cref="Lines"/> is every line followed by one newline, so that a text without newline can be searched in all lines at once; a line
/// may have newlines inside, only <see cref="LineEnds"/> tells lines apart.</remarks>
public sealed class LogRows(
    ReadOnlyMemory<long> timesNs, ReadOnlyMemory<byte> lines, ReadOnlyMemory<int> lineEnds, IReadOnlyList<LogMetadataColumn> metadata,
    ReadOnlyMemory<bool> deleted)
{
    private bool _isGivenBack;

    /// <exception cref="ObjectDisposedException">The rows were given back.</exception>
    public ReadOnlySpan<long> TimesNs
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isGivenBack, this);
            return timesNs.Span;
        }
    }

    /// <exception cref="ObjectDisposedException">The rows were given back.</exception>
    public ReadOnlySpan<byte> Lines
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isGivenBack, this);
            return lines.Span;
        }
    }

    /// <summary>Where each line ends in <see cref="Lines"/>, its newline not included; the next begins one byte later.</summary>
    /// <exception cref="ObjectDisposedException">The rows were given back.</exception>
    public ReadOnlySpan<int> LineEnds
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isGivenBack, this);
            return lineEnds.Span;
        }
    }

    /// <summary>One column a name, sorted by name.</summary>
    public IReadOnlyList<LogMetadataColumn> Metadata => metadata;

    /// <exception cref="ObjectDisposedException">The rows were given back.</exception>
    public ReadOnlySpan<byte> Line(int row)
    {
        var ends = LineEnds;
        var start = row == 0 ? 0 : ends[row - 1] + 1;
        return lines.Span[start..ends[row]];
    }

    /// <summary>Whether the row was deleted and must not be shown.</summary>
    public bool IsDeleted(int row) => deleted.Length > 0 && deleted.Span[row];

    /// <summary>Whether some row was deleted.</summary>
    public bool HasDeleted => deleted.Span.Contains(true);

    /// <summary>The same rows, of which some are marked.</summary>
    internal LogRows With(ReadOnlyMemory<bool> marked) => new(timesNs, lines, lineEnds, metadata, marked);

    /// <summary>Refuses to be read from now on: the memory belongs to others.</summary>
    internal void GiveBack()
    {
        _isGivenBack = true;
        foreach (var column in metadata)
        {
            column.GiveBack();
        }
    }
}
