namespace Pharos.Storage.Files;

/// <summary>A file that only grows, but for <see cref="Truncate"/>.</summary>
/// <remarks>Not thread-safe, except that <see cref="Sync"/> may run beside one writer.</remarks>
internal interface IAppendFile : IDisposable
{
    long SizeBytes { get; }

    /// <summary>Hands the bytes to the operating system: from then on they survive the end of the process.</summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything appended before survives a power cut.</summary>
    void Sync();

    /// <summary>Takes back what was appended beyond a size.</summary>
    void Truncate(long sizeBytes);
}
