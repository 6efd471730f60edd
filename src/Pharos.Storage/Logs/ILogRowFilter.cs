namespace Pharos.Storage.Logs;

/// <summary>Decides on rows of a block. Thread-safe.</summary>
public interface ILogRowFilter
{
    /// <summary>Sets those of <paramref name="taken"/> whose rows it takes; what is set already stays.</summary>
    /// <param name="rows">With all columns.</param>
    /// <param name="first">The row of the stream that the first of <paramref name="taken"/> is about.</param>
    void Take(LogStream stream, LogRows rows, int first, Span<bool> taken);
}
