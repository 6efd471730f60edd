namespace Pharos.Collection.RemoteStorage.Reading;

/// <summary>A remote read that cannot be answered.</summary>
/// <param name="status">The HTTP status that says so.</param>
public sealed class RemoteReadException(int status, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;
}
