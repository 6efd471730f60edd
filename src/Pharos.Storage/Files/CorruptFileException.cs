namespace Pharos.Storage.Files;

/// <summary>Bytes on disk that are not what was written: the file, where in it, and what is wrong.</summary>
public sealed class CorruptFileException(string file, long offset, string reason)
    : IOException($"{file} is corrupt at byte {offset}: {reason}")
{
    public string File { get; } = file;

    public long Offset { get; } = offset;

    public string Reason { get; } = reason;
}
