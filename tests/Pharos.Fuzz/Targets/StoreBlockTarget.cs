using System.Buffers.Binary;
using Pharos.Fuzz.Mutation;
using Pharos.Storage.Encoding;
using Pharos.Storage.Files;

namespace Pharos.Fuzz.Targets;

/// <summary>A sealed block of the store, as it is and with the checksums of its index put right. A damaged one is set aside or read
/// without what is damaged; a start never fails.</summary>
internal sealed class StoreBlockTarget : FuzzTarget, IDisposable
{
    private const int FooterBytes = 12;
    private const int FirstSectionAt = 52;
    private const int SectionBytes = 20;
    private const int Sections = 4;

    private readonly StoreFiles _store = new();

    public override string Name => "store-block";

    public override InputForm Form => InputForm.Bytes;

    public override long BytesPerInputByte => 20_000;

    public override IEnumerable<byte[]> MadeInputs() => [_store.Written(sealedToo: true)[_store.Block]];

    public override string Run(byte[] input)
    {
        var shape = "";
        foreach (var bytes in new[] { input, Repaired(input) })
        {
            try
            {
                var (samples, complaints) = _store.ReadAll(new MemoryFileSystem { [_store.Block] = bytes }, areSound: false);
                shape += $"{Shape.Of(samples)} {Shape.Of(complaints)}";
            }
            catch (CorruptFileException bad)
            {
                // A query is told that the storage failed.
                shape += Shape.Of(bad.Reason);
            }
        }
        return shape;
    }

    public void Dispose() => _store.Dispose();

    private static byte[] Repaired(byte[] input)
    {
        var bytes = input.ToArray();
        if (bytes.Length < FooterBytes)
        {
            return bytes;
        }
        var footer = bytes.AsSpan(^FooterBytes..);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(footer);
        if (size < FirstSectionAt + (Sections * SectionBytes) || size > bytes.Length - FooterBytes)
        {
            return bytes;
        }
        var contents = bytes.AsSpan(bytes.Length - FooterBytes - (int)size, (int)size);
        for (var i = 0; i < Sections; i++)
        {
            var section = contents[(FirstSectionAt + (i * SectionBytes))..];
            var (offset, length) = (BinaryPrimitives.ReadUInt64LittleEndian(section), BinaryPrimitives.ReadUInt64LittleEndian(section[8..]));
            if (offset <= (ulong)bytes.Length && length <= (ulong)bytes.Length - offset)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(section[16..], Crc32C.Of(bytes.AsSpan((int)offset, (int)length)));
            }
        }
        BinaryPrimitives.WriteUInt32LittleEndian(footer[4..], Crc32C.Of(contents));
        return bytes;
    }
}
