namespace Pharos.Storage.Files;

/// <summary>A file open for reading at any place. Thread-safe.</summary>
internal interface IReadFile : IDisposable
{
    long SizeBytes { get; }

    /// <summary>Fills the whole of <paramref name="into"/> from a place in the file.</summary>
    /// <exception cref="CorruptFileException">The file ends before.</exception>
    void Read(long offset, Span<byte> into);
}
