namespace Pharos.Storage.Logs;

/// <summary>The unit of a scan: some MB of lines of one or of many streams, decoded at once or not at all.</summary>
/// <remarks>Thread-safe for reads; valid until its querier is disposed. Rows are entries; those of a stream are neighbours, sorted by
/// time.</remarks>
public interface ILogBlock
{
    /// <summary>The rows of the streams that were asked for. They may reach beyond the querier's range: readers compare times.</summary>
    IReadOnlyList<LogRun> Runs { get; }

    /// <summary>Time of the oldest row of <see cref="Runs"/>, or earlier.</summary>
    long MinTimeNs { get; }

    /// <summary>Time of the newest row of <see cref="Runs"/>, or later; inclusive.</summary>
    long MaxTimeNs { get; }

    /// <summary>False only if no line of the block holds the text, whatever the case of its ASCII letters. Costs much less than reading.</summary>
    /// <remarks>Knows words of three bytes and more, and ids (letters, digits, '-' and '_') of sixteen and more.</remarks>
    bool MayContain(ReadOnlySpan<byte> text);

    /// <summary>False only if no row has this value of structured metadata.</summary>
    bool MayHaveMetadata(string name, ReadOnlySpan<byte> value);

    /// <summary>Whether a read came upon damage: the block is left out by whoever asks next.</summary>
    bool IsDamaged => false;

    /// <summary>Every name of structured metadata that a row has, perhaps more; null where that is not known without reading.</summary>
    IReadOnlyCollection<string>? MetadataNames => null;

    /// <summary>Whether <paramref name="minutes"/> says how many entries and bytes a run has, without anything being decoded. It does
    /// not where entries were deleted from it.</summary>
    bool TryMinutes(in LogRun run, out ReadOnlySpan<LogMinute> minutes);

    /// <summary>Decodes columns; what was not asked for is empty. Deleted entries are marked, see <see cref="LogRows.IsDeleted"/>.</summary>
    /// <exception cref="Files.CorruptFileException">The block is damaged; the rest of the store goes on.</exception>
    LogRows Read(LogColumns columns);

    /// <summary>As <see cref="Read"/>, for readers that are done with the rows soon: the memory is used again.</summary>
    /// <exception cref="Files.CorruptFileException">The block is damaged; the rest of the store goes on.</exception>
    BorrowedRows Borrow(LogColumns columns) => new(Read(columns));
}
