using Pharos.Storage.Files;

namespace Pharos.Collection.Shipping.Files;

/// <summary>What is in an open file, unpacked.</summary>
/// <remarks>Not thread-safe. Follows the file whatever its name becomes.</remarks>
internal interface IContent : IDisposable
{
    FileStatus Status();

    /// <summary>Reads from an offset of the unpacked content; 0 at its end, which may grow.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not packed as it should be, or not whole yet.</exception>
    int Read(Span<byte> buffer, long offset);
}
