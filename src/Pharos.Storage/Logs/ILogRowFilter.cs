namespace Pharos.Storage.Logs;

/// <summary>Decides on one row of a block. Thread-safe.</summary>
public interface ILogRowFilter
{
    bool Matches(LogStream stream, LogRows rows, int row);
}
