using Pharos.Storage.Encoding;

namespace Pharos.Storage.Files;

/// <summary>A small file that says the same twice, each half behind a magic number, a version and a checksum: one flipped bit loses nothing.</summary>
/// <remarks>Replaced as a whole, so each change is there or not.</remarks>
internal sealed class TwinFile(string path, uint magic, uint version)
{
    private const string TemporarySuffix = ".tmp";
    private const int HeaderBytes = 12;
    private const int Copies = 2;

    /// <summary>Reads what one half says.</summary>
    /// <exception cref="CorruptFileException">It says nothing that can be.</exception>
    public delegate T Parse<T>(ref ByteReader reader);

    /// <summary>Written beside, synced and renamed: a failure leaves the old one. It outlives a power cut once the folder is synced.</summary>
    public void Write(IFileSystem files, Action<ByteWriter> content)
    {
        var into = new ByteWriter();
        for (var copy = 0; copy < Copies; copy++)
        {
            var start = into.Length;
            into.U32(magic);
            into.U32(version);
            into.U32(0);
            content(into);
            into.PatchU32(start + 8, Crc32C.Of(into.Written[(start + HeaderBytes)..]));
        }
        using (var file = files.Create(path + TemporarySuffix))
        {
            file.Append(into.Written);
            file.Sync();
        }
        files.Rename(path + TemporarySuffix, path);
    }

    /// <param name="damage">What is wrong with a half where the other serves, or with both.</param>
    /// <returns>Null where there is no file, or no half can be read.</returns>
    public T? Read<T>(IFileSystem files, Parse<T> parse, out string? damage)
        where T : class
    {
        damage = null;
        if (!files.Exists(path))
        {
            return null;
        }
        byte[] bytes;
        using (var file = files.OpenRead(path))
        {
            bytes = new byte[(int)Math.Min(file.SizeBytes, int.MaxValue)];
            file.Read(0, bytes);
        }
        var half = bytes.Length / Copies;
        T? found = null;
        for (var copy = 0; copy < Copies; copy++)
        {
            try
            {
                var read = ReadCopy(bytes.AsSpan(copy * half, half), copy * half, parse);
                found ??= read;
            }
            catch (CorruptFileException exception)
            {
                damage = exception.Message;
            }
        }
        damage ??= bytes.Length % Copies == 0 ? null : "an odd length";
        return found;
    }

    private T ReadCopy<T>(ReadOnlySpan<byte> bytes, long offset, Parse<T> parse)
    {
        var reader = new ByteReader(bytes, path, offset);
        if (reader.U32() != magic || reader.U32() != version)
        {
            throw reader.Corrupt("the magic number or version is not known");
        }
        if (reader.U32() != Crc32C.Of(bytes[HeaderBytes..]))
        {
            throw reader.Corrupt("the checksum is wrong");
        }
        return parse(ref reader);
    }
}
