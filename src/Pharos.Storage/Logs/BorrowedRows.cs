namespace Pharos.Storage.Logs;

/// <summary>Rows of a block in memory that is used again: whoever borrowed them disposes this when done, once and on one thread.</summary>
/// <remarks>Afterwards times, lines and metadata of <see cref="Rows"/> throw <see cref="ObjectDisposedException"/>. What was taken out of them before,
/// spans above all, is not to be looked at any more.</remarks>
public sealed class BorrowedRows : IDisposable
{
    private readonly IDisposable? _memory;
    private bool _isDisposed;

    /// <summary>Rows with memory of their own, or of whoever holds them: disposing leaves them as they are.</summary>
    public BorrowedRows(LogRows rows) => Rows = rows;

    /// <param name="memory">What the rows lie in; disposed once they refuse to be read.</param>
    internal BorrowedRows(LogRows rows, IDisposable memory) => (Rows, _memory) = (rows, memory);

    public LogRows Rows { get; }

    public void Dispose()
    {
        if (_memory is null || _isDisposed)
        {
            return;
        }
        _isDisposed = true;
        Rows.GiveBack();
        _memory.Dispose();
    }
}
